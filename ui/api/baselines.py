"""Comparing a workflow with its baselines: start, follow, cancel, and read what was measured.

One comparison at a time: they share the model. Results stay in the workspace, the newest of each workflow first.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Mapping
from typing import Annotated, Any, Final
from weakref import WeakKeyDictionary

from fastapi import APIRouter, Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from templates import catalogue
from templates.baselines import baselines, tools_of
from ui.api.errors import ApiError, not_found
from ui.api.input import Input, Opened, StrictRoute
from ui.api.sse import until
from ui.baselines import WORKFLOW, Comparison, Subject, kept, of_template
from ui.documents import Documents
from ui.refusal import Refusal
from ui.workspace import Workspace

router = APIRouter(prefix="/baselines", route_class=StrictRoute)
LOOK_EVERY: Final = 0.25
"""Seconds between two looks at a comparison."""
_LAST: Final[WeakKeyDictionary[Workspace, Comparison]] = WeakKeyDictionary()
"""The comparison that this process began last, of each workspace."""
_STARTING: Final = threading.Lock()


class Example(Input):
    """What goes in, and the checks of what comes out (``templates.checks``)."""

    inputs: dict[str, Any]
    expected: dict[str, Any] = Field(default_factory=dict)


class Start(Input):
    """One of ``template`` and ``workflow``; a stored workflow brings its ``examples``."""

    template: str = Field(default="", max_length=100)
    workflow: str = Field(default="", max_length=100)
    examples: list[Example] = Field(default_factory=list, max_length=200)
    count: int | None = Field(default=None, ge=1, le=200)
    model: str | None = Field(default=None, max_length=200)


def _of(workspace: Opened, id: str) -> Comparison:
    made = _LAST.get(workspace)
    if made is None or made.id != id:
        raise not_found("comparison at work", id, "What was measured stands under GET /baselines.")
    return made


Made = Annotated[Comparison, Depends(_of)]
"""The comparison in the path: the last one of this process."""


@router.get("")
def read(
    workspace: Opened,
    template: Annotated[str, Query(max_length=100)] = "",
    workflow: Annotated[str, Query(max_length=100)] = "",
) -> dict[str, Any]:
    """``{plan, comparisons, running}``: what a comparison would be, those that were made, and the id of one at work."""
    subject = _subject(workspace, template, workflow, ())
    return {
        "plan": _plan(workspace, subject),
        "comparisons": _known(workspace, subject),
        "running": _running(workspace),
    }


@router.post("", status_code=202)
def start(workspace: Opened, given: Start) -> dict[str, str]:
    """Begin a comparison in the background."""
    examples = tuple(each.model_dump() for each in given.examples)
    subject = _subject(workspace, given.template, given.workflow, examples)
    with _STARTING:
        if _running(workspace) is not None:
            raise ApiError(
                409, "busy", "A comparison is at work already.", mend="Wait until it has ended, or cancel it."
            )
        try:
            made = Comparison(workspace, subject, model=given.model, count=given.count)
        except Refusal as refusal:
            raise ApiError(422, "not-possible", refusal.what, mend=refusal.mend) from None
        _LAST[workspace] = made
    threading.Thread(target=made.run, name="baselines", daemon=True).start()
    return {"id": made.id}


@router.get("/{id}/events", response_class=EventSourceResponse)
async def events(workspace: Opened, made: Made) -> AsyncGenerator[ServerSentEvent]:
    """The comparison whenever something of it changed; ends with it."""
    async for event in until(workspace.closing, _changes(made)):
        yield event


@router.delete("/{id}", status_code=202)
def cancel(made: Made) -> dict[str, Any]:
    """Stop the run it is at and make no more; what was measured stays."""
    made.cancel()
    return made.data()


async def _changes(made: Comparison) -> AsyncGenerator[ServerSentEvent]:
    told = -1
    while True:
        version, now = made.version, made.data()
        if version != told:
            told = version
            yield ServerSentEvent(data=now)
        if now["status"] != "running":
            return
        await asyncio.sleep(LOOK_EVERY)


def _running(workspace: Workspace) -> str | None:
    made = _LAST.get(workspace)
    return made.id if made is not None and made.data()["status"] == "running" else None


def _known(workspace: Workspace, subject: Subject) -> list[dict[str, Any]]:
    """Those that were kept; of the one at work what is known now."""
    made = _LAST.get(workspace)
    mine = made is not None and made.subject.key == subject.key
    now = [made.data()] if made is not None and mine else []
    return [*now, *(each for each in kept(workspace, subject) if not now or each["id"] != now[0]["id"])]


def _subject(workspace: Workspace, template: str, workflow: str, examples: tuple[Mapping[str, Any], ...]) -> Subject:
    if bool(template) == bool(workflow):
        raise ApiError(422, "bad-input", "Name a template or a workflow, one of them.", where="template, workflow")
    if workflow:
        return Subject(WORKFLOW, workflow, Documents(workspace).get(workflow).document, examples)
    if template not in catalogue.slugs():
        raise not_found("template", template, f"There are: {', '.join(catalogue.slugs())}.")
    return of_template(template)


def _plan(workspace: Workspace, subject: Subject) -> dict[str, Any]:
    """What would be run: how many examples, on which model, within which limits, with which tools."""
    document = subject.document
    made = baselines(document) if document.outputs else {}
    return {
        "model": workspace.models.default(),
        "examples": len(subject.examples),
        "budget": document.limits.model_dump(),
        "sides": [{"name": name, "tools": tools_of(side)} for name, side in {WORKFLOW: document, **made}.items()],
    }
