"""Three-way merge: what two people made of one workflow, as one workflow, and where they have to choose.

Merged by meaning: nodes by their ids (also where a side gave one another id), each setting alone, prompts and notes
by their words, edges as sets that meet at slots, inputs, outputs, state and limits by name. Until somebody chooses,
ours stands, so that the result can always be read and looked at.

Source: Mens 2002, A State-of-the-Art Survey on Software Merging (state-based, three-way, syntactic). Deviation:
the result is handed on as operations too (``steps``), so that it is one edit that can be taken back.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphs.diagnostics import Diagnostic
from graphs.document import EDGE_SORTS, Document, Edges, EdgeSort, Node, parse_edge
from graphs.intermediate import Kinds
from graphs.merging.conflict import ANY, Choice, Conflict, Decisions
from graphs.merging.fields import Fields, names
from graphs.merging.lines import merged_lines, sockets_alone
from graphs.merging.removals import Removals
from graphs.merging.renames import called, free_id, renames
from graphs.merging.sides import Sides, body_of, without
from graphs.validate import validate
from nodes.registry import KINDS

_NONE: Mapping[str, Choice] = {}


@dataclass(frozen=True)
class Merge:
    """What came of it."""

    document: Document
    conflicts: tuple[Conflict, ...] = field(default_factory=tuple[Conflict, ...])
    """In the order of the document; those decided on have a ``choice``."""

    @property
    def open(self) -> tuple[Conflict, ...]:
        """Those that nobody decided on; ours stands there."""
        return tuple(each for each in self.conflicts if each.choice is None)


def merge(
    base: Document,
    ours: Document,
    theirs: Document,
    choices: Mapping[str, Choice] = _NONE,
    kinds: Kinds = KINDS,
) -> Merge:
    """Bring both together; ``choices`` are for conflicts, by their keys. Never raises."""
    if ours in (base, theirs):
        return Merge(theirs)
    if theirs == base:
        return Merge(ours)
    decisions = Decisions(choices)
    new = {"ours": renames(base, ours), "theirs": renames(base, theirs)}
    sides = Sides(base, *(called(side, _back(of)) for side, of in zip((ours, theirs), new.values(), strict=True)))
    sides = _apart(sides, decisions)
    renamed: dict[Choice, set[str]] = {"ours": set(new["ours"]), "theirs": set(new["theirs"])}
    removals = Removals(sides, renamed, decisions)
    document = _together(removals.sides, removals.gone, decisions, kinds)
    document = _named(document, new["ours"], new["theirs"], decisions)
    return Merge(document, decisions.met())


def brought(merged: Document, ours: Document, theirs: Document, kinds: Kinds = KINDS) -> list[Diagnostic]:
    """What is wrong with the merged document and was with neither side: the merge itself brought it."""
    known = {_said(each) for side in (ours, theirs) for each in validate(side, kinds=kinds)}
    return [each for each in validate(merged, kinds=kinds) if _said(each) not in known]


def _said(diagnostic: Diagnostic) -> tuple[str, str, str]:
    return diagnostic.code, str(diagnostic.place), diagnostic.message


def _back(names: Mapping[str, str]) -> dict[str, str]:
    return {new: old for old, new in names.items()}


# --- one id, two nodes -------------------------------------------------------------------------------------


def _apart(sides: Sides, decisions: Decisions) -> Sides:
    """Where both added a node of the same id but of another kind, one of them, or both under two ids."""
    for id in sorted(sides.ours.nodes.keys() & sides.theirs.nodes.keys() - sides.base.nodes.keys()):
        ours, theirs = sides.ours.nodes.get(id), sides.theirs.nodes.get(id)
        if ours is None or theirs is None or ours.kind == theirs.kind:
            continue
        what = f"both added {id}: a {ours.kind} for ours, a {theirs.kind} for theirs"
        values = None, _plain(ours), _plain(theirs)
        chosen = decisions.of(Conflict(f"same_id:{id}", "same_id", what, id, id, *values, ANY))
        if chosen == "both":
            free = free_id(f"{id}_2", sides.base.nodes, sides.ours.nodes, sides.theirs.nodes)
            sides = sides._replace(theirs=called(sides.theirs, {id: free}))
        else:
            loser: Choice = "ours" if chosen == "theirs" else "theirs"
            gone = {each for each in body_of(sides.of(loser), id) if each not in sides.base.nodes}
            sides = sides.put(loser, without(sides.of(loser), gone))
    return sides


# --- together ----------------------------------------------------------------------------------------------


def _together(sides: Sides, gone: Collection[str], decisions: Decisions, kinds: Kinds) -> Document:
    ours, theirs = sides.ours, sides.theirs
    fields = Fields(decisions)
    workflow = fields.of_workflow(sides)
    there = [id for id in names(*(side.nodes for side in sides)) if id in ours.nodes or id in theirs.nodes]
    nodes = {id: fields.node(id, *(side.nodes.get(id) for side in sides)) for id in there}
    nodes = _nested(_laid_out(nodes, fields, decisions), gone, sides, decisions)
    whole = Document(**workflow, nodes=nodes)
    lines: dict[str, tuple[str, ...]] = {}
    for sort in EDGE_SORTS:
        three = _lines(sides.base, sort), _lines(ours, sort), _lines(theirs, sort)
        alone = sockets_alone(whole, kinds) if sort == "attach" else _never
        lines[sort] = _without_gone(merged_lines(sort, three, decisions, alone), gone)
    return whole.model_copy(update={"edges": Edges(**lines)})


def _lines(document: Document, sort: EdgeSort) -> tuple[str, ...]:
    return getattr(document.edges, sort)


def _never(_: tuple[str, str]) -> bool:
    return False


def _without_gone(lines: Collection[str], gone: Collection[str]) -> tuple[str, ...]:
    """Without edges to nodes that are there no more because of this merge."""
    parsed = [(text, parse_edge(text)) for text in lines]
    return tuple(text for text, edge in parsed if edge is None or not {edge.source, edge.target} & set(gone))


def _laid_out(nodes: dict[str, Node], fields: Fields, decisions: Decisions) -> dict[str, Node]:
    """Where both moved nodes, the places of one side for all of them: a layout is one piece."""
    if not fields.moved:
        return nodes
    ids = list(fields.moved)
    values = _positions(fields, 0), _positions(fields, 1), _positions(fields, 2)
    what = f"both moved {', '.join(ids[:4])}{f' and {len(ids) - 4} more nodes' if len(ids) > 4 else ''}"
    chosen = decisions.of(Conflict("layout", "layout", what, "layout", ids[0] if len(ids) == 1 else None, *values))
    if chosen != "theirs":
        return nodes
    places = {id: theirs for id, (_, _, theirs) in fields.moved.items()}
    return {
        id: node.model_copy(update={"position": places[id].position, "size": places[id].size}) if id in places else node
        for id, node in nodes.items()
    }


def _positions(fields: Fields, side: int) -> dict[str, tuple[float, float] | None]:
    nodes = {id: each[side] for id, each in fields.moved.items()}
    return {id: node.position if node else None for id, node in nodes.items()}


def _nested(nodes: dict[str, Node], gone: Collection[str], sides: Sides, decisions: Decisions) -> dict[str, Node]:
    """Frames that are gone hold nothing, and none stands in itself because each side moved one into the other."""
    found = {
        id: node.model_copy(update={"parent": None}) if node.parent in gone else node for id, node in nodes.items()
    }
    looped = [id for id in _looped(found) if not any(id in _looped(side.nodes) for side in sides)]
    if not looped:
        return found
    then, mine, other = ({id: side.nodes[id].parent for id in looped if id in side.nodes} for side in sides)
    what = f"{' and '.join(looped)} would stand in each other"
    chosen = decisions.of(
        Conflict(f"nesting:{min(looped)}", "nesting", what, min(looped), min(looped), then, mine, other)
    )
    side = sides.of(chosen).nodes
    return {
        id: node.model_copy(update={"parent": side[id].parent}) if id in looped and id in side else node
        for id, node in found.items()
    }


def _looped(nodes: Mapping[str, Node]) -> list[str]:
    """Nodes that stand in themselves, by way of others."""
    found: list[str] = []
    for id, node in nodes.items():
        at, seen = node.parent, set[str]()
        while at is not None and at in nodes and at not in seen:
            seen.add(at)
            at = nodes[at].parent
        if id in seen:
            found.append(id)
    return found


# --- other ids ---------------------------------------------------------------------------------------------


def _named(document: Document, ours: Mapping[str, str], theirs: Mapping[str, str], decisions: Decisions) -> Document:
    """With the ids that a side gave anew; one that is taken gets a number."""
    wanted: dict[str, str] = {}
    for id in dict.fromkeys([*ours, *theirs]):
        if id in document.nodes:
            wanted[id] = _new_id(id, ours.get(id), theirs.get(id), decisions)
    rest = {id: True for id in document.nodes if id not in wanted}
    found: dict[str, str] = {}
    for id in sorted(wanted):
        found[id] = free_id(wanted[id], rest, _back(found))
    return called(document, {old: new for old, new in found.items() if old != new})


def _new_id(id: str, ours: str | None, theirs: str | None, decisions: Decisions) -> str:
    if ours is None or theirs is None or ours == theirs:
        return ours or theirs or id
    what = f"{id} is called {ours} for ours, {theirs} for theirs"
    chosen = decisions.of(Conflict(f"renamed:{id}", "renamed", what, id, ours, id, ours, theirs))
    return theirs if chosen == "theirs" else ours


def _plain(node: Node) -> dict[str, Any]:
    return node.model_dump(mode="json", exclude_defaults=True)
