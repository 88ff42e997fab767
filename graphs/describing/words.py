"""An operation in plain words, with the labels that a person sees on the canvas."""

from collections.abc import Mapping
from typing import Any, Final

from graphs.document import Document, Edge, parse_edge
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
from graphs.ports import DONE, EACH, ERROR, config_value
from nodes.contract import NodeSpec

Kinds = Mapping[str, NodeSpec]
_SPECS: Final = {
    "inputs": ("The workflow asks for “{name}” ({type})", "The workflow asks for “{name}” no more"),
    "outputs": ("The workflow gives “{name}” ({type})", "The workflow gives “{name}” no more"),
    "state": ("A state variable “{name}” ({type})", "No state variable “{name}” any more"),
}  # fmt: skip
SHORT: Final = 40
"""Characters of a value within a sentence; a longer one is shown below it."""
_LIMITS: Final = {
    "steps": "Stop after {value} steps", "seconds": "Stop after {value} seconds",
    "tokens": "Stop after {value} tokens", "usd": "Stop at ${value}",
}  # fmt: skip


class Speaker:
    """Puts operations on ``document`` into words; ``document`` is what stands before them."""

    def __init__(self, document: Document, kinds: Kinds) -> None:
        self._document = document
        self._kinds = kinds

    def sentence(self, op: Operation) -> str:
        """Without its full stop."""
        match op:
            case AddNode():
                return self._add(op)
            case RemoveNode():
                return f"Remove {self.name(op.id)}"
            case MoveNode():
                return f"Move {self.name(op.id)}"
            case SetConfig():
                return self._config(op)
            case SetNode():
                return self._node(op)
            case Connect() | Disconnect():
                return self._edge(op)
            case SetMeta():
                return self._became(f"{op.key.capitalize()} of the workflow", getattr(self._document, op.key), op.value)
            case SetInput() | SetOutput() | SetState():
                return self._spec(op)
            case SetLimit():
                return f"No limit of {op.key}" if op.value is None else _LIMITS[op.key].format(value=said(op.value))

    def moved(self, cut: Disconnect, joined: Connect) -> str:
        """An edge that leaves one end for another."""
        old, new = parse_edge(cut.edge), parse_edge(joined.edge)
        assert old is not None and new is not None
        same_source = old.source == new.source
        other = old.target if same_source else old.source
        if joined.sort == "data" and not same_source:
            return f"{self.edge('data', new)}, not {self.name(other)}’s “{old.source_handle}”"
        return f"{self.edge(joined.sort, new)}, not {self.name(other)}"

    def name(self, id: str) -> str:
        """What the person sees on the node."""
        node = self._document.nodes.get(id)
        spec = self._kinds.get(node.kind) if node else None
        return (node.label if node else "") or (spec.title if spec else id)

    def title(self, id: str, key: str) -> str:
        """The title of a setting."""
        node = self._document.nodes.get(id)
        spec = self._kinds.get(node.kind) if node else None
        return field_title(spec, key)

    def edge(self, sort: str, edge: Edge) -> str:
        """What an edge says."""
        source, target = self.name(edge.source), self.name(edge.target)
        if sort == "data":
            return f"{target} gets “{edge.target_handle}” from {source}’s “{edge.source_handle}”"
        if sort == "attach":
            return f"{target} uses {source}"
        return _flow(source, edge.source_handle or DONE, target)

    def _add(self, op: AddNode) -> str:
        spec = self._kinds.get(op.node.kind)
        title = spec.title if spec else op.node.kind
        name = op.node.label or title
        shown = [f"{field_title(spec, key)} {said(value)}" for key, value in op.node.config.items() if not long(value)]
        what = f"Add {name}" + (f" ({title})" if name != title else "")
        return what + (f" with {', '.join(shown)}" if shown else "")

    def _config(self, op: SetConfig) -> str:
        node = self._document.nodes[op.id]
        spec = self._kinds.get(node.kind)
        before = config_value(spec, node, op.key) if spec else node.config.get(op.key)
        after = op.value if "value" in op.model_fields_set else "the default"
        return self._became(f"{self.title(op.id, op.key)} of {self.name(op.id)}", before, after)

    def _node(self, op: SetNode) -> str:
        if op.key == "label":
            return f"Rename {self.name(op.id)} to {op.value}"
        if op.key == "parent":
            where = f"Put {self.name(op.id)} into {self.name(op.value)}" if op.value else None
            return where or f"Take {self.name(op.id)} out of its frame"
        return self._became(f"{op.key.capitalize()} of {self.name(op.id)}", None, op.value)

    def _edge(self, op: Connect | Disconnect) -> str:
        edge = parse_edge(op.edge)
        words = f"the {op.sort} edge {op.edge!r}" if edge is None else self.edge(op.sort, edge)
        return words if isinstance(op, Connect) else f"No longer: {words}"

    def _spec(self, op: SetInput | SetOutput | SetState) -> str:
        there = op.name in getattr(self._document, op.section)
        says, no_more = _SPECS[op.section]
        if op.value is None:
            return no_more.format(name=op.name)
        return says.format(name=op.name, type=op.value.type) + (", described otherwise" if there else "")

    @staticmethod
    def _became(what: str, before: Any, after: Any) -> str:
        if long(before) or long(after):
            return f"Change {_lower_article(what)}"
        fresh = before in (None, "", (), [])
        return f"{what}: {_quoted(after)}" if fresh else f"{what}: {_quoted(before)} becomes {_quoted(after)}"


def _quoted(value: Any) -> str:
    return f"“{value}”" if isinstance(value, str) and " " in value else said(value)


def _lower_article(what: str) -> str:
    return f"the {what[0].lower()}{what[1:]}"


def _flow(source: str, outcome: str, target: str) -> str:
    if outcome == DONE:
        return f"{source} leads to {target}"
    if outcome == EACH:
        return f"{source} begins with {target}"
    if outcome == ERROR:
        return f"When {source} fails, {target} runs"
    return f"When {source} ends with “{outcome}”, {target} runs"


def field_title(spec: NodeSpec | None, key: str) -> str:
    """The title of a setting of a kind; the key itself where there is none."""
    info = spec.config.model_fields.get(key) if spec else None
    return (info.title if info and info.title else "") or key.replace("_", " ").capitalize()


def long(value: Any) -> bool:
    """Whether a value does not fit into a sentence."""
    return isinstance(value, dict | list | tuple) or len(said(value)) > SHORT or "\n" in said(value)


def said(value: Any) -> str:
    """A value within a sentence."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if value is None or value == "":
        return "nothing"
    return value if isinstance(value, str) else str(value)
