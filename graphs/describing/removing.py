"""Take a node out, or put another in its place, so that the flow and the data around it stay whole."""

from collections.abc import Mapping
from typing import Any

from graphs.describing.accepting import removal
from graphs.describing.draft import BACK, Draft
from graphs.describing.feeding import feed, result_of
from graphs.describing.insertion import fill_sockets
from graphs.document import Edge
from nodes.types import fits


def remove(draft: Draft, id: str) -> None:
    """Remove a node: what led to it leads on to what followed; resources that only it used go with it."""
    into = [(text, edge) for text, edge in draft.edges("flow") if edge.target == id and edge.source != id]
    out = [edge for _, edge in draft.edges("flow") if edge.source == id and edge.target != id]
    onward = [edge.target for edge in out if edge.source_handle not in BACK]
    lone = _only_users(draft, id)
    hungry = {edge.target for _, edge in draft.edges("data") if edge.source == id}
    for text, edge in into:
        draft.cut("flow", text)
        for target in dict.fromkeys(onward):
            if target != edge.source:
                draft.connect("flow", edge._replace(target=target))
    draft.do(*removal(draft.document, id))
    for each in [each for each in hungry if each in draft.document.nodes]:
        feed(draft, each)
    for each in lone:
        draft.do(*removal(draft.document, each))


def replace(
    draft: Draft, old: str, kind: str, *, label: str = "", config: Mapping[str, Any] | None = None
) -> str:  # fmt: skip
    """Put a step of ``kind`` in the place of ``old``; the new id. What cannot be wired to it is not."""
    id = draft.add(kind, near=old, below=True, label=label, config=config)
    _take_flow(draft, old, id)
    _take_inputs(draft, old, id)
    _take_outputs(draft, old, id)
    _take_resources(draft, old, id)
    lone = _only_users(draft, old)
    draft.do(*removal(draft.document, old))
    for each in lone:
        draft.do(*removal(draft.document, each))
    feed(draft, id)
    fill_sockets(draft, id)
    return id


def _take_flow(draft: Draft, old: str, id: str) -> None:
    ways = draft.ways_out(id)
    on = next((name for name in ways if name not in BACK), None)
    back = next((name for name in ways if name in BACK), None)
    for text, edge in draft.edges("flow"):
        if edge.target == old and edge.source != old:
            draft.cut("flow", text)
            draft.connect("flow", edge._replace(target=id))
        elif edge.source == old and edge.target != old:
            same = edge.source_handle if edge.source_handle in ways else None
            outcome = same or (back if edge.source_handle in BACK else on)
            if outcome is not None:
                draft.connect("flow", Edge(id, outcome, edge.target, None))
    targets = [edge.target for _, edge in draft.edges("flow") if edge[:2] == (id, on)]
    for outcome in ways:  # outcomes that the old one did not have lead on as well
        if outcome not in BACK and not any(edge[:2] == (id, outcome) for _, edge in draft.edges("flow")):
            for target in targets:
                draft.connect("flow", Edge(id, outcome, target, None))


def _take_inputs(draft: Draft, old: str, id: str) -> None:
    for _, edge in draft.edges("data"):
        port = draft.ports(id).input(edge.target_handle)
        source = draft.ports(edge.source).output(edge.source_handle)
        if edge.target == old and port is not None and source is not None and fits(source.type, port.type):
            draft.connect("data", edge._replace(target=id))


def _take_outputs(draft: Draft, old: str, id: str) -> None:
    for text, edge in draft.edges("data"):
        port = draft.ports(edge.target).input(edge.target_handle)
        if edge.source != old or port is None:
            continue
        outputs = draft.ports(id).outputs
        same = [out.name for out in outputs if out.name == edge.source_handle and fits(out.type, port.type)]
        found = (id, same[0]) if same else result_of((id, outputs), port)
        draft.cut("data", text)
        if found is not None:
            draft.connect("data", Edge(*found, edge.target, edge.target_handle))


def _take_resources(draft: Draft, old: str, id: str) -> None:
    for _, edge in draft.edges("attach"):
        spec = draft.spec(edge.source)
        if edge.target == old and spec is not None:
            sockets = draft.ports(id).sockets_for(spec.provides)
            same = [each for each in sockets if each.name == edge.target_handle] or list(sockets)
            if same:
                draft.connect("attach", Edge(edge.source, None, id, same[0].name))


def _only_users(draft: Draft, id: str) -> list[str]:
    """The resources attached to nothing but this node."""
    attached = [edge for _, edge in draft.edges("attach")]
    mine = dict.fromkeys(edge.source for edge in attached if edge.target == id)
    return [each for each in mine if all(edge.target == id for edge in attached if edge.source == each)]
