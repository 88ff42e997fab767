"""Several were asked, no answer won, and one of the equals was given out."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import Step, Trace

VOTING: Final = ("deliberation.vote", "deliberation.debate", "deliberation.rank_and_prune")
READING: Final = "teams.read_in_parts"


def check(trace: Trace) -> Iterator[Found]:
    """One finding for each vote that ended in a tie whose answer goes straight to an output."""
    for step in trace.last_visits():
        if step.status != "ok" or not _is_given_out(step, trace):
            continue
        output: Mapping[str, Any] = trace.output(step) or {}
        counts = _counts(output) if step.kind in VOTING else Counter[str]()
        divided = step.kind == READING and step.outcome == "divided"
        if divided or _is_tie(counts):
            shown = "; ".join(f"{cut(choice, 40)!r}: {count:g}" for choice, count in counts.most_common(4))
            yield Found(
                step.id, f"{trace.label(step.node)!r} stayed divided ({shown or 'by its own account'}), and"
                f" {cut(output.get('answer', ''), 60)!r} was given out",
                "Ask more or an odd number, let a judge or a person decide a tie, or say in the answer that it is"
                " disputed.",
            )  # fmt: skip


def _is_given_out(step: Step, trace: Trace) -> bool:
    ends = trace.subject.finishes
    return any(feed.source == step.node and feed.output.name == "answer" and feed.target in ends
               for feed in trace.subject.feeds)  # fmt: skip


def _counts(output: Mapping[str, Any]) -> Counter[str]:
    """Answer -> how many, or how much weight, was for it."""
    ballots: Sequence[Mapping[str, Any]] = output.get("ballots") or _last_round(output.get("rounds") or [])
    counts: Counter[str] = Counter()
    for ballot in ballots:
        choice = str(ballot.get("choice", ballot.get("answer", ""))).strip().casefold().rstrip(".")
        counts[choice] += ballot.get("weight") or 1
    return counts


def _last_round(rounds: Sequence[Any]) -> Sequence[Mapping[str, Any]]:
    flat: list[Mapping[str, Any]] = [each for each in rounds if isinstance(each, Mapping)]
    last = max((each.get("round", 0) for each in flat), default=0)
    return [each for each in flat if each.get("round", 0) == last]


def _is_tie(counts: Counter[str]) -> bool:
    best = counts.most_common(2)
    return len(best) == 2 and best[0][1] == best[1][1]


DETECTOR: Final = Detector(
    "disagreement_unresolved", "reflection", "warning", "Disagreement unresolved", run=check
)  # fmt: skip
