"""The obvious data edges of a node: by name and type from what runs before it, else by type from what it follows.

The same rule as the canvas has for a flow edge that a person draws (``frontend/src/model/connection.ts``).
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from graphs.describing.draft import Draft
from graphs.document import Edge
from graphs.ports import frame_outputs_of
from nodes.contract import Port
from nodes.types import fits

_Source = tuple[str, Sequence[Port]]
DRAFTS: Final = ("draft", "candidate", "value", "content", "text", "attempt", "plan", "answer")
"""Inputs for the work of the node before, and those for the task below: they are rarely named like what feeds them."""
TASKS: Final = ("task", "question", "query", "goal", "problem", "situation", "state", "topic")

_GENERAL: Final = ("text", "content", "value", "draft")
"""Names that say nothing of what they are: the last work counts more than an output called so far away."""


def feed(draft: Draft, id: str, after: str | None = None) -> None:
    """Wire what is open on ``id``; ``after``: the node it follows, where there are several before it."""
    for edge in list(_edges(draft, id, after)):
        draft.connect("data", edge)


def _edges(draft: Draft, id: str, after: str | None) -> Iterator[Edge]:
    before = draft.upstream(id)
    order = [after, *(each for each in before if each != after)] if after in before else before
    sources = [(each, _reachable(draft, each, id)) for each in order]
    used: set[tuple[str, str]] = set()
    for port in _open(draft, id):
        rules = (_role, _named) if port.name in _GENERAL else (_named, _role)
        found = next((it for rule in rules if (it := rule(draft, sources, port))), None)
        found = found or _typed(draft, sources, port, used)
        if found is not None:
            used.add(found)
            yield Edge(*found, id, port.name)


def _open(draft: Draft, id: str) -> list[Port]:
    spec = draft.spec(id)
    collected = [port.name for port in draft.subject.body_feeds(id)] if spec else []
    return [
        port
        for port in draft.ports(id).inputs
        if (id, port.name) not in draft.subject.fed and port.name not in collected
    ]


def _reachable(draft: Draft, source: str, target: str) -> list[Port]:
    """Its outputs as seen from ``target``: those of a frame for its body only there."""
    spec = draft.spec(source)
    held = [port.name for port in frame_outputs_of(spec, draft.subject.node(source))] if spec and spec.frame else []
    inside = draft.document.nodes[target].parent == source
    return [port for port in draft.ports(source).outputs if (port.name in held) == inside]


def _named(draft: Draft, sources: Sequence[_Source], port: Port) -> tuple[str, str] | None:
    for id, outputs in sources:
        if any(out.name == port.name and fits(out.type, port.type) for out in outputs):
            return id, port.name
    return None


def _role(draft: Draft, sources: Sequence[_Source], port: Port) -> tuple[str, str] | None:
    """The task from the run's inputs; the draft from what was written last."""
    if port.name in TASKS:
        begins = [each for each in sources if _begins(draft, each[0])]
        return _only(begins[0], port, ()) if begins else None
    if port.name in DRAFTS and port.required:
        makers = [each for each in sources if not _begins(draft, each[0])]
        return next((found for each in makers if (found := result_of(each, port))), None)
    return None


def result_of(source: _Source, port: Port) -> tuple[str, str] | None:
    """The output of a node that is its result, where it fits."""
    id, outputs = source
    for name in ("answer", "draft", "content", "text", "value", "result", "program", "plan"):
        if any(out.name == name and fits(out.type, port.type) for out in outputs):
            return id, name
    return None


def _typed(
    draft: Draft, sources: Sequence[_Source], port: Port, used: Collection[tuple[str, str]]
) -> tuple[str, str] | None:
    if not port.required or not sources:
        return None
    nearest, *far = sources
    direct = _only(nearest, port, used)
    if direct is not None:
        return direct
    if port.type != "any":
        found = [each for source in far if (each := _only(source, port, used))]
        return found[0] if len(found) == 1 else None
    begins = [each for each in sources if _begins(draft, each[0])]
    return result_of(nearest, port) or (_only(begins[0], port, used) if begins else None)


def _only(source: _Source, port: Port, used: Collection[tuple[str, str]]) -> tuple[str, str] | None:
    """The one output that fits."""
    id, outputs = source
    exact = [out for out in outputs if port.type == "any" or out.type == port.type]
    return (id, exact[0].name) if len(exact) == 1 and (id, exact[0].name) not in used else None


def _begins(draft: Draft, id: str) -> bool:
    spec = draft.spec(id)
    return spec is not None and spec.dynamic == "workflow_inputs"
