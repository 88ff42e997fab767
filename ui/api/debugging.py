"""Debugging and time travel: forks and their lineage, stops and breakpoints, pins, a workflow edited under a run."""

import json
from dataclasses import asdict
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from graphs.breakpoints import Breakpoint, Command, Edits
from graphs.document import Document
from graphs.fork_request import ForkRequest, NotAForkPoint
from graphs.ports import ports_of
from nodes.contract import NodeError
from nodes.registry import KINDS
from store.pins import Pins
from store.runs import RunRow
from ui.answering import LONGEST, answerer
from ui.api.errors import ApiError, not_found
from ui.api.inbox import from_page
from ui.api.input import Input, Opened, StrictRoute
from ui.api.runs import Run, possible
from ui.api.versions import Version, require_version
from ui.api.workflows import parsed
from ui.documents import Documents
from ui.starting import start_fork
from ui.workspace import Workspace

router = APIRouter(route_class=StrictRoute)
LONGEST_LABEL: Final = 200
"""Characters."""


class Fork(ForkRequest):
    """Where to fork, what to change, what to keep; ``document``: ``edited`` for the workflow as it is stored now."""

    document: dict[str, Any] | Literal["edited"] | None = None
    breakpoints: list[Breakpoint] = Field(default_factory=list)
    label: str = Field(default="", max_length=LONGEST_LABEL)


class Debug(Input):
    """A command to a run that stops, or ``pause`` to one that runs; ``by``: who gives it, else as the settings say."""

    command: Command
    interrupt: str | None = None
    edits: Edits = Edits()
    breakpoints: list[Breakpoint] | None = None
    by: str | None = Field(default=None, max_length=LONGEST)
    version: Version = None


class Breakpoints(Input):
    breakpoints: list[Breakpoint]


class Label(Input):
    label: str = Field(max_length=LONGEST_LABEL)


class PinInput(Input):
    """The visit whose outputs are pinned, or outputs written by hand."""

    span: str | None = None
    outputs: dict[str, Any] | None = None
    outcome: str | None = None


@router.post("/runs/{id}/fork", status_code=202)
def fork(workspace: Opened, run: Run, given: Fork) -> dict[str, str]:
    """Begin a run that goes out from a visit of this one."""
    asked = ForkRequest.model_validate({name: getattr(given, name) for name in ForkRequest.model_fields})
    document, revision = _document(workspace, run, given.document)
    with possible(run):
        try:
            made = start_fork(
                workspace, run, asked, document, revision=revision, label=given.label, breakpoints=given.breakpoints
            )
        except NotAForkPoint as error:
            raise ApiError(422, "not-a-fork-point", error.what, mend=error.mend, beside={"span": error.span}) from None
    return {"run_id": made, "number": workspace.runs.get(made).number}


@router.get("/runs/{id}/lineage")
def lineage(workspace: Opened, run: Run) -> dict[str, Any]:
    """The runs related to this one, oldest first, and the one they all go back to."""
    found = workspace.runs.lineage(run.id)
    return {"root": found[0].id, "runs": [_line(each) for each in found]}


@router.post("/runs/{id}/debug", status_code=202)
def debug(workspace: Opened, run: Run, given: Debug, in_page: Annotated[bool, Depends(from_page)]) -> dict[str, str]:
    """Say how the run goes on from where it stops."""
    who = answerer(workspace, "browser" if in_page else "api", given.by)
    if given.command != "pause":
        require_version(workspace, run, given.version)
    with possible(run):
        workspace.engine.runner.debugger.command(
            run.id, given.command, interrupt=given.interrupt, edits=given.edits, breakpoints=given.breakpoints, who=who
        )
    return {"run_id": run.id}


@router.put("/runs/{id}/breakpoints", status_code=202)
def set_breakpoints(workspace: Opened, run: Run, given: Breakpoints) -> dict[str, str]:
    """Put these in place of the run's breakpoints."""
    with possible(run):
        workspace.engine.runner.debugger.set_breakpoints(run.id, given.breakpoints)
    return {"run_id": run.id}


@router.patch("/runs/{id}")
def rename(workspace: Opened, run: Run, given: Label) -> dict[str, Any]:
    """Give the run a name."""
    return asdict(workspace.runs.update(run.id, label=given.label.strip()))


@router.get("/workflows/{id}/pins")
def list_pins(workspace: Opened, id: str) -> list[dict[str, Any]]:
    """The pinned nodes of a workflow."""
    workspace.workflows.get(id)
    return [asdict(pin) for pin in Pins(workspace.database).list(id)]


@router.put("/workflows/{id}/pins/{node}")
def put_pin(workspace: Opened, id: str, node: str, given: PinInput) -> dict[str, Any]:
    """Pin what a node comes to in the builder's runs."""
    document = Documents(workspace).get(id).document
    spec = KINDS.get(document.nodes[node].kind) if node in document.nodes else None
    if spec is None or spec.run is None:
        raise not_found("node that runs", node, "Pick one of the workflow's nodes.")
    if (given.span is None) == (given.outputs is None):
        raise ApiError(422, "invalid", "A pin needs a span or outputs, one of the two.", where="span")
    outputs, outcome = _of_span(workspace, node, given.span) if given.span else (given.outputs or {}, given.outcome)
    ports = ports_of(document, node, KINDS)
    _require("output", [name for name in outputs if not name.startswith("state.")], [p.name for p in ports.outputs])
    _require("outcome", [outcome] if outcome else [], list(ports.outcomes))
    return asdict(Pins(workspace.database).put(id, node, outputs, outcome, given.span))


@router.delete("/workflows/{id}/pins/{node}", status_code=204)
def delete_pin(workspace: Opened, id: str, node: str) -> None:
    """Let the node run again."""
    Pins(workspace.database).delete(id, node)


def _document(
    workspace: Workspace, run: RunRow, given: dict[str, Any] | str | None
) -> tuple[Document | None, int | None]:
    """The document in place of the recorded one, and its revision where it is the stored one."""
    if given is None:
        return None, None
    if isinstance(given, dict):
        return parsed(json.dumps(given)), None
    if run.workflow_id is None:
        raise ApiError(422, "invalid", f"The run {run.number} is of no stored workflow.", where="document")
    stored = Documents(workspace).get(run.workflow_id)
    return stored.document, stored.revision


def _line(run: RunRow) -> dict[str, Any]:
    at = {name: run.changes.get(name) for name in ("node", "visit", "item")}
    names = ("id", "number", "parent_id", "forked_at", "label", "changes", "status", "title", "created_at", "steps",
             "kept", "usd")  # fmt: skip
    return {**{name: getattr(run, name) for name in names}, **at}


def _of_span(workspace: Workspace, node: str, span: str) -> tuple[dict[str, Any], str | None]:
    workspace.engine.flush()
    found = workspace.spans.get(span)
    if found.node_id != node or found.operation != "invoke_node" or found.status != "ok":
        raise ApiError(
            422, "invalid", f"The span {span} is no visit of {node!r} that went well.", where="span",
            mend="Pick a visit of that node in the trace.",
        )  # fmt: skip
    return dict(found.output or {}), found.outcome


def _require(noun: str, given: list[str], known: list[str]) -> None:
    for name in given:
        if name not in known:
            raise NodeError(f"The node has no {noun} {name!r}", mend=f"There are: {', '.join(known) or 'none'}.")
