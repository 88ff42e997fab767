"""What a replay came to: where it departs from its recording, for people and for programs."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from graphs.document import Document
from graphs.replay_doors import TAKEN
from graphs.replay_matching import ANSWERED, Departure, Matcher, same
from graphs.replay_recording import ENDED, RecordedSpan, Recording
from graphs.segment import Ending
from graphs.word_diff import as_text, word_diff

LONGEST: Final = 400
"""Characters of a value that a report shows."""


@dataclass(frozen=True)
class Report:
    """A replay beside its recording."""

    number: str
    visits: int
    """Node visits of the recording that were run again."""
    status: str
    outputs: dict[str, Any] | None
    departures: tuple[Departure, ...]
    """In the order of the recorded run; the first is the point of divergence."""
    same_nodes: tuple[str, ...]
    """Nodes whose visits all asked and gave the same."""
    new_nodes: tuple[str, ...]
    """In the workflow, and not in the recorded one."""
    gone_nodes: tuple[str, ...]
    not_reached: tuple[str, ...]
    """Nodes that ran in the recording and that the replay ended before."""

    @property
    def same(self) -> bool:
        """Whether outputs and path are those of the recording."""
        return not self.departures

    def as_dict(self) -> dict[str, Any]:
        """As JSON data; ``first`` is the point of divergence, ``prompt_diff`` that of the first changed prompt."""
        told = [_told(each) for each in self.departures]
        lists = {key: list(getattr(self, key)) for key in ("same_nodes", "new_nodes", "gone_nodes", "not_reached")}
        return {
            "run": self.number, "same": self.same, "status": self.status, "outputs": self.outputs,
            "visits": self.visits, "first": told[0] if told else None, "departures": told,
            "prompt_diff": self.prompt_diff, **lists,
        }  # fmt: skip

    @property
    def prompt_diff(self) -> str | None:
        """The words that changed in the first prompt that did."""
        changed = next((each for each in self.departures if each.kind == "prompt"), None)
        return None if changed is None else word_diff(as_text(changed.recorded), as_text(changed.now))

    def lines(self) -> list[str]:
        """The report for a person."""
        if self.same:
            return [f"{self.number} replays exactly: {self.visits} node visits, the same outputs."]
        first, *rest = self.departures
        found = [f"{self.number} departs at {place_of(first)}: {first.what}.", *_shown(first)]
        found += [f"Also at {place_of(each)}: {each.what}." for each in rest]
        diff = self.prompt_diff
        if diff is not None and first.kind != "prompt":
            found += ["The first prompt that changed:", *_indented(diff)]
        for title, ids in (
            ("New nodes", self.new_nodes), ("Nodes gone", self.gone_nodes), ("Same", self.same_nodes),
            ("Not reached", self.not_reached),
        ):  # fmt: skip
            found += [f"{title}: {', '.join(ids)}"] if ids else []
        return found


def report_of(recording: Recording, document: Document, matcher: Matcher, ending: Ending) -> Report:
    """The report of a replay that has ended."""
    departures = [*_settings(recording, document), *matcher.departures]
    if matcher.stopped is None:
        departures += _ended(recording, ending)
    ended_alike = matcher.stopped is None and not departures and recording.status != "done"
    left = [span for span in recording.spans if _is_left(span, matcher)]
    if matcher.stopped is None and not ended_alike:
        departures += [_missing(span) for span in left]
    departures.sort(key=lambda each: each.rank)
    ran = [span for span in recording.spans if span.operation == "invoke_node" and span.id in matcher.met]
    unmet = {span.node_id for span in left if span.operation == "invoke_node"}
    names = dict.fromkeys(str(span.node_id) for span in recording.spans if span.operation == "invoke_node")
    departed = {each.node for each in departures} | unmet
    then, now = set(recording.document.nodes), set(document.nodes)
    return Report(
        number=recording.number, visits=len(ran), departures=tuple(departures),
        status=ending.status if matcher.stopped is None else "departed", outputs=ending.outputs,
        same_nodes=tuple(name for name in names if name not in departed and any(s.node_id == name for s in ran)),
        new_nodes=tuple(sorted(now - then)), gone_nodes=tuple(sorted(then - now)),
        not_reached=tuple(name for name in names if name in unmet and name in now),
    )  # fmt: skip


def _is_left(span: RecordedSpan, matcher: Matcher) -> bool:
    """Whether the replay should have met the span, and did not: what stands below it is not told apart."""
    return span.id not in matcher.met and span.parent in matcher.met and not span.in_tool and span.status in ENDED


def _missing(span: RecordedSpan) -> Departure:
    kind, what = "missing", "ran in the recording and does not run"
    if span.operation in ANSWERED:
        kind, what = "unasked", f"does not ask {ANSWERED[span.operation]} ({span.name}) as it did"
    return Departure(kind, what, span.node_id, span.visit, span.item, recorded=span.input, rank=span.id)


def _settings(recording: Recording, document: Document) -> Iterator[Departure]:
    """Changed nodes of those that are taken from the recording whole, so that running them shows nothing."""
    first = {span.node_id: span.id for span in reversed(recording.spans) if span.operation == "invoke_node"}
    for id, node in document.nodes.items():
        before = recording.document.nodes.get(id)
        if before is None or node.kind not in TAKEN or id not in first or same(before.config, node.config):
            continue
        yield Departure("settings", "has other settings", id, 1, None, before.config, node.config, first[id])


def _ended(recording: Recording, ending: Ending) -> Iterator[Departure]:
    then = {"status": recording.status, "outputs": recording.outputs, "error": (recording.error or {}).get("what")}
    now = {"status": ending.status, "outputs": ending.outputs, "error": (ending.error or {}).get("what")}
    if not same(then, now):
        yield Departure("ending", "the run ends otherwise", recorded=then, now=now, rank=len(recording.spans) + 1.0)


# --- in words --------------------------------------------------------------------------------------


def place_of(departure: Departure) -> str:
    """``solve (visit 2, item 3)``."""
    if departure.node is None:
        return "the end"
    item = f", item {departure.item}" if departure.item is not None else ""
    return f"{departure.node} (visit {departure.visit}{item})"


def _shown(departure: Departure) -> list[str]:
    if departure.kind == "prompt":
        return _indented(word_diff(as_text(departure.recorded), as_text(departure.now)))
    if departure.recorded is None and departure.now is None:
        return []
    nothing = departure.kind == "unrecorded" and departure.recorded is None
    then = "nothing" if nothing else _cut(as_text(departure.recorded))
    now = "nothing" if departure.kind == "unasked" else _cut(as_text(departure.now))
    return [*_indented(f"recorded: {then}"), *_indented(f"now:      {now}")]


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _told(departure: Departure) -> dict[str, Any]:
    told = asdict(departure)
    del told["rank"]
    return {**told, "what": f"{place_of(departure)}: {departure.what}"}
