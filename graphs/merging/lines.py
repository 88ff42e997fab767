"""The edges of one sort, as sets: what either side drew is there, what either took away is not.

Edges meet at a slot: an input takes its value there, an outcome leads on, a socket is filled. Where both sides led
the same slot elsewhere, or both filled an empty one, somebody has to choose.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from graphs.document import Document, Edge, EdgeSort, parse_edge
from graphs.document_change import listed
from graphs.intermediate import DONE, Kinds
from graphs.merging.conflict import ANY, EITHER, Conflict, Decisions
from graphs.merging.sequences import Clash, woven

Lines = Sequence[str]
Three = tuple[Lines, Lines, Lines]
"""Base, ours, theirs."""
Slot = tuple[str, str]
"""A node and its handle; of an edge that cannot be read, the edge alone."""
Alone = Callable[[Slot], bool]
_VERB: Final[Mapping[EdgeSort, str]] = {"flow": "leads to", "data": "takes", "attach": "uses"}


def merged_lines(sort: EdgeSort, three: Three, decisions: Decisions, alone: Alone) -> Lines:
    """``alone``: whether a slot takes one edge only."""
    base, ours, theirs = three
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    sides = [_by_slot(sort, lines) for lines in (base, ours, theirs)]
    slots = dict.fromkeys(slot for side in (sides[1], sides[2], sides[0]) for slot in side)
    merged: list[Lines] = []
    for slot in slots:
        at_slot = sides[0].get(slot, ()), sides[1].get(slot, ()), sides[2].get(slot, ())
        merged.append(_slot(sort, slot, at_slot, decisions, alone(slot)))
    return _in_place(merged, _universe(base, ours, theirs))


def _by_slot(sort: EdgeSort, lines: Lines) -> dict[Slot, tuple[str, ...]]:
    found: dict[Slot, tuple[str, ...]] = {}
    for text in lines:
        slot = slot_of(sort, text)
        found[slot] = (*found.get(slot, ()), text)
    return found


def slot_of(sort: EdgeSort, text: str) -> Slot:
    edge = parse_edge(text)
    if edge is None:
        return "", text
    if sort == "flow":
        return edge.source, edge.source_handle or DONE
    return edge.target, edge.target_handle or ""


def _slot(sort: EdgeSort, slot: Slot, three: Three, decisions: Decisions, alone: bool) -> Lines:
    base, ours, theirs = three
    if ours in (base, theirs):
        return theirs
    if theirs == base:
        return ours
    was, mine, other = ([_edge(sort, text) for text in lines] for lines in (base, ours, theirs))
    new, new_there = [each for each in mine if each not in was], [each for each in other if each not in was]
    led_away = [each for each in was if each not in mine and each not in other]
    if new and new_there and set(new) != set(new_there) and (led_away or not was) and (sort != "attach" or alone):
        choices = EITHER if alone else ANY
        words = f"{_named(slot)} {_VERB[sort]} {_far(sort, new)} for ours, {_far(sort, new_there)} for theirs"
        conflict = Conflict(
            f"edge:{sort}:{'.'.join(slot)}", "edge", words, _named(slot), slot[0], [*base], [*ours], [*theirs], choices
        )
        chosen = decisions.of(conflict)
        if chosen != "both":
            return theirs if chosen == "theirs" else ours
    return _set(sort, slot, three, decisions)


def _set(sort: EdgeSort, slot: Slot, three: Three, decisions: Decisions) -> Lines:
    base, ours, theirs = three
    texts = {_edge(sort, text): text for text in sorted((*base, *theirs, *ours), key=len, reverse=True)}
    edges = [[_edge(sort, text) for text in lines] for lines in (base, ours, theirs)]
    try:
        return [texts[each] for each in woven(*edges)]
    except Clash:
        # Only of what is attached has the order a meaning: it is that of a team.
        chosen = "ours"
        if sort == "attach":
            what = f"{_named(slot)} uses its resources in another order on each side"
            place = f"order:{'.'.join(slot)}"
            conflict = Conflict(place, "order", what, _named(slot), slot[0], [*base], [*ours], [*theirs])
            chosen = decisions.of(conflict)
        first, second = (edges[2], edges[1]) if chosen == "theirs" else (edges[1], edges[2])
        there = [each for each in first if each not in edges[0] or each in second]
        return [texts[each] for each in dict.fromkeys([*there, *(each for each in second if each not in edges[0])])]


def _edge(sort: EdgeSort, text: str) -> Edge | str:
    """What tells edges apart: ``a -> b`` and ``a.done -> b`` are one."""
    edge = parse_edge(text)
    if edge is None:
        return text
    return edge._replace(source_handle=edge.source_handle or DONE) if sort == "flow" else edge


def _far(sort: EdgeSort, edges: Sequence[Edge | str]) -> str:
    """The other ends, in words."""
    ends = [
        (each.target if sort == "flow" else f"{each.source}.{each.source_handle}" if sort == "data" else each.source)
        for each in edges
        if isinstance(each, Edge)
    ]
    return listed(ends)


def _named(slot: Slot) -> str:
    return slot[0] if slot[1] in ("", DONE) else ".".join(slot)


def _universe(base: Lines, ours: Lines, theirs: Lines) -> dict[str, int]:
    """Every edge of the three -> its place."""
    try:
        first = woven(base, ours, theirs)
    except Clash:
        first = list(ours)
    return {text: at for at, text in enumerate(dict.fromkeys([*first, *ours, *theirs, *base]))}


def _in_place(slots: Sequence[Lines], place: dict[str, int]) -> list[str]:
    """The edges of all slots in one list: each slot keeps its places in it, and its own order among them."""
    placed = [
        (at, text)
        for lines in slots
        for at, text in zip(sorted(place[each] for each in lines), lines, strict=True)
    ]  # fmt: skip
    return [text for _, text in sorted(placed, key=lambda each: each[0])]


def sockets_alone(document: Document, kinds: Kinds) -> Alone:
    """Whether a socket takes one resource only."""

    def alone(slot: Slot) -> bool:
        node = document.nodes.get(slot[0])
        spec = kinds.get(node.kind) if node else None
        sockets = [each for each in (spec.attaches if spec else ()) if not slot[1] or each.name == slot[1]]
        return bool(sockets) and not any(each.many for each in sockets)

    return alone
