"""Edits as data: every change of a document is a list of operations, each with its inverse.

Undo, autosave, two open tabs and a fix offered by a diagnostic are all lists of operations.
``apply`` takes a batch whole or not at all; ``invert`` gives the batch that takes it back. Applied
one after the other they leave the document as it was (the order of keys aside, edges keep theirs).

``connect`` without ``at`` draws a new edge: it has to follow the grammar, to join nodes that exist
and to be new. With ``at`` it puts an edge back where it was, as it was, whatever that was; else a
faulty edge from a file edited by hand could be removed but not restored.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, cast

from pydantic import BaseModel, TypeAdapter, ValidationError

from graphs.document import EDGE_SORTS, Document, EdgeSort, Limits, Node, NodeId, parse_edge
from graphs.names import nearest
from graphs.operation_types import (
    NAMES,
    AddNode,
    Connect,
    Disconnect,
    MoveNode,
    Operation,
    RemoveNode,
    SetConfig,
    SetInput,
    SetLimit,
    SetMeta,
    SetNode,
    SetOutput,
    SetSpec,
    SetState,
    Step,
)

__all__ = [
    "NAMES", "AddNode", "Connect", "Disconnect", "MoveNode", "Operation", "OperationError", "Problem", "RemoveNode",
    "SetConfig", "SetInput", "SetLimit", "SetMeta", "SetNode", "SetOutput", "SetSpec", "SetState", "apply", "invert",
    "parse_operations",
]  # fmt: skip

_OPERATION: Final[TypeAdapter[Operation]] = TypeAdapter(Operation)


class Problem(BaseModel):
    """Why one operation of a batch cannot be applied. ``index`` counts from 0."""

    index: int
    op: str
    what: str
    mend: str = ""


class OperationError(Exception):
    """A batch cannot be applied; the document is unchanged. ``problems`` holds every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"operation {each.index} ({each.op}): {each.what}" for each in problems))
        self.problems = list(problems)


class _Refusal(Exception):
    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend


