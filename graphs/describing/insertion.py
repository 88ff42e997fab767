"""Put a new step into the flow: after another one, with its outcomes led on and its inputs wired."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from graphs.describing.draft import BACK, Draft
from graphs.describing.feeding import feed
from graphs.describing.handing import hand_on, send_back
from graphs.document import Edge, InputSpec, OutputSpec
from graphs.operations import SetInput, SetOutput
from graphs.ports import DONE
from nodes.contract import Attach, Port
from nodes.types import fits

RESULTS: Final = ("answer", "draft", "text", "content")
"""Outputs that take the place of the result before them."""
_PASSED_ON: Final = frozenset({
    "reflection.refine", "reflection.self_refine", "control.edit", "guards.check_text", "prompt", "agent",
    "planning.execute", "planning.execute_graph",
})  # fmt: skip
_MAKERS: Final = frozenset({"deliberation", "teams"})
"""Families whose nodes write an answer; ``_PASSED_ON`` are kinds of other families that do."""


def insert_after(
    draft: Draft, kind: str, after: str | None, *, label: str = "", config: Mapping[str, Any] | None = None
) -> str:
    """Add a step of ``kind`` behind ``after`` (None: in an empty workflow) and wire it; the new id.

    What followed now follows the new step; an outcome that sends work back leads to ``after``. Raises
    OperationError where an operation does not fit.
    """
    if after is None:
        return _alone(draft, kind, label=label, config=config)
    id = draft.add(kind, near=after, label=label, config=config)
    following = _open_way(draft, after, id)
    for outcome in draft.ways_out(id):
        if outcome not in BACK:
            for target in following:
                draft.connect("flow", Edge(id, outcome, target, None))
    feed(draft, id, after)
    send_back(draft, id, after, following)
    _take_over_result(draft, id, following)
    hand_on(draft, id, following)
    fill_sockets(draft, id)
    return id


def _alone(draft: Draft, kind: str, *, label: str, config: Mapping[str, Any] | None) -> str:
    """Start, the step, finish: with an input and an output where the workflow has none."""
    if not draft.document.inputs:
        draft.do(SetInput(name="question", value=InputSpec(title="Question")))
    if not draft.document.outputs:
        draft.do(SetOutput(name="answer", value=OutputSpec(type="text", title="Answer")))
    start = next(iter(draft.subject.starts), None) or draft.add("start")
    finish = next(iter(draft.subject.finishes), None) or draft.add("finish", near=start)
    draft.connect("flow", Edge(start, DONE, finish, None))
    id = insert_after(draft, kind, start, label=label, config=config)
    feed(draft, finish, id)
    return id


def _open_way(draft: Draft, after: str, id: str) -> list[str]:
    """Lead ``after`` to the new node; what followed it."""
    outcome = _way_on(draft, after)
    if outcome is None:
        return []
    ways = [(text, edge) for text, edge in draft.edges("flow") if (edge.source, edge.source_handle) == (after, outcome)]
    for text, _ in ways:
        draft.cut("flow", text)
    draft.connect("flow", Edge(after, outcome, id, None))
    return [edge.target for _, edge in ways]


def _way_on(draft: Draft, after: str) -> str | None:
    """The outcome by which work goes on: one that leads on already, else a free one."""
    ways = [name for name in draft.ways_out(after) if name not in BACK] or draft.ways_out(after)
    used = [name for name in ways if any(edge[:2] == (after, name) for _, edge in draft.edges("flow"))]
    return next(iter([*used, *ways]), None)


def _take_over_result(draft: Draft, id: str, following: Sequence[str]) -> None:
    """Where a finish took what was made before, or what the step is made from, it takes what the step makes."""
    spec = draft.spec(id)
    if spec is None or (spec.family not in _MAKERS and spec.kind not in _PASSED_ON):
        return
    result = next((port for name in RESULTS for port in draft.ports(id).outputs if port.name == name), None)
    read = {edge[:2] for _, edge in draft.edges("data") if edge.target == id}
    for finish in [each for each in draft.subject.finishes if draft.subject.flow.reaches(id, each)]:
        for text, edge in draft.edges("data"):
            mine = edge.target == finish and (finish in following or edge[:2] in read)
            if mine and result is not None and _replaces(draft, edge, result):
                draft.cut("data", text)
                draft.connect("data", Edge(id, result.name, finish, edge.target_handle))
                break


def _replaces(draft: Draft, edge: Edge, result: Port) -> bool:
    port = draft.ports(edge.target).input(edge.target_handle)
    return port is not None and fits(result.type, port.type)


def fill_sockets(draft: Draft, id: str) -> None:
    """Attach what a step cannot do without: a resource of the sort that is there, else a memory space of its own."""
    for socket in draft.ports(id).sockets:
        if socket.required and not _attached(draft, id, socket):
            there = [each for each, spec in draft.subject.specs.items() if spec.provides == socket.sort]
            resource = there[0] if there else _new_resource(draft, id, socket)
            if resource is not None:
                draft.connect("attach", Edge(resource, None, id, socket.name))


def _new_resource(draft: Draft, id: str, socket: Attach) -> str | None:
    if socket.sort != "memory":
        return None
    return draft.add("resource.memory_space", near=id, below=True, config={"space": "notes"})


def _attached(draft: Draft, id: str, socket: Attach) -> bool:
    return any(edge.target == id and edge.target_handle in (None, socket.name) for _, edge in draft.edges("attach"))
