"""What every call reads its input with: closed models, and JSON as RFC 8259 has it."""

import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, NoReturn

from fastapi import Depends, HTTPException, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict

from ui.workspace import Workspace


class Input(BaseModel):
    """Base of every body: an unknown field is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class StrictRequest(Request):
    """A request whose JSON has no NaN, no Infinity and no bottomless nesting."""

    async def json(self) -> Any:
        try:
            return json.loads(await self.body(), parse_constant=_no_constant)
        except RecursionError:
            raise HTTPException(400, "The JSON is nested too deeply.") from None
        except UnicodeDecodeError:
            raise HTTPException(400, "The body is not UTF-8.") from None


def _no_constant(name: str) -> NoReturn:
    raise HTTPException(400, f"The JSON holds {name}, which is not a JSON number.")


class StrictRoute(APIRoute):
    """Gives every endpoint of a router the strict request."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def strict(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return strict


def _workspace(request: Request) -> Workspace:
    return request.app.state.workspace


Opened = Annotated[Workspace, Depends(_workspace)]
"""The workspace this server has open."""