class _Draft:
    """The parts of a document that operations change, each copied when first changed."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.changed: dict[str, Any] = {}
        self.edges: dict[EdgeSort, list[str]] = {}

    @property
    def nodes(self) -> dict[str, Node]:
        return self.changed.get("nodes", self.document.nodes)

    def section(self, name: str) -> dict[str, Any]:
        """``nodes``, ``inputs``, ``outputs`` or ``state``, to change in place."""
        if name not in self.changed:
            self.changed[name] = dict(getattr(self.document, name))
        return self.changed[name]

    def lines(self, sort: EdgeSort) -> list[str]:
        """The edges of a sort, to change in place."""
        if sort not in self.edges:
            self.edges[sort] = list(getattr(self.document.edges, sort))
        return self.edges[sort]

    def current(self, sort: EdgeSort) -> Sequence[str]:
        """The edges of a sort, to look at."""
        changed = self.edges.get(sort)
        return getattr(self.document.edges, sort) if changed is None else changed

    def get(self, key: str) -> Any:
        return self.changed.get(key, getattr(self.document, key))

    def node(self, id: str) -> Node:
        if id not in self.nodes:
            raise _Refusal(f"there is no node {id!r}", nearest(id, self.nodes))
        return self.nodes[id]

    def finish(self) -> Document:
        if self.edges:
            lines = {sort: tuple(edges) for sort, edges in self.edges.items()}
            self.changed["edges"] = self.document.edges.model_copy(update=lines)
        return self.document.model_copy(update=self.changed) if self.changed else self.document


def parse_operations(data: Any) -> list[Operation]:
    """Operations from JSON-like data. Raises OperationError with every problem and its index."""
    if not isinstance(data, list):
        raise OperationError([Problem(index=0, op="", what=f"expected a list of operations, got {_short(data)}")])
    operations: list[Operation] = []
    problems: list[Problem] = []
    for index, each in enumerate(cast("list[Any]", data)):
        try:
            operations.append(_OPERATION.validate_python(each))
        except ValidationError as error:
            problems.extend(_unreadable(index, each, error))
    if problems:
        raise OperationError(problems)
    return operations


def apply(document: Document, operations: Iterable[Operation]) -> Document:
    """The document after the batch. Raises OperationError, naming every operation that cannot be applied.

    An operation is judged after those before it; where an earlier one failed, the later ones are
    judged as if it had not been asked for.
    """
    draft = _Draft(document)
    problems: list[Problem] = []
    for index, operation in enumerate(operations):
        try:
            _APPLY[type(operation)](draft, operation)
        except _Refusal as refusal:
            problems.append(Problem(index=index, op=operation.op, what=refusal.what, mend=refusal.mend))
    if problems:
        raise OperationError(problems)
    return draft.finish()


def invert(document: Document, operations: Sequence[Operation]) -> list[Operation]:
    """The batch that takes ``operations`` back, once they were applied to ``document``.

    Raises OperationError where they cannot be applied.
    """
    apply(document, operations)
    draft = _Draft(document)
    inverses: list[list[Operation]] = []
    for operation in operations:
        inverse = _INVERSE[type(operation)](draft, operation)
        inverses.append(inverse if isinstance(inverse, list) else [inverse])
        _APPLY[type(operation)](draft, operation)
    return [each for inverse in reversed(inverses) for each in inverse]


# --- one function for each operation, and one for its inverse -------------------------------------------


def _add_node(draft: _Draft, op: AddNode) -> None:
    if op.id in draft.nodes:
        raise _Refusal(f"there is a node {op.id!r} already", "Give the new node another id.")
    draft.section("nodes")[op.id] = op.node


def _remove_node(draft: _Draft, op: RemoveNode) -> None:
    draft.node(op.id)
    touching = [f"{sort} edge {text!r}" for sort in EDGE_SORTS for text in _touching(draft, sort, op.id)]
    children = [f"node {id!r} inside it" for id, node in draft.nodes.items() if node.parent == op.id]
    if touching or children:
        rest = ", ".join((touching + children)[:3])
        raise _Refusal(f"node {op.id!r} is still used: {rest}", "Remove its edges and the nodes in it first.")
    del draft.section("nodes")[op.id]


def _touching(draft: _Draft, sort: EdgeSort, id: str) -> list[str]:
    lines = draft.current(sort)
    edges = ((text, parse_edge(text)) for text in lines if id in text)
    return [text for text, edge in edges if edge is not None and id in (edge.source, edge.target)]


def _move_node(draft: _Draft, op: MoveNode) -> None:
    update: dict[str, Any] = {"position": op.position}
    if "size" in op.model_fields_set:
        update["size"] = op.size
    draft.section("nodes")[op.id] = draft.node(op.id).model_copy(update=update)


def _set_config(draft: _Draft, op: SetConfig) -> None:
    node = draft.node(op.id)
    config = dict(node.config)
    if "value" in op.model_fields_set:
        config[op.key] = op.value
    elif op.key in config:
        del config[op.key]
    draft.section("nodes")[op.id] = node.model_copy(update={"config": config})


def _set_node(draft: _Draft, op: SetNode) -> None:
    value = _checked(f"{op.key} of node {op.id!r}", _NODE_FIELDS[op.key], op.value)
    draft.section("nodes")[op.id] = draft.node(op.id).model_copy(update={op.key: value})


def _connect(draft: _Draft, op: Connect) -> None:
    lines = draft.lines(op.sort)
    if op.at is None:
        _check_new_edge(draft, op.edge, lines)
        lines.append(op.edge)
        return
    if op.at > len(lines):
        raise _Refusal(f"there are {len(lines)} {op.sort} edges, so none can be put at {op.at}", "Leave out `at`.")
    lines.insert(op.at, op.edge)


def _check_new_edge(draft: _Draft, text: str, lines: list[str]) -> None:
    edge = parse_edge(text)
    if edge is None:
        raise _Refusal(f"{text!r} is not an edge", "Write it as `source.handle -> target.handle`.")
    for id in (edge.source, edge.target):
        draft.node(id)
    if text in lines:
        raise _Refusal(f"the edge {text!r} exists already", "One is enough.")


def _disconnect(draft: _Draft, op: Disconnect) -> None:
    lines = draft.lines(op.sort)
    del lines[_index(lines, op)]


def _index(lines: list[str], op: Disconnect) -> int:
    if op.edge not in lines:
        raise _Refusal(f"there is no {op.sort} edge {op.edge!r}", nearest(op.edge, lines))
    if op.at is not None and op.at < len(lines) and lines[op.at] == op.edge:
        return op.at
    return len(lines) - 1 - lines[::-1].index(op.edge)


def _set_meta(draft: _Draft, op: SetMeta) -> None:
    draft.changed[op.key] = _checked(op.key, _META_FIELDS[op.key], op.value)


def _set_spec(draft: _Draft, op: SetSpec) -> None:
    section = draft.section(op.section)
    if op.value is not None:
        section[op.name] = op.value
    elif op.name in section:
        del section[op.name]


def _set_limit(draft: _Draft, op: SetLimit) -> None:
    limits = {**cast(Limits, draft.get("limits")).model_dump(), op.key: op.value}
    draft.changed["limits"] = _checked(f"limit {op.key}", _LIMITS, limits)


def _checked(place: str, adapter: TypeAdapter[Any], value: Any) -> Any:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        raise _Refusal(f"{place} cannot be {_short(first['input'])}", f"{first['msg']}.") from None


_LIMITS: Final[TypeAdapter[Any]] = TypeAdapter(Limits)
_TEXT: Final[TypeAdapter[Any]] = TypeAdapter(str)
_TEXTS: Final[TypeAdapter[Any]] = TypeAdapter(tuple[str, ...])
_META_FIELDS: Final = {"title": _TEXT, "summary": _TEXT, "tags": _TEXTS, "authors": _TEXTS}
_NODE_FIELDS: Final[dict[str, TypeAdapter[Any]]] = {
    "label": _TEXT,
    "note": _TEXT,
    "kind": _TEXT,
    "version": TypeAdapter(int),
    "parent": TypeAdapter(NodeId | None),
}

_APPLY: Final[dict[type[Step], Callable[[_Draft, Any], None]]] = {
    AddNode: _add_node,
    RemoveNode: _remove_node,
    MoveNode: _move_node,
    SetConfig: _set_config,
    SetNode: _set_node,
    Connect: _connect,
    Disconnect: _disconnect,
    SetMeta: _set_meta,
    SetInput: _set_spec,
    SetOutput: _set_spec,
    SetState: _set_spec,
    SetLimit: _set_limit,
}


def _unadd(draft: _Draft, op: AddNode) -> list[Operation]:
    """Removes the node. What named it before it was there (a faulty file) is lifted off and put back."""
    edges: list[tuple[EdgeSort, str, int]] = []
    for sort in EDGE_SORTS:
        lines = draft.current(sort)
        touching = set(_touching(draft, sort, op.id))
        edges.extend((sort, text, at) for at, text in enumerate(lines) if text in touching)
    children = [id for id, node in draft.nodes.items() if node.parent == op.id]
    return [
        *(Disconnect(sort=sort, edge=text, at=at) for sort, text, at in reversed(edges)),
        *(SetNode(id=id, key="parent", value=None) for id in children),
        *([SetNode(id=op.id, key="parent", value=None)] if op.node.parent == op.id else []),
        RemoveNode(id=op.id),
        *(SetNode(id=id, key="parent", value=op.id) for id in children),
        *(Connect(sort=sort, edge=text, at=at) for sort, text, at in edges),
    ]


def _unremove(draft: _Draft, op: RemoveNode) -> list[Operation]:
    return [AddNode(id=op.id, node=draft.node(op.id))]


def _unmove(draft: _Draft, op: MoveNode) -> Operation:
    node = draft.node(op.id)
    if "size" in op.model_fields_set:
        return MoveNode(id=op.id, position=node.position, size=node.size)
    return MoveNode(id=op.id, position=node.position)


def _unset_config(draft: _Draft, op: SetConfig) -> Operation:
    config = draft.node(op.id).config
    if op.key in config:
        return SetConfig(id=op.id, key=op.key, value=config[op.key])
    return SetConfig(id=op.id, key=op.key)


def _unconnect(draft: _Draft, op: Connect) -> Operation:
    at = len(draft.lines(op.sort)) if op.at is None else op.at
    return Disconnect(sort=op.sort, edge=op.edge, at=at)


def _reconnect(draft: _Draft, op: Disconnect) -> Operation:
    return Connect(sort=op.sort, edge=op.edge, at=_index(draft.lines(op.sort), op))


_INVERSE: Final[dict[type[Step], Callable[[_Draft, Any], Operation | list[Operation]]]] = {
    AddNode: _unadd,
    RemoveNode: _unremove,
    MoveNode: _unmove,
    SetConfig: _unset_config,
    SetNode: lambda draft, op: SetNode(id=op.id, key=op.key, value=getattr(draft.node(op.id), op.key)),
    Connect: _unconnect,
    Disconnect: _reconnect,
    SetMeta: lambda draft, op: SetMeta(key=op.key, value=draft.get(op.key)),
    SetInput: lambda draft, op: SetInput(name=op.name, value=draft.get("inputs").get(op.name)),
    SetOutput: lambda draft, op: SetOutput(name=op.name, value=draft.get("outputs").get(op.name)),
    SetState: lambda draft, op: SetState(name=op.name, value=draft.get("state").get(op.name)),
    SetLimit: lambda draft, op: SetLimit(key=op.key, value=getattr(draft.get("limits"), op.key)),
}


def _unreadable(index: int, data: Any, error: ValidationError) -> list[Problem]:
    name = str(cast("dict[str, Any]", data).get("op", "")) if isinstance(data, dict) else ""
    if name not in NAMES:
        return [Problem(index=index, op=name, what=f"unknown operation {_short(data)}", mend=nearest(name, NAMES))]
    return [
        Problem(
            index=index,
            op=name,
            what=f"{'.'.join(map(str, each['loc'][1:])) or 'it'}: {each['msg']}, got {_short(each['input'])}",
        )
        for each in error.errors()
    ]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
