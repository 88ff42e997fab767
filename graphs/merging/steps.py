"""The operations that lead from one document to another: what a merge hands on, so that it is one edit."""

import difflib
from collections.abc import Iterator
from typing import Any, Final, Literal

from graphs.document import EDGE_SORTS, Document, EdgeSort, Limits, Node, parse_edge
from graphs.operations import (
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
    SetState,
)
from graphs.replay_matching import same

_META: Final[tuple[Literal["title", "summary", "tags", "authors"], ...]] = ("title", "summary", "tags", "authors")
_OF_NODE: Final[tuple[Literal["kind", "version", "label", "note", "parent"], ...]] = (
    "kind", "version", "label", "note", "parent",
)  # fmt: skip
_LIMITS: Final[tuple[Literal["steps", "seconds", "tokens", "usd"], ...]] = ("steps", "seconds", "tokens", "usd")
_SPECS: Final = (("inputs", SetInput), ("outputs", SetOutput), ("state", SetState))


def operations_between(before: Document, after: Document) -> list[Operation]:
    """Applied to ``before`` they make ``after``; none where the two are equal. The order of nodes is not kept."""
    removed = {id: node for id, node in before.nodes.items() if id not in after.nodes}
    edges = [_edges(sort, before, after, set(removed)) for sort in EDGE_SORTS]
    steps: list[Operation] = [each for taken, _ in edges for each in taken]
    # Frames are emptied first: a node cannot be removed while another stands in it.
    steps += [SetNode(id=id, key="parent", value=None) for id, node in removed.items() if node.parent is not None]
    kept = [id for id in before.nodes if id in after.nodes]
    for id in kept:
        if before.nodes[id].parent in removed:
            steps.append(SetNode(id=id, key="parent", value=None))
    steps += [RemoveNode(id=id) for id in removed]
    steps += [AddNode(id=id, node=node) for id, node in after.nodes.items() if id not in before.nodes]
    for id in kept:
        then = before.nodes[id]
        then = then.model_copy(update={"parent": None}) if then.parent in removed else then
        steps += _of_node(id, then, after.nodes[id])
    steps += _of_workflow(before, after)
    return [*steps, *(each for _, put in edges for each in put)]


def _of_node(id: str, before: Node, after: Node) -> Iterator[Operation]:
    for key in _OF_NODE:
        if getattr(before, key) != getattr(after, key):
            yield SetNode(id=id, key=key, value=getattr(after, key))
    for key in dict.fromkeys([*before.config, *after.config]):
        if key not in after.config:
            yield SetConfig(id=id, key=key)
        elif key not in before.config or not same(before.config[key], after.config[key]):
            yield SetConfig(id=id, key=key, value=after.config[key])
    if before.size != after.size:
        yield MoveNode(id=id, position=after.position, size=after.size)
    elif before.position != after.position:
        yield MoveNode(id=id, position=after.position)


def _of_workflow(before: Document, after: Document) -> Iterator[Operation]:
    for key in _META:
        if getattr(before, key) != getattr(after, key):
            yield SetMeta(key=key, value=_plain(getattr(after, key)))
    for section, step in _SPECS:
        then: dict[str, Any] = getattr(before, section)
        now: dict[str, Any] = getattr(after, section)
        for name in dict.fromkeys([*then, *now]):
            if then.get(name) != now.get(name):
                yield step(name=name, value=now.get(name))
    yield from _of_limits(before.limits, after.limits)


def _of_limits(before: Limits, after: Limits) -> Iterator[Operation]:
    for key in _LIMITS:
        if getattr(before, key) != getattr(after, key):
            yield SetLimit(key=key, value=getattr(after, key))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value  # pyright: ignore[reportUnknownVariableType]


def _edges(
    sort: EdgeSort, before: Document, after: Document, removed: set[str]
) -> tuple[list[Operation], list[Operation]]:
    """What takes edges away, from the last to the first, and what puts edges in, each at its place."""
    then: tuple[str, ...] = getattr(before.edges, sort)
    now: tuple[str, ...] = getattr(after.edges, sort)
    stay: dict[int, int] = {}
    for block in difflib.SequenceMatcher(None, then, now, autojunk=False).get_matching_blocks():
        stay |= {block.a + step: block.b + step for step in range(block.size)}
    # An edge that names a node which was not there: it is lifted off while the node of that id goes.
    stay = {at: to for at, to in stay.items() if not _touches(then[at], removed)}
    put = set(stay.values())
    return (
        [Disconnect(sort=sort, edge=text, at=at) for at, text in reversed(list(enumerate(then))) if at not in stay],
        [Connect(sort=sort, edge=text, at=at) for at, text in enumerate(now) if at not in put],
    )


def _touches(text: str, ids: set[str]) -> bool:
    edge = parse_edge(text)
    return edge is not None and bool({edge.source, edge.target} & ids)
