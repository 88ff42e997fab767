"""A document as YAML that is pleasant to read, edit and compare.

Keys stand in the order of the format, values equal to their default are left out, short mappings go
on one line, texts of several lines are blocks, and every edge has a line of its own.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

import yaml

from graphs.document import Document
from graphs.yaml_tree import FLOAT, INTEGER

WIDTH: Final = 88
"""Columns up to which a mapping or list goes on one line."""
INDENT: Final = 2
DUMPER: Final[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

_ODD: Final = frozenset("\r\x85\u2028\u2029\ufeff")
_STR: Final = "tag:yaml.org,2002:str"
_KEYED: Final = ("inputs", "outputs", "state", "nodes")
_NODE_KEYS: Final = ("kind", "version", "label", "note", "parent", "position", "size", "config")
_LAYOUT: Final = ("position", "size")
_EXACT: Final = 1e15


class _Dumper(DUMPER):
    """Quotes what YAML 1.1 programs would misread and, on top of that, what our own reader would."""


def _whole(pattern: re.Pattern[str]) -> re.Pattern[str]:
    """Resolvers match at the beginning only; ours mean the whole scalar."""
    return re.compile(f"(?:{pattern.pattern})$")


_Dumper.add_implicit_resolver("tag:yaml.org,2002:int", _whole(INTEGER), list("-+0123456789"))
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _whole(FLOAT), list("-+.0123456789"))


def dump(document: Document) -> str:
    """The document as YAML text; equal documents with keys in the same order give equal texts."""
    data = document.model_dump(mode="json", exclude_defaults=True)
    data = {"nodeloom": document.nodeloom, **{key: data[key] for key in Document.model_fields if key in data}}
    if "nodes" in data:
        data["nodes"] = {id: _ordered(node) for id, node in data["nodes"].items()}
    if "limits" in data:
        data["limits"] = {key: _plain(value) for key, value in data["limits"].items()}
    root = _mapping([(key, _section(key, value)) for key, value in data.items()], flow=False)
    return yaml.serialize(
        root, Dumper=_Dumper, allow_unicode=True, width=-1 if DUMPER is not yaml.SafeDumper else 10**9
    )


def _ordered(node: dict[str, Any]) -> dict[str, Any]:
    """A node's keys in the order of the file, what may be long last."""
    ordered = {key: node[key] for key in _NODE_KEYS if key in node}
    return {key: [_plain(each) for each in value] if key in _LAYOUT else value for key, value in ordered.items()}


def _plain(number: float) -> float:
    """Whole floats of the layout and the limits without ``.0``: ``160`` reads better."""
    return int(number) if float(number).is_integer() and abs(number) < _EXACT else number


def _section(key: str, value: Any) -> yaml.Node:
    if key == "edges":
        return _mapping([(sort, _sequence(edges, flow=False)) for sort, edges in value.items()], flow=False)
    if key in _KEYED:
        return _mapping([(name, _node(part, INDENT, len(name) + 2)) for name, part in value.items()], flow=False)
    return _node(value, 0, len(key) + 2)


def _node(value: Any, indent: int, used: int) -> yaml.Node:
    """The YAML of a value. ``indent``: columns its lines begin at; ``used``: those of the key before it."""
    if not isinstance(value, dict | list):
        return _scalar(value)
    flow = (length := _length(value)) is not None and indent + used + length <= WIDTH
    if isinstance(value, list):
        return _sequence(cast("list[Any]", value), flow=flow, indent=indent)
    items = cast("Mapping[str, Any]", value).items()
    deeper = indent + INDENT
    return _mapping([(key, _node(each, deeper, len(key) + 2)) for key, each in items], flow=flow)


def _sequence(items: list[Any], *, flow: bool, indent: int = 0) -> yaml.SequenceNode:
    nodes = [_node(each, indent + INDENT, 0) for each in items]
    return yaml.SequenceNode("tag:yaml.org,2002:seq", nodes, flow_style=flow)


def _mapping(items: list[tuple[str, yaml.Node]], *, flow: bool) -> yaml.MappingNode:
    nodes = [(_scalar(key), value) for key, value in items]
    return yaml.MappingNode("tag:yaml.org,2002:map", nodes, flow_style=flow or not nodes)


def _scalar(value: Any) -> yaml.ScalarNode:
    if value is None:
        return yaml.ScalarNode("tag:yaml.org,2002:null", "null")
    if isinstance(value, bool):
        return yaml.ScalarNode("tag:yaml.org,2002:bool", "true" if value else "false")
    if isinstance(value, int):
        return yaml.ScalarNode("tag:yaml.org,2002:int", str(value))
    if isinstance(value, float):
        return yaml.ScalarNode("tag:yaml.org,2002:float", repr(value))
    text = str(value)
    return yaml.ScalarNode(_STR, text, style=_style(text))


def _style(text: str) -> str | None:
    if _ODD & set(text) or (not text.isprintable() and "\n" not in text):
        return '"'
    return "|" if "\n" in text else None


def _length(value: Any) -> int | None:
    """Columns the value takes on one line; None where it has to take several."""
    if isinstance(value, dict):
        parts = [_length(each) for each in cast("dict[str, Any]", value).values()]
        around = sum(len(key) + 2 for key in cast("dict[str, Any]", value))
    elif isinstance(value, list):
        parts = [_length(each) for each in cast("list[Any]", value)]
        around = 0
    else:
        text = str(value)
        return None if "\n" in text else len(text) + 2 * (not text.isalnum())
    if any(part is None for part in parts):
        return None
    return 2 + around + sum(part or 0 for part in parts) + 2 * max(len(parts) - 1, 0)
