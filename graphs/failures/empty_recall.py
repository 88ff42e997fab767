"""A search of memory found nothing although there was something to find.

A space that is empty because nothing was learnt yet is no fault. A space holds something when this run wrote to
it before, and must hold something when no node of the workflow fills it.
"""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut
from graphs.failures.trace import Row, Step, Trace, Visit
from graphs.ports import config_value


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each space that a visit searched in vain."""
    searches: dict[str, list[Row]] = {}
    for row in visit.of("retrieve_memory"):
        if "query" in (trace.input(row) or {}):
            searches.setdefault(row["name"], []).append(row)
    for space, rows in searches.items():
        why = _why_not_empty(space, rows[0]["started_at"], visit, trace)
        if why and all(row["status"] == "ok" and not trace.output(row) for row in rows):
            query: Any = trace.input(rows[-1])["query"]
            yield Found(
                rows[-1]["id"], f"Nothing was recalled from {space!r} for {cut(query)!r}, though {why}",
                "Lower the score that a record needs, search by other words, or check what is written to the space.",
                tuple(row["id"] for row in rows[:-1]),
            )  # fmt: skip


def _why_not_empty(space: str, before: float, visit: Visit, trace: Trace) -> str:
    """Why the space should hold something that fits; '' where it may be empty."""
    written = [
        step for step in trace.written.get(space, ())
        if (step.ended or before) < before and step.node != visit.step.node and _shared(step, visit.step, trace)
    ]  # fmt: skip
    if written:
        return f"{trace.label(written[-1].node)!r} had written to it before"
    return "" if _is_filled(space, trace) else "no node of the workflow fills it, so that it should be filled already"


def _shared(writer: Step, reader: Step, trace: Trace) -> bool:
    """Whether what the one writes the other can find: a member's private memories are nobody else's."""
    owner = _owner(reader, trace)
    return owner is None or owner == _owner(writer, trace)


def _owner(step: Step, trace: Trace) -> Any:
    owner = (trace.input(step) or {}).get("owner")
    return owner.get("name") if isinstance(owner, dict) else owner or None


def _is_filled(space: str, trace: Trace) -> bool:
    """Whether some node that changes memory has the space attached."""
    document, subject = trace.document, trace.subject
    named = {
        id for id, spec in subject.specs.items()
        if spec.provides == "memory" and config_value(spec, document.nodes[id], "space") == space
    }  # fmt: skip
    users = [line.edge.target for line in subject.joined("attach") if line.edge and line.edge.source in named]
    return any((spec := subject.specs.get(id)) is not None and spec.side_effects for id in users) or not named


DETECTOR: Final = Detector("empty_recall", "memory", "warning", "Recall found nothing", visit=check)
