"""Chat models: the default, which providers are ready, and the fetch of the built-in one."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any, Final

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import Field

from ui.api.input import Input, Opened, StrictRoute
from ui.api.sse import until
from ui.workspace import Workspace

router = APIRouter(prefix="/models", route_class=StrictRoute)
LOOK_EVERY: Final = 0.5
"""Seconds between two looks at a fetch."""


class Choice(Input):
    """``provider:model``."""

    reference: str = Field(min_length=1, max_length=200)


@router.get("")
def read_models(workspace: Opened) -> dict[str, Any]:
    """``{default, providers, builtin, suggestions}``. Asks Ollama's address, at most half a second."""
    models = workspace.models
    return {
        "default": models.default(),
        "providers": [{"provider": one.provider, "ready": one.ready, "needs": one.needs} for one in models.providers()],
        "builtin": workspace.fetch.state().wire(),
        "suggestions": models.suggestions(),
    }


@router.put("/default")
def set_default(workspace: Opened, given: Choice) -> dict[str, str]:
    """The model of workflows that name none."""
    workspace.models.set_default(given.reference)
    return {"default": workspace.models.default()}


@router.post("/builtin/fetch", status_code=202)
def fetch(workspace: Opened) -> dict[str, Any]:
    """Fetch the built-in model, or go on with a fetch that broke off."""
    workspace.fetch.start()
    return workspace.fetch.state().wire()


@router.delete("/builtin/fetch", status_code=202)
def cancel_fetch(workspace: Opened) -> dict[str, Any]:
    """Stop fetching; what has arrived is kept."""
    workspace.fetch.cancel()
    return workspace.fetch.state().wire()


@router.get("/builtin/events", response_class=EventSourceResponse)
async def fetch_events(workspace: Opened) -> AsyncGenerator[ServerSentEvent]:
    """How far the fetch is, whenever that changes; ends with the fetch."""
    async for event in until(workspace.closing, _progress(workspace)):
        yield event


async def _progress(workspace: Workspace) -> AsyncGenerator[ServerSentEvent]:
    told: dict[str, Any] | None = None
    while told is None or told["state"] == "fetching":
        now = await asyncio.to_thread(lambda: workspace.fetch.state().wire())
        if now != told:
            told = now
            yield ServerSentEvent(data=now)
        if now["state"] == "fetching":
            await asyncio.sleep(LOOK_EVERY)
