"""The fields of a workflow and of its nodes, each merged alone."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar

from pydantic import BaseModel

from graphs.document import Limits, Node, Part
from graphs.merging.conflict import Conflict, Decisions
from graphs.merging.sequences import Clash, woven
from graphs.merging.sides import Sides
from graphs.merging.values import ABSENT, merged_value

_META: Final = ("title", "summary", "tags", "authors")
_SECTIONS: Final = ("inputs", "outputs", "state")
_OF_NODE: Final = ("kind", "version", "label", "note", "parent")
_LAYOUT: Final = ("position", "size")
P = TypeVar("P", bound=Part)


class Fields:
    """Merges values; what clashes is decided on. ``moved`` collects the nodes that both sides laid out anew."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions
        self.moved: dict[str, tuple[Node | None, Node, Node]] = {}

    def of_workflow(self, sides: Sides) -> dict[str, Any]:
        """Every key of the document but its nodes and edges."""
        found = {key: self._value(key, "", None, *(getattr(side, key) for side in sides)) for key in _META}
        found |= {section: self._section(section, *(getattr(side, section) for side in sides)) for section in _SECTIONS}
        return found | {"limits": self._part("limits", None, Limits, *(side.limits for side in sides))}

    def node(self, id: str, base: Node | None, ours: Node | None, theirs: Node | None) -> Node:
        """A node that at least one side has; without a base, both sides added it."""
        if ours is None or theirs is None:
            found = ours or theirs
            assert found is not None
            return found
        then = base or Node(kind=ours.kind)
        nodes = (then, ours, theirs)
        keys = {key: self._value(f"{id}.{key}", id, id, *(getattr(node, key) for node in nodes)) for key in _OF_NODE}
        config = {
            key: value
            for key in dict.fromkeys(key for node in nodes for key in node.config)
            if (value := self._setting(id, key, *(node.config.get(key, ABSENT) for node in nodes))) is not ABSENT
        }
        return Node(**keys, config=config, **self._layout(id, base, ours, theirs))

    def _layout(self, id: str, base: Node | None, ours: Node, theirs: Node) -> dict[str, Any]:
        """Who moved it last has it; both: ours for now, and it is noted."""
        then, mine, other = (_layout(each) if each else None for each in (base, ours, theirs))
        if mine == then:
            return other or {}
        if other not in (then, mine):
            self.moved[id] = (base, ours, theirs)
        return mine or {}

    def _setting(self, id: str, key: str, base: Any, ours: Any, theirs: Any) -> Any:
        return self._value(f"{id}.config.{key}", f"{id}: {key.replace('_', ' ')}", id, base, ours, theirs)

    def _section(self, section: str, base: Mapping[str, P], ours: Mapping[str, P], theirs: Mapping[str, P]) -> Any:
        """Inputs, outputs or state variables, by name."""
        found: dict[str, Any] = {}
        for name in names(base, ours, theirs):
            place, specs = f"{section}.{name}", [side.get(name) for side in (base, ours, theirs)]
            then, mine, other = specs
            if mine is not None and other is not None:
                found[name] = self._part(place, None, type(mine), then, mine, other)
                continue
            there = self._value(place, "", None, *(ABSENT if each is None else _plain(each) for each in specs))
            if there is not ABSENT:
                found[name] = next(each for each in specs if each is not None and _plain(each) == there)
        return found

    def _part(self, place: str, node: str | None, sort: type[P], base: P | None, ours: P, theirs: P) -> P:
        """Field by field; what both sides added is held against the defaults."""
        then = base or sort()
        values = {
            key: self._value(f"{place}.{key}", "", node, *(getattr(each, key) for each in (then, ours, theirs)))
            for key in sort.model_fields
        }
        return sort.model_validate(values)

    def _value(self, place: str, said: str, node: str | None, base: Any, ours: Any, theirs: Any) -> Any:
        try:
            return merged_value(base, ours, theirs)
        except Clash:
            what = f"{said or place.replace('.', ' ')} was changed on both sides"
            shown = [_shown(each) for each in (base, ours, theirs)]
            chosen = self._decisions.of(Conflict(f"field:{place}", "field", what, place, node, *shown))
            return theirs if chosen == "theirs" else ours


def names(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """All names of three records, in the order of whoever changed it."""
    sides = [list(each) for each in (base, ours, theirs)]
    try:
        first = woven(*sides)
    except Clash:
        first = sides[1]
    return list(dict.fromkeys([*first, *sides[1], *sides[2]]))


def _layout(node: Node) -> dict[str, Any]:
    return {key: getattr(node, key) for key in _LAYOUT}


def _plain(part: Part) -> dict[str, Any]:
    return part.model_dump(mode="json")


def _shown(value: Any) -> Any:
    """As JSON data; None for what is not there."""
    if value is ABSENT:
        return None
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
