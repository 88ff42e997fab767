"""A recorded run as detectors read it: a light index of all spans, and the visits of nodes one by one.

The trace is read page by page, twice: once for the index, which holds no values, once for the visits, each of
which is let go when it was looked at. So memory stays small however long the run was.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Protocol

from graphs.document import Document
from graphs.rules.subject import Subject
from nodes.contract import NodeSpec
from nodes.registry import KINDS

Row = Mapping[str, Any]
"""A span as ``docs/contracts.md`` has it."""

ARTIFACT: Final = "$artifact"
NODE: Final = "invoke_node"
WORKFLOW: Final = "invoke_workflow"
LEAVES: Final = ("chat", "execute_tool", "retrieve_memory", "write_memory")


class Source(Protocol):
    """Where the spans of a run come from."""

    def pages(self) -> Iterator[Sequence[Row]]:
        """All spans in any order, long values as their stand-ins; may be asked again."""
        ...

    def whole(self, id: str, /) -> Row:
        """One span, its values whole."""
        ...


class EndedRun(Protocol):
    """``store.runs.RunRow`` by shape, as far as detectors need it."""

    @property
    def number(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def inputs(self) -> dict[str, Any]: ...
    @property
    def outputs(self) -> dict[str, Any] | None: ...
    @property
    def error(self) -> dict[str, Any] | None: ...
    @property
    def forms(self) -> list[dict[str, Any]]: ...


class ListSource:
    """Spans in a list, whole."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = {row["id"]: row for row in rows}

    def pages(self) -> Iterator[Sequence[Row]]:
        yield list(self._rows.values())

    def whole(self, id: str, /) -> Row:
        return self._rows[id]


@dataclass(frozen=True, slots=True)
class Step:
    """A span without its values."""

    id: str
    parent: str | None
    operation: str
    name: str
    node: str | None
    kind: str | None
    visit: int
    item: int | None
    attempt: int
    status: str
    started: float
    ended: float | None
    outcome: str | None
    error: Mapping[str, Any] | None
    tokens: int
    items: int
    """Of a frame: how many items it was given."""
    gave: int | None
    """Equal for equal outputs, what was said on the way left out; None without outputs."""

    @property
    def order(self) -> tuple[float, str]:
        """Sorts spans as they began."""
        return self.started, self.id


@dataclass
class Visit:
    """One visit of a node with the calls right below it, in the order they began."""

    step: Step
    row: Row
    calls: list[Row] = field(default_factory=list[Row])

    def of(self, operation: str) -> list[Row]:
        """The calls of a sort."""
        return [row for row in self.calls if row["operation"] == operation]


