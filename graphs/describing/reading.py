"""From a large model's edits to wanted items. What a model may not write becomes an item with a fault."""

from collections.abc import Iterator, Mapping
from typing import Any

from graphs.describing import edits
from graphs.describing.accepting import removal
from graphs.describing.draft import Draft, id_of
from graphs.describing.items import Wanted, wanted
from graphs.describing.proposal import Fault
from graphs.describing.settings import as_written, guard
from graphs.document import parse_edge
from graphs.names import nearest
from graphs.operations import Disconnect, Operation, OperationError, RemoveNode, parse_operations
from graphs.ports import DONE
from nodes.contract import NodeSpec


def read_edits(draft: Draft, answer: edits.Edits) -> list[Wanted]:
    """The items wanted; ``draft`` afterwards holds all of them that can be made."""
    found: list[Wanted] = []
    for edit in answer.edits:
        for each in _read(draft, edit):
            _try(draft, each)
            found.append(each)
    return _grouped(found)


def _try(draft: Draft, want: Wanted) -> None:
    if want.fault is None:
        try:
            draft.do(*parse_operations([dict(op) for op in want.ops]))
        except OperationError:
            return  # it becomes an item that says so


def _grouped(found: list[Wanted]) -> list[Wanted]:
    """As ``wanted`` groups operations, with those that cannot be made in their places."""
    result: list[Wanted] = []
    sound: list[Operation] = []
    for each in found:
        try:
            ops = None if each.fault else parse_operations([dict(op) for op in each.ops])
        except OperationError:
            ops = None
        if ops is None:
            result += [*wanted(sound), each]
            sound = []
        else:
            sound += ops
    return [*result, *wanted(sound)]


def _read(draft: Draft, edit: edits.AnyEdit) -> Iterator[Wanted]:
    match edit:
        case edits.AddNode():
            yield from _add(draft, edit)
        case edits.RemoveNode():
            ops = removal(draft.document, edit.id) or [RemoveNode(id=edit.id)]
            yield Wanted(tuple(op.model_dump(mode="json") for op in ops))
        case edits.SetConfig():
            node = draft.document.nodes.get(edit.id)
            yield _setting(draft, edit.id, draft.kinds.get(node.kind) if node else None, edit.key, edit.value)
        case edits.Rename():
            yield Wanted(({"op": "set_node", "id": edit.id, "key": "label", "value": edit.label},))
        case edits.Connect():
            yield Wanted(({"op": "connect", "sort": edit.sort, "edge": _canonical(edit.sort, edit.edge)},))
        case edits.Disconnect():
            yield Wanted(({"op": "disconnect", "sort": edit.sort, "edge": _there(draft, edit)},))
        case edits.SetPort():
            yield Wanted((_port(edit),))
        case edits.SetMeta():
            yield Wanted(({"op": "set_meta", "key": edit.op.removeprefix("set_"), "value": edit.value},))
        case edits.SetLimit():
            whole = edit.key in ("steps", "tokens") and edit.value.is_integer()
            value = int(edit.value) if whole else edit.value
            yield Wanted(({"op": "set_limit", "key": edit.key, "value": value},))


def _add(draft: Draft, edit: edits.AddNode) -> Iterator[Wanted]:
    spec = draft.kinds.get(edit.kind)
    if spec is None:
        fault = Fault(f"there is no kind {edit.kind!r}", nearest(edit.kind, draft.kinds))
        yield Wanted(({"op": "add_node", "id": edit.id, "kind": edit.kind},), fault=fault)
        return
    given = {each.key: as_written(spec, each.key, each.value) for each in edit.settings}
    refused = {key: fault for key in given if (fault := guard(spec, key)) is not None}
    node = {
        "kind": spec.kind, "version": spec.version, "label": edit.label if edit.label != spec.title else "",
        "parent": edit.parent or None, "config": {key: given[key] for key in given if key not in refused},
        "position": list(draft.place(after=_last_named(draft), below=spec.provides is not None)),
    }  # fmt: skip
    yield Wanted(({"op": "add_node", "id": edit.id or id_of(edit.label or spec.title), "node": node},))
    for key, fault in refused.items():
        yield Wanted(({"op": "set_config", "id": edit.id, "key": key, "value": given[key]},), fault=fault)


def _last_named(draft: Draft) -> str | None:
    """The last node that runs and is no finish: new ones are placed from there on."""
    ends = draft.subject.finishes
    return next((id for id in reversed(draft.running) if id not in ends), None)


def _setting(draft: Draft, id: str, spec: NodeSpec | None, key: str, value: Any) -> Wanted:
    op = {"op": "set_config", "id": id, "key": key, "value": as_written(spec, key, value)}
    return Wanted((op,), fault=guard(spec, key))


def _canonical(sort: str, text: str) -> str:
    """The spelling of the document: ``done`` is not written."""
    edge = parse_edge(text)
    if edge is None or sort != "flow" or edge.source_handle != DONE:
        return text if edge is None else str(edge)
    return str(edge._replace(source_handle=None))


def _there(draft: Draft, edit: edits.Disconnect) -> str:
    """The edge as the document spells it."""
    wished = parse_edge(edit.edge)
    for text, edge in draft.edges(edit.sort):
        if wished is not None and edge == wished._replace(source_handle=wished.source_handle or _outcome(edit.sort)):
            return text
    return Disconnect(sort=edit.sort, edge=edit.edge).edge


def _outcome(sort: str) -> str | None:
    return DONE if sort == "flow" else None


def _port(edit: edits.SetPort) -> Mapping[str, Any]:
    if not edit.type:
        return {"op": edit.op, "name": edit.name, "value": None}
    title = {} if edit.op == "set_state" else {"title": edit.title}
    return {"op": edit.op, "name": edit.name, "value": {"type": edit.type, **title}}
