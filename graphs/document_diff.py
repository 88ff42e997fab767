"""How one workflow document became another, as a person reads it: nodes, settings, edges, and the words of prompts.

Layout is no difference, and neither is a setting that was written out as the default it has anyway.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic_core import to_jsonable_python

from graphs.document import Document, Node, Part
from graphs.document_change import Change, became
from graphs.edge_diff import EdgeDiff
from graphs.intermediate import Kinds
from graphs.replay_matching import same
from nodes.registry import KINDS

_META: Final = ("title", "summary", "tags", "authors")


def document_changes(before: Document, after: Document, kinds: Kinds = KINDS) -> tuple[Change, ...]:
    """Every difference: of the workflow itself, then node by node, then edge by edge."""
    renamed = renamed_nodes(before, after)
    then = {renamed.get(id, id): node for id, node in before.nodes.items()}
    edges = EdgeDiff(before, after, renamed)
    return (
        *_of_workflow(before, after),
        *(Change("renamed", f"{old} is now called {new}", new, None, old, new) for old, new in renamed.items()),
        *(_removed(id, node, kinds) for id, node in then.items() if id not in after.nodes),
        *(_added(id, node, edges, kinds) for id, node in after.nodes.items() if id not in then),
        *(each for id, node in after.nodes.items() if id in then for each in _of_node(id, then[id], node, kinds)),
        *edges.changes(),
    )


def renamed_nodes(before: Document, after: Document) -> dict[str, str]:
    """Old id -> new id of nodes that only got another id: of their looks there is one gone and one new."""
    gone = _looks(before, (id for id in before.nodes if id not in after.nodes))
    new = _looks(after, (id for id in after.nodes if id not in before.nodes))
    return {ids[0]: new[look][0] for look, ids in gone.items() if len(ids) == 1 and len(new.get(look, ())) == 1}


def _looks(document: Document, ids: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id in ids:
        look = document.nodes[id].model_dump_json(exclude={"position", "size"})
        found.setdefault(look, []).append(id)
    return found


# --- the workflow itself ---------------------------------------------------------------------------


def _of_workflow(before: Document, after: Document) -> Iterator[Change]:
    for key in _META:
        yield from _changed("meta", f"the {key}", key, _plain(before)[key], _plain(after)[key])
    yield from _of_specs("input", "workflow input", before.inputs, after.inputs)
    yield from _of_specs("output", "workflow output", before.outputs, after.outputs)
    yield from _of_specs("state", "state variable", before.state, after.state)
    now = _plain(after.limits)
    for key, then in _plain(before.limits).items():
        yield from _changed("limit", f"the limit of {key}", key, then, now[key])


def _of_specs(sort: str, noun: str, before: Mapping[str, Part], after: Mapping[str, Part]) -> Iterator[Change]:
    for name in dict.fromkeys([*before, *after]):
        then, now = (_plain(each) if each else None for each in (before.get(name), after.get(name)))
        if then is None or now is None:
            how = "is gone" if now is None else f"({now['type']}) is new"
            yield Change(sort, f"{noun} {name} {how}", None, name, then, now)
            continue
        for key in now:
            yield from _changed(sort, f"{noun} {name}: {key}", name, then[key], now[key])


def _changed(sort: str, what: str, key: str, before: Any, after: Any, node: str | None = None) -> Iterator[Change]:
    if not same(before, after):
        yield Change(sort, became(what, before, after), node, key, before, after)


def _plain(part: Part) -> dict[str, Any]:
    return part.model_dump(mode="json")


# --- nodes -----------------------------------------------------------------------------------------


def _removed(id: str, node: Node, kinds: Kinds) -> Change:
    return Change("removed", f"{_named(id, node, kinds)} is gone", id, None, node.kind, None)


def _added(id: str, node: Node, edges: EdgeDiff, kinds: Kinds) -> Change:
    where = [f"in {node.parent}"] if node.parent else []
    what = ", ".join([f"{_named(id, node, kinds)} is new", *where, *edges.around(id)])
    return Change("added", what, id, None, None, node.kind)


def _named(id: str, node: Node, kinds: Kinds) -> str:
    spec = kinds.get(node.kind)
    title = node.label or (spec.title if spec else node.kind)
    return f"{id} ({title})" if title.lower() != id else id


def _of_node(id: str, before: Node, after: Node, kinds: Kinds) -> Iterator[Change]:
    if before.kind != after.kind:
        yield Change("kind", f"{id} is a {after.kind}, not a {before.kind}", id, "kind", before.kind, after.kind)
    for key in ("version", "label", "parent", "note"):
        yield from _changed(key, f"{id}: {key}", key, getattr(before, key), getattr(after, key), id)
    then, now = _settings(before, kinds), _settings(after, kinds)
    for key in dict.fromkeys([*before.config, *after.config]):
        yield from _changed("setting", f"{id}: {key.replace('_', ' ')}", key, then.get(key), now.get(key), id)


def _settings(node: Node, kinds: Kinds) -> dict[str, Any]:
    """What is set, and what holds where nothing is."""
    spec = kinds.get(node.kind)
    fields = spec.config.model_fields.items() if spec else ()
    defaults = {
        name: to_jsonable_python(field.get_default(call_default_factory=True), fallback=repr)
        for name, field in fields
        if not field.is_required()
    }
    return {**defaults, **node.config}