class Trace:
    """A run, its document, and what happened in which order."""

    def __init__(
        self, source: Source, document: Document, run: EndedRun, kinds: Mapping[str, NodeSpec] = KINDS
    ) -> None:
        self.source = source
        self.document = document
        self.run = run
        self.kinds = kinds

    # --- the index ---

    @cached_property
    def steps(self) -> dict[str, Step]:
        """Id -> span, in the order they began, without the visits that a resumed run began anew."""
        found = sorted((_step(row) for page in self.source.pages() for row in page), key=lambda step: step.order)
        last = {_place(step): step.id for step in found if step.operation == NODE}
        kept: dict[str, Step] = {}
        for step in found:
            superseded = step.operation == NODE and last[_place(step)] != step.id
            if not superseded and (step.parent is None or step.parent in kept):
                kept[step.id] = step
        return kept

    @cached_property
    def below(self) -> Mapping[str | None, list[Step]]:
        """Id -> the spans right below it, in the order they began; None -> the run's own."""
        found: dict[str | None, list[Step]] = defaultdict(list)
        for step in self.steps.values():
            found[step.parent].append(step)
        return found

    @cached_property
    def root(self) -> Step | None:
        """The span of the run itself."""
        return next(iter(self.below.get(None, ())), None)

    @cached_property
    def series(self) -> Mapping[tuple[str | None, str, int | None], list[Step]]:
        """(span above, node, item) -> the visits there, in order, of nodes that the document has."""
        found: dict[tuple[str | None, str, int | None], list[Step]] = defaultdict(list)
        for step in self.steps.values():
            if step.operation == NODE and step.node is not None and self.knows(step):
                found[step.parent, step.node, step.item].append(step)
        return found

    @cached_property
    def written(self) -> Mapping[str, list[Step]]:
        """Memory space -> what was written to it, in order."""
        found: dict[str, list[Step]] = defaultdict(list)
        for step in self.steps.values():
            if step.operation == "write_memory" and step.status == "ok":
                found[step.name].append(step)
        return found

    def knows(self, step: Step) -> bool:
        """Whether the span belongs to a node of the document, not of a workflow that a node ran."""
        node = self.document.nodes.get(step.node or "")
        return node is not None and node.kind == step.kind

    def visits_of(self, node: str) -> list[Step]:
        """All visits of a node of the document."""
        return [step for (_, id, _), steps in self.series.items() if id == node for step in steps]

    def last_visits(self) -> Iterator[Step]:
        """Of each place a node stands at, the last visit."""
        return (steps[-1] for steps in self.series.values())

    def calls_below(self, step: Step, operation: str) -> list[Step]:
        """The spans of a sort right below another."""
        return [each for each in self.below.get(step.id, ()) if each.operation == operation]

    # --- values ---

    def output(self, span: Row | Step) -> Any:
        """What came out of it, whole."""
        return self._value(span, "output")

    def input(self, span: Row | Step) -> Any:
        """What went into it, whole."""
        return self._value(span, "input")

    def attributes(self, span: Row | Step) -> Mapping[str, Any]:
        """Its attributes, whole."""
        return self._value(span, "attributes") or {}

    def _value(self, span: Row | Step, name: str) -> Any:
        if isinstance(span, Step):
            return self.source.whole(span.id).get(name)
        value = span.get(name)
        return self.source.whole(span["id"]).get(name) if is_stand_in(value) else value

    def visits(self) -> Iterator[Visit]:
        """The visits with their calls, each as soon as all of it was read."""
        expected = {id: sum(each.operation in LEAVES for each in steps) for id, steps in self.below.items()}
        open_visits: dict[str, Visit] = {}
        early: dict[str, list[Row]] = defaultdict(list)
        for page in self.source.pages():
            for row in page:
                step = self.steps.get(row["id"])
                if step is None:
                    continue
                if step.operation == NODE:
                    open_visits[step.id] = Visit(step, row)
                    visit = step.id
                elif step.operation in LEAVES and step.parent is not None:
                    early[step.parent].append(row)
                    visit = step.parent
                else:
                    continue
                if visit in open_visits and len(early[visit]) == expected.get(visit, 0):
                    yield _complete(open_visits.pop(visit), early.pop(visit))
        for id, visit in open_visits.items():  # of a run that still works
            yield _complete(visit, early.get(id, []))

    # --- the document ---

    @cached_property
    def subject(self) -> Subject:
        """The document as rules look at it: its flow, ports and edges."""
        return Subject(self.document, self.kinds)

    def label(self, node: str | None) -> str:
        """What a person sees on the node."""
        return self.subject.label(node) if node in self.document.nodes else str(node)


def _complete(visit: Visit, calls: list[Row]) -> Visit:
    visit.calls = sorted(calls, key=lambda row: (row["started_at"], row["id"]))
    return visit


def _place(step: Step) -> tuple[Any, ...]:
    return step.parent, step.node, step.visit, step.item


def _step(row: Row) -> Step:
    attributes: Any = row.get("attributes") or {}
    return Step(
        id=row["id"], parent=row["parent_id"], operation=row["operation"], name=row["name"], node=row.get("node_id"),
        kind=row.get("kind"), visit=row.get("visit") or 1, item=row.get("item"), attempt=row.get("attempt") or 1,
        status=row["status"], started=row["started_at"], ended=row.get("ended_at"), outcome=row.get("outcome"),
        error=row.get("error"), tokens=(row.get("input_tokens") or 0) + (row.get("output_tokens") or 0),
        items=attributes.get("items", 0), gave=_gave(row.get("output")),
    )  # fmt: skip


def _gave(output: Any) -> int | None:
    """A number for an output: conversations differ by ids of calls though the same was said."""
    if output in (None, {}):
        return None
    told: Any = {key: value for key, value in output.items() if key != "messages"} if _is_record(output) else output
    return hash(json.dumps(told, sort_keys=True, default=str))


def _is_record(value: Any) -> bool:
    return isinstance(value, dict) and ARTIFACT not in value


def is_stand_in(value: Any) -> bool:
    """Whether a value of a list is only the stand-in of a long one."""
    return isinstance(value, Mapping) and ARTIFACT in value
