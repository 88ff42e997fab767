"""Say what you want: a proposal of operations, streamed while it is made, and what a choice of them would leave."""

from collections.abc import AsyncGenerator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from graphs.operations import OperationError, apply, parse_operations
from nodes.contract import NodeError
from ui.api.errors import ApiError
from ui.api.input import Input, Opened, StrictRoute
from ui.api.sse import until
from ui.documents import Documents

router = APIRouter(prefix="/workflows/{id}/describe", route_class=StrictRoute)
LONGEST = 2_000
"""Characters of a wish."""


class Asked(Input):
    """``model`` in place of the default one; ``way``: by small decisions, or all in one answer."""

    wish: str = Field(min_length=1, max_length=LONGEST)
    model: str | None = Field(default=None, max_length=200)
    way: Literal["steps", "once"] | None = None


class Choice(Input):
    """Operations that would be accepted."""

    ops: list[dict[str, Any]] = Field(max_length=2_000)


def _ready(workspace: Opened, id: str, given: Asked) -> str:
    """The model, once it is sure that it can be asked: a stream cannot answer 404 or 422 once begun."""
    from ui.describing import ready_model  # LangChain: half a second

    workspace.workflows.get(id)
    try:
        return ready_model(workspace, given.model)
    except NodeError as error:
        raise ApiError(422, "model-not-ready", error.what, where="model", mend=error.mend) from None


@router.post("", response_class=EventSourceResponse)
async def describe(
    workspace: Opened, id: str, given: Asked, model: Annotated[str, Depends(_ready)]
) -> AsyncGenerator[ServerSentEvent]:
    """What a model makes of a wish: ``step`` and ``spent`` while it works, then ``proposal`` or ``refused``.

    Nothing is saved. A client that leaves ends the work.
    """
    from ui.describing import Wish, proposing  # as above

    opened = Documents(workspace).get(id)
    wish = Wish(opened.document, given.wish, model, given.way, id)
    async for event in until(workspace.closing, proposing(workspace, wish)):
        more = {"revision": opened.revision} if event["type"] == "proposal" else {}
        yield ServerSentEvent(data={**event, **more})


@router.post("/check")
def check(workspace: Opened, id: str, given: Choice) -> dict[str, Any]:
    """``{left: [diagnostic]}``: the findings that would be new after these operations; nothing is saved."""
    from graphs.describing.mending import new_findings  # as above

    opened = Documents(workspace).get(id)
    try:
        after = apply(opened.document, parse_operations(given.ops))
    except OperationError as error:
        first = error.problems[0]
        beside = {"problems": [problem.model_dump() for problem in error.problems]}
        where = f"operation {first.index} ({first.op})"
        raise ApiError(422, "bad-operation", first.what, where=where, mend=first.mend, beside=beside) from None
    known = workspace.diagnose(opened.document, workflow_id=id)
    left = new_findings(known, workspace.diagnose(after, workflow_id=id))
    return {"left": [finding.wire() for finding in left]}
