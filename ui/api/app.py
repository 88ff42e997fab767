"""The API as one ASGI application, to be mounted at ``/api``."""

from typing import Final

from fastapi import APIRouter, FastAPI

from ui.api import (
    baselines,
    compare,
    debugging,
    describe,
    endpoints,
    errors,
    export,
    failures,
    gallery,
    grants,
    health,
    history,
    inbox,
    kinds,
    memory,
    merge,
    models,
    recordings,
    runs,
    secrets,
    settings,
    sharing,
    templates,
    trace,
    workflows,
)
from ui.api.guard import Token
from ui.version import VERSION
from ui.workspace import Workspace

ROUTERS: Final[tuple[APIRouter, ...]] = (
    health.router, kinds.router, templates.router, gallery.router, baselines.router, workflows.router,
    history.router, describe.router, merge.router, sharing.router, export.router, runs.router, debugging.router,
    trace.router, failures.router, recordings.router, compare.router, inbox.router, memory.router, models.router,
    secrets.router, endpoints.router, grants.router, settings.router,
)  # fmt: skip


def create_api(workspace: Workspace) -> FastAPI:
    """The API over ``workspace``. Its schema is at ``/openapi.json``; like all but health it asks for the token."""
    api = FastAPI(title="Nodeloom", version=VERSION, docs_url=None, redoc_url=None)
    api.state.workspace = workspace
    for router in ROUTERS:
        api.include_router(router)
    errors.install(api)
    api.add_middleware(errors.Unexpected)
    api.add_middleware(Token, token=workspace.token)
    return api
