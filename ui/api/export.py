"""A workflow as a Python program, in a zip archive."""

from urllib.parse import quote

from fastapi import APIRouter, Response

from graphs.export.archive import zipped
from graphs.export.packaging import project_name
from graphs.export.refusals import NotExportable
from ui.api.errors import ApiError
from ui.api.input import Opened, StrictRoute
from ui.documents import Documents
from ui.exporting import exported
from ui.refusal import NotRunnable
from ui.sharing import WouldLeak

router = APIRouter(route_class=StrictRoute)


@router.get("/workflows/{id}/export.zip")
def export(workspace: Opened, id: str) -> Response:
    """The program. 422 with the findings, the places or the reasons where the workflow cannot become one."""
    document = Documents(workspace).get(id).document
    try:
        files = exported(document, workspace)
    except NotRunnable as error:
        found = [each.wire() for each in error.diagnostics]
        what = "The workflow has errors, so it cannot become a program."
        raise ApiError(422, "not-runnable", what, mend="Mend them first.", beside={"diagnostics": found}) from None
    except WouldLeak as error:
        raise ApiError(422, "would-leak", error.what, mend=error.mend, beside={"places": error.places}) from None
    except NotExportable as error:
        reasons = [vars(each) for each in error.reasons]
        raise ApiError(422, "not-exportable", error.what, mend=error.mend, beside={"reasons": reasons}) from None
    folder = project_name(document.title)
    disposition = f"attachment; filename*=UTF-8''{quote(folder)}-langgraph.zip"
    return Response(zipped(files, folder), media_type="application/zip", headers={"Content-Disposition": disposition})
