"""Every error of the API has one shape: ``{"error": {"code", "what", "where", "mend"}}``.

Further keys may stand beside ``error`` (what came since, all faults of an input). Unexpected errors
are logged with an id and answered with that id alone: a traceback never leaves the process.
"""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphs.inputs import InputErrors
from nodes.contract import NodeError
from store.errors import NotFound, StoreError
from ui.refusal import NotRunnable

Json = Mapping[str, Any]
LOG: Final = logging.getLogger("nodeloom.api")

HTTP_ERRORS: Final = {
    400: ("malformed", "Send the body as JSON in UTF-8."),
    404: ("not-found", "Look at the address: docs/contracts.md names every call."),
    405: ("method-not-allowed", "Use a method this address has: see the Allow header."),
    413: ("too-large", "Split the edit, or shorten the values."),
}
"""What the framework itself refuses: status -> code and remedy."""


class ApiError(Exception):
    """A refusal that a client is meant to read.

    ``status``: HTTP status; ``code``: a word in lower case with hyphens; ``beside``: keys that stand
    beside ``error`` in the answer.
    """

    def __init__(
        self, status: int, code: str, what: str, *, where: str = "", mend: str = "", beside: Json | None = None
    ) -> None:
        super().__init__(what)
        self.status = status
        self.code = code
        self.what = what
        self.where = where
        self.mend = mend
        self.beside = dict(beside or {})


def not_found(noun: str, name: str, mend: str = "") -> ApiError:
    """The answer for something that does not exist."""
    return ApiError(404, "not-found", f"There is no {noun} {name!r}.", where=noun, mend=mend)


def body(code: str, what: str, where: str = "", mend: str = "") -> dict[str, Any]:
    """The body of an error answer."""
    return {"error": {"code": code, "what": what, "where": where, "mend": mend}}


def install(api: FastAPI) -> None:
    """Make ``api`` answer every error in the one shape."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return JSONResponse(error.beside | body(error.code, error.what, error.where, error.mend), error.status)


def _store(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StoreError)
    if isinstance(error, NotFound):
        return JSONResponse(body("not-found", error.what, error.where, error.mend), 404)
    if error.__cause__ is None:
        return JSONResponse(body("invalid", error.what, error.where, error.mend), 422)
    # The store chains what the disk or the database said: nothing the client could have done better.
    LOG.warning("%s %s: %s", request.method, request.url.path, error)
    return JSONResponse(body("storage", error.what, error.where, error.mend), 503)


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code, mend = HTTP_ERRORS.get(error.status_code, ("refused", ""))
    answer = body(code, str(error.detail), request.url.path, mend)
    return JSONResponse(answer, error.status_code, headers=dict(error.headers or {}))


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    show = "/secrets" not in request.url.path  # a key is never echoed
    faults = [_fault(fault, show=show) for fault in error.errors()]
    first = faults[0]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    answer = body("invalid", first["what"] + more, first["field"], first["mend"])
    return JSONResponse(answer | {"errors": faults}, 422)


def _fault(fault: Mapping[str, Any], *, show: bool) -> dict[str, str]:
    source, *place = fault["loc"]  # body, query, path or header, then the way into it
    field = ".".join(str(part) for part in place) or str(source)
    if fault["type"] == "extra_forbidden":
        return {"field": field, "what": f"There is no field {field!r}.", "mend": "Leave it out."}
    shown = f": {_short(fault.get('input'))}" if show and fault["type"] != "missing" else ""
    return {"field": field, "what": f"{field}{shown}: {fault['msg']}.", "mend": f"Mend {field!r} and send it again."}


def _short(value: Any, limit: int = 80) -> str:
    text = repr(value)
    return text if len(text) <= limit else f"{text[:limit]}…"


def _node(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, NodeError)
    return JSONResponse(body("invalid", error.what, mend=error.mend), 422)


def _not_runnable(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, NotRunnable)
    first = error.diagnostics[0]
    answer = body("not-runnable", first.message, str(first.place), first.remedy)
    return JSONResponse(answer | {"diagnostics": [each.wire() for each in error.diagnostics]}, 422)


def _inputs(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, InputErrors)
    first = error.problems[0]
    answer = body("bad-input", first.what, first.field, first.mend)
    return JSONResponse(answer | {"errors": [asdict(each) for each in error.problems]}, 422)


_HANDLERS: Final[dict[type[Exception], Any]] = {
    ApiError: _refused,
    InputErrors: _inputs,
    NodeError: _node,
    NotRunnable: _not_runnable,
    StoreError: _store,
    HTTPException: _http,
    RequestValidationError: _invalid,
}


class Unexpected:
    """Answers what nobody foresaw: logged once with an id, 500 with that id (plain ASGI)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # the last fence: beyond it there would be a traceback
            mark = secrets.token_hex(4)
            LOG.error("error %s in %s %s", mark, scope.get("method"), scope["path"], exc_info=error)
            if not started:
                await JSONResponse(_internal(mark, scope["path"]), 500)(scope, receive, send)


def _internal(mark: str, where: str) -> dict[str, Any]:
    what = f"Something went wrong in Nodeloom itself (error {mark})."
    return body("internal", what, where, f"What was stored is kept. The server's log tells more under {mark}.")
