"""Who may talk to this server: the pages it served itself, from this machine.

Two fences, both plain ASGI so that a stream passes through untouched:

- ``Loopback`` stands before everything, the pages and their socket included. It refuses a ``Host``
  that is not a loopback name (a foreign name that resolves to this machine: DNS rebinding) and an
  ``Origin`` that is not the address asked (another site's page).
- ``Token`` stands before the API. It asks for the token of this server process and bounds bodies.
"""

import hmac
from typing import Final
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.api.errors import HTTP_ERRORS, body

LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
MAX_BODY: Final = 4 * 1024 * 1024
"""Bytes. A workflow of 2,000 nodes is about 1 MB."""
MAX_IMPORT: Final = 20 * 1024 * 1024
"""Bytes of what is taken in: a bundle holds a recorded run."""
TOO_LARGE: Final = "The body is larger than {mb} MB."
OPEN_PATHS: Final = ("/health", "/open")
"""Paths of the API that need no token."""


class Loopback:
    """Lets through what was asked of a loopback name by a page of the same address."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = _foreign(Headers(scope=scope)) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "foreign origin or host"})
        else:
            await JSONResponse(refusal, 403)(scope, receive, send)


def _foreign(headers: Headers) -> dict[str, object] | None:
    host = headers.get("host", "")
    if _hostname(f"http://{host}") not in LOOPBACK:
        mend = "Open Nodeloom as http://localhost with its port; it serves this machine alone."
        return body("foreign-host", f"The request was for the host {host!r}.", "Host", mend)
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        mend = "Call the API from Nodeloom's own pages, or from a program, which sends no Origin."
        return body("foreign-origin", f"The request came from a page of {origin!r}.", "Origin", mend)
    return None


def _hostname(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


class Token:
    """Lets through requests that carry the token; cuts bodies off where they are too large."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app = app
        self.expected = f"Bearer {token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not self._allowed(scope, headers):
            mend = "Send the page's token as 'Authorization: Bearer …'; a page from before a restart reloads."
            refusal = body("no-token", "The request carries no valid token.", "Authorization", mend)
            await JSONResponse(refusal, 401, headers={"WWW-Authenticate": "Bearer"})(scope, receive, send)
        elif int(headers.get("content-length", "0")) > _most(scope):
            refusal = body(HTTP_ERRORS[413][0], _too_large(_most(scope)), scope["path"], HTTP_ERRORS[413][1])
            await JSONResponse(refusal, 413)(scope, receive, send)
        else:
            await self.app(scope, _bounded(receive, _most(scope)), send)

    def _allowed(self, scope: Scope, headers: Headers) -> bool:
        given = headers.get("authorization", "")
        return _path(scope) in OPEN_PATHS or hmac.compare_digest(given.encode(), self.expected.encode())


def _path(scope: Scope) -> str:
    """The path below where the API is mounted."""
    return scope["path"].removeprefix(scope.get("root_path", ""))


def _most(scope: Scope) -> int:
    """Bytes its body may have."""
    return MAX_IMPORT if _path(scope).startswith("/import") else MAX_BODY


def _too_large(most: int) -> str:
    return TOO_LARGE.format(mb=most // 1024**2)


def _bounded(receive: Receive, most: int) -> Receive:
    """``receive`` that refuses a body without a stated length once it grows too large."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise HTTPException(413, _too_large(most))
        return message

    return counted
