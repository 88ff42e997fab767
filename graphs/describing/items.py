"""From wanted operations to items: in words, with what each needs, and with why one cannot be made.

Nothing that was wanted is dropped: what cannot be read or applied becomes an item with a fault.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphs.describing.proposal import Fault, Item, Sort
from graphs.describing.words import Kinds, Speaker
from graphs.document import Document, Edge, Node, parse_edge
from graphs.operations import (
    AddNode,
    Connect,
    Disconnect,
    Operation,
    OperationError,
    RemoveNode,
    SetConfig,
    SetNode,
    SetSpec,
    apply,
    parse_operations,
)
from graphs.ports import DONE, NodePorts, config_value, ports_of
from nodes.registry import KINDS

_SORTS: Final[Mapping[str, Sort]] = {
    "add_node": "added",
    "remove_node": "removed",
    "connect": "joined",
    "disconnect": "cut",
}
Handle = tuple[str, str, str | None]
"""Node, side (flow, out, in) and name."""


@dataclass(frozen=True)
class Wanted:
    """Operations that are one item."""

    ops: tuple[Mapping[str, Any], ...]
    fault: Fault | None = None
    """Why they may not be made, known before they are tried."""
    mends: bool = False
    words: str = ""
    """For what is no operation at all."""


def wanted(ops: Iterable[Operation], *, mends: bool = False) -> list[Wanted]:
    """One item for each operation; a cut edge and the one that takes its place are one, and so is a removed node
    with its edges, and a new node with its settings."""
    found: list[list[Operation]] = []
    for op in _folded(ops):
        if isinstance(op, RemoveNode):
            mine = [each for each in found if all(_cuts(one, op.id) for one in each)]
            found = [each for each in found if each not in mine]
            found.append([*(one for each in mine for one in each), op])
        elif isinstance(op, Connect) and (cut := _replaced(found, op)) is not None:
            found.remove([cut])
            found.append([cut, op])
        else:
            found.append([op])
    return [Wanted(tuple(_data(op) for op in group), mends=mends) for group in found]


def _folded(ops: Iterable[Operation]) -> list[Operation]:
    """Settings and names given to a new node, written into its ``add_node``; of two values for one setting, one after
    the other, the second."""
    found: list[Operation] = []
    new: dict[str, int] = {}
    for op in ops:
        at = new.get(op.id) if isinstance(op, SetConfig | SetNode) else None
        added = found[at] if at is not None else None
        if isinstance(added, AddNode) and isinstance(op, SetConfig | SetNode) and at is not None:
            found[at] = AddNode(id=added.id, node=_with(added.node, op))
        elif found and _overwrites(op, found[-1]):
            found[-1] = op
        else:
            found.append(op)
            if isinstance(op, AddNode):
                new[op.id] = len(found) - 1
    return found


def _overwrites(op: Operation, last: Operation) -> bool:
    if not isinstance(op, SetConfig | SetNode) or not isinstance(last, SetConfig | SetNode):
        return False
    return (op.op, op.id, op.key) == (last.op, last.id, last.key)


def _with(node: Node, op: SetConfig | SetNode) -> Node:
    if isinstance(op, SetNode):
        return node.model_copy(update={op.key: op.value})
    config = {key: value for key, value in node.config.items() if key != op.key}
    given = {op.key: op.value} if "value" in op.model_fields_set else {}
    return node.model_copy(update={"config": config | given})


def _cuts(op: Operation, id: str) -> bool:
    edge = parse_edge(op.edge) if isinstance(op, Disconnect) else None
    return edge is not None and id in (edge.source, edge.target)


def _replaced(found: Sequence[Sequence[Operation]], op: Connect) -> Disconnect | None:
    """The edge cut before, whose place the new one takes: a way that leads elsewhere, a port fed from elsewhere."""
    new = parse_edge(op.edge)
    for group in reversed(found):
        cut = group[0]
        old = parse_edge(cut.edge) if len(group) == 1 and isinstance(cut, Disconnect) else None
        if old and new and isinstance(cut, Disconnect) and cut.sort == op.sort and _same_place(op.sort, old, new):
            return cut
    return None


def _same_place(sort: str, old: Edge, new: Edge) -> bool:
    if sort == "flow":
        return (old.source, old.source_handle or DONE) == (new.source, new.source_handle or DONE)
    return (old.target, old.target_handle) == (new.target, new.target_handle)


def _data(op: Operation) -> dict[str, Any]:
    return op.model_dump(mode="json")


def itemise(document: Document, wishes: Sequence[Wanted], kinds: Kinds = KINDS) -> tuple[tuple[Item, ...], Document]:
    """The items, and the document with all that can be made."""
    maker = _Maker(document, kinds)
    items = tuple(maker.item(str(number), each) for number, each in enumerate(wishes, 1))
    return items, maker.document


class _Maker:
    """Applies item after item, and notes which one brought what."""

    def __init__(self, document: Document, kinds: Kinds) -> None:
        self.document = document
        self._kinds = kinds
        self._nodes: dict[str, str] = {}
        self._gone: dict[str, str] = {}
        """Nodes and edges taken away, for a name or an edge may come back."""
        self._handles: dict[Handle, str] = {}

    def item(self, id: str, wish: Wanted) -> Item:
        try:
            ops = parse_operations([dict(op) for op in wish.ops])
            after = apply(self.document, ops)
        except OperationError as error:
            first = error.problems[0]
            fault = wish.fault or Fault(first.what, first.mend)
            return Item(id, wish.ops, _sort(wish.ops), wish.words or _raw(wish.ops), fault=fault)
        if wish.fault is None and (after == self.document or self._holds(ops)):
            fault = Fault("it is so already", "There is nothing to change." if ops else "Say it in other words.")
        else:
            fault = wish.fault
        item = self._told(id, wish, ops, fault)
        if fault is None:
            self._note(id, ops, after)
        return item

    def _holds(self, ops: Sequence[Operation]) -> bool:
        """Whether it is one setting whose value holds already, as a default say."""
        op = ops[0] if len(ops) == 1 else None
        if not isinstance(op, SetConfig) or "value" not in op.model_fields_set:
            return False
        node = self.document.nodes[op.id]
        spec = self._kinds.get(node.kind)
        return spec is not None and op.key in spec.config.model_fields and config_value(spec, node, op.key) == op.value

    def _told(self, id: str, wish: Wanted, ops: Sequence[Operation], fault: Fault | None) -> Item:
        speaker = Speaker(self.document, self._kinds)
        if not ops:
            return Item(id, wish.ops, "changed", wish.words, fault=fault, mends=wish.mends)
        last, first = ops[-1], ops[0]
        moved = len(ops) == 2 and isinstance(first, Disconnect) and isinstance(last, Connect)
        words = speaker.moved(first, last) if moved else speaker.sentence(last)  # pyright: ignore[reportArgumentType]
        needs = tuple(dict.fromkeys(need for op in ops for need in self._needs(op)))
        about = self._about(last)
        return Item(
            id, wish.ops, "moved" if moved else _sort(wish.ops), wish.words or words, *about,
            needs=needs, fault=fault, mends=wish.mends,
        )  # fmt: skip

    def _about(self, op: Operation) -> tuple[str | None, str | None, Any, Any]:
        """Node, key, before and after."""
        match op:
            case AddNode():
                return op.id, None, None, op.node.config
            case SetConfig():
                node = self.document.nodes[op.id]
                spec = self._kinds.get(node.kind)
                before = config_value(spec, node, op.key) if spec else node.config.get(op.key)
                return op.id, op.key, before if isinstance(before, str | int | float) else None, op.value
            case SetNode():
                return op.id, op.key, getattr(self.document.nodes[op.id], op.key), op.value
            case Connect() | Disconnect():
                edge = parse_edge(op.edge)
                return (edge.target if edge else None), op.sort, None, op.edge
            case RemoveNode():
                return op.id, None, None, None
            case _:
                data = _data(op)
                return None, data.get("key") or data.get("name"), None, data.get("value")

    # --- what needs what ---

    def _needs(self, op: Operation) -> Iterable[str]:
        for node in _named(op):
            if node in self._nodes:
                yield self._nodes[node]
        if isinstance(op, AddNode) and op.id in self._gone:
            yield self._gone[op.id]
        if isinstance(op, Connect):
            if op.edge in self._gone:
                yield self._gone[op.edge]
            for handle in _ends(op):
                if handle in self._handles:
                    yield self._handles[handle]

    def _note(self, id: str, ops: Sequence[Operation], after: Document) -> None:
        for op in ops:
            match op:
                case AddNode():
                    self._nodes[op.id] = id
                case RemoveNode():
                    self._gone[op.id] = id
                case Disconnect():
                    self._gone[op.edge] = id
                case _:
                    pass
        for node in _reshaped(ops, after, self._kinds):
            before = _handles(node, ports_of(self.document, node, self._kinds))
            for handle in _handles(node, ports_of(after, node, self._kinds)) - before:
                self._handles[handle] = id
        self.document = after


def _named(op: Operation) -> list[str]:
    match op:
        case Connect() | Disconnect():
            edge = parse_edge(op.edge)
            return [edge.source, edge.target] if edge else []
        case AddNode():
            return [op.node.parent] if op.node.parent else []
        case SetNode(key="parent"):
            return [op.id, *([op.value] if op.value else [])]
        case _:
            id = getattr(op, "id", None)
            return [id] if id else []


def _ends(op: Connect) -> list[Handle]:
    edge = parse_edge(op.edge)
    if edge is None:
        return []
    if op.sort == "flow":
        return [(edge.source, "flow", edge.source_handle or DONE)]
    if op.sort == "data":
        return [(edge.source, "out", edge.source_handle), (edge.target, "in", edge.target_handle)]
    return []


def _reshaped(ops: Sequence[Operation], document: Document, kinds: Kinds) -> list[str]:
    """The nodes whose ports may be others after the operations; not new ones, which count as a whole."""
    nodes = [op.id for op in ops if isinstance(op, SetConfig | SetNode)]
    if any(isinstance(op, SetSpec) for op in ops):
        nodes += [id for id, node in document.nodes.items() if (spec := kinds.get(node.kind)) and spec.dynamic]
    return nodes


def _handles(id: str, ports: NodePorts) -> set[Handle]:
    return {
        *((id, "in", port.name) for port in ports.inputs),
        *((id, "out", port.name) for port in ports.outputs),
        *((id, "flow", name) for name in ports.outcomes),
    }


def _sort(ops: Sequence[Mapping[str, Any]]) -> Sort:
    return _SORTS.get(str(ops[-1].get("op")), "changed") if ops else "changed"


def _raw(ops: Sequence[Mapping[str, Any]]) -> str:
    """Operations that cannot be put into words, as they were written."""
    said = (", ".join(f"{key} {value}" for key, value in op.items() if key != "op") for op in ops)
    return "; ".join(f"{str(op.get('op', '?')).replace('_', ' ')}: {each}" for op, each in zip(ops, said, strict=True))
