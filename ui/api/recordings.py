"""Recordings: a run kept as a test, and a recording from elsewhere to be looked at and compared."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response

from nodes.contract import NodeError
from ui.api.errors import ApiError
from ui.api.input import Opened, StrictRoute
from ui.recordings import file_name, proved, taken_in, test_of

router = APIRouter(route_class=StrictRoute)


async def _content(request: Request) -> bytes:
    """The body as it came, whatever it says it is: what is no recording is refused in words of its own."""
    return await request.body()


Content = Annotated[bytes, Depends(_content)]


@router.get("/runs/{id}/recording")
def recording(workspace: Opened, id: str) -> Response:
    """The recording as a file, proved by a replay to pass as a test; the test is in the header ``X-Test``."""
    try:
        made = proved(workspace, id)
    except NodeError as error:
        raise ApiError(409, "not-possible", error.what, where=f"run {id}", mend=error.mend) from None
    name = file_name(made)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Test": quote(test_of(name))}
    return Response(made.text(), media_type="application/json", headers=headers)


@router.post("/import/recording", status_code=201)
def take(workspace: Opened, content: Content) -> dict[str, Any]:
    """A recording as a run of this workspace. Nothing is run."""
    from graphs.replay_recording import Recording  # LangChain: half a second that an idle server spares

    try:
        made = taken_in(workspace, Recording.read(content, "the file"))
    except NodeError as error:
        raise ApiError(422, "not-readable", error.what, mend=error.mend) from None
    return {"run_id": made.id, "number": made.number, "title": made.title}
