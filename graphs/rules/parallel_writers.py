"""DAT106 parallel-writers: two nodes that run side by side fill the same place.

Which of them comes last is chance, so the result changes from run to run. This concerns one input fed
from two branches, one workflow output filled by two finishes, and one state variable that keeps the last value.

Wrong: ``flow: [start -> a, start -> b, ...]`` with ``data: [a.answer -> finish.answer, b.answer -> finish.answer]``
Right: an output or a prompt variable for each, or one branch after the other
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.state_writes import written
from graphs.rules.subject import Feed, Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    yield from _state_writers(subject)
    for (id, name), feeds in subject.feeds_into.items():
        pair = _racing(subject, feeds)
        if pair:
            yield _found(id, name, f"{pair[0].text} and {pair[1].text}", pair[0].source, pair[1].source)
    for name, feeds in _outputs(subject).items():
        for position, first in enumerate(feeds):
            for second in feeds[position + 1 :]:
                if first.target != second.target and subject.flow.concurrent(first.target, second.target):
                    yield _found(second.target, name, f"{first.text} and {second.text}", first.target, second.target)


def _state_writers(subject: Subject) -> Iterator[Diagnostic]:
    """Side by side in one step, two writes to a variable that keeps the last end the run."""
    writers: dict[str, list[str]] = defaultdict(list)
    for id in (each for each in subject.specs if each in subject.flow.reachable):
        for _, name in written(subject, id):
            declared = subject.document.state.get(name)
            if declared is not None and declared.reducer == "last" and id not in writers[name]:
                writers[name].append(id)
    for name, ids in writers.items():
        for position, first in enumerate(ids):
            for second in ids[position + 1 :]:
                if subject.flow.concurrent(first, second):
                    yield finding(
                        "DAT106", f"{first} and {second} run side by side and both write the state variable {name}",
                        "Give it a reducer (append, merge, add), or run one after the other.",
                        place=Place(node=second), short=f"{name}: two writers", severity="error",
                    )  # fmt: skip


def _racing(subject: Subject, feeds: Sequence[Feed]) -> tuple[Feed, Feed] | None:
    for position, first in enumerate(feeds):
        for second in feeds[position + 1 :]:
            if first.source != second.source and subject.flow.concurrent(first.source, second.source):
                return first, second
    return None


def _outputs(subject: Subject) -> dict[str, list[Feed]]:
    """Workflow output -> what feeds it, over all finishes."""
    found: dict[str, list[Feed]] = defaultdict(list)
    for feed in subject.feeds:
        if feed.target in subject.finishes:
            found[feed.input.name].append(feed)
    return found


def _found(id: str, name: str, edges: str, first: str, second: str) -> Diagnostic:
    return finding(
        "DAT106", f"{first} and {second} run side by side and both fill {name}: which counts is chance ({edges})",
        "Give each its own place, or run one after the other.", place=Place(node=id, port=name),
        short=f"{name}: two writers",
    )  # fmt: skip
