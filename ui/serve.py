"""The server: pages, canvas and API in one process, for this machine alone.

Started by our own launcher rather than by ``streamlit run``: that would bind a socket on which every
kept connection waits 40 ms (see ``address``), and look for settings in the current directory.
"""

import logging
import os
import sys
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, Final

import streamlit as st
import uvicorn
from rich.console import Console
from starlette.middleware import Middleware
from starlette.routing import Mount
from streamlit.web import bootstrap

from graphs import heap
from ui import theme
from ui.address import DEFAULT_WORKERS, bind
from ui.api.app import create_api
from ui.api.guard import Loopback
from ui.sweeper import Sweeper
from ui.workers.remote import RemoteEngine
from ui.workers.supervisor import Workers
from ui.workspace import Workspace

SCRIPT: Final = Path(__file__).parent / "app.py"
MAX_MESSAGE: Final = 200 * 1024 * 1024
"""Bytes of one message on Streamlit's socket; what Streamlit sets itself."""
SETTLED: Final = 5.0
"""Seconds after which the server is up and its first page drawn."""
PATIENCE: Final = 3
"""Seconds that open requests get to end when the server closes."""

OPTIONS: Final[dict[str, Any]] = {
    "server.headless": True,  # asks no e-mail address, opens no browser
    "server.fileWatcherType": "none",
    "server.runOnSave": False,
    "server.enableStaticServing": False,
    "server.maxUploadSize": 20,  # MB
    "browser.gatherUsageStats": False,
    "browser.serverAddress": "localhost",  # else Streamlit asks the network for its own address
    "client.showErrorDetails": "none",  # a fault goes to the log, never to the page
    "runner.magicEnabled": False,
    "global.developmentMode": False,
}


class Server(uvicorn.Server):
    """uvicorn that ends quietly: streams are told to end first, and a signal is not raised again."""

    def __init__(self, config: uvicorn.Config, workspace: Workspace, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._workspace = workspace
        self._ready = ready

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[Any] | None = None) -> None:
        self._workspace.closing.set()
        # A request that outlives PATIENCE is cancelled; uvicorn would print that as a fault of ours.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.force_exit = self.should_exit  # the second signal does not wait
        self.should_exit = True


def create_app(workspace: Workspace) -> st.App:
    """The ASGI application: pages at ``/``, the API at ``/api``, both for loopback alone."""
    return st.App(
        SCRIPT,
        routes=[Mount("/api", create_api(workspace))],
        middleware=[Middleware(Loopback)],
    )


def serve(
    workspace: Workspace, *, address: str, port: int, open_browser: bool | None = None, workers: int = DEFAULT_WORKERS
) -> None:
    """Serve until Ctrl-C or SIGTERM, then end everything that runs. Raises Refusal for the address.

    ``port`` 0 takes any free one. ``open_browser`` None: where there is a display. ``workers``: processes that work
    on runs; 0: this one does.
    """
    listening = bind(address, port)
    port = listening.getsockname()[1]
    url = f"http://localhost:{port}" if address != "::1" else f"http://[::1]:{port}"
    _configure(address, port)
    lost = workspace.runs.recover()  # what a killed process left running is lost, and can be resumed
    if workers:
        _hire(workspace, workers, at_once=bool(lost))
    config = uvicorn.Config(
        create_app(workspace),
        ws="websockets-sansio",
        ws_max_size=MAX_MESSAGE,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=PATIENCE,
    )
    wanted = _has_display() if open_browser is None else open_browser
    sweeper = Sweeper(workspace)
    sweeper.start()
    try:
        Server(config, workspace, lambda: _ready(url, wanted)).run([listening])
    finally:
        sweeper.close()
        workspace.close()


def _hire(workspace: Workspace, count: int, *, at_once: bool) -> None:
    """Let workers work on runs: at once where there is something to go on with, else when the first page is there.

    They take two seconds to start, which the first run need not wait for.
    """
    workers = Workers(workspace.home, count)
    workspace.adopt(RemoteEngine(workspace, workers))
    if at_once or workers.were_working() or workspace.runs.list(status="queued", limit=1):
        workers.start()
        return
    later = threading.Timer(SETTLED, workers.start)
    later.daemon = True
    later.start()


def _configure(address: str, port: int) -> None:
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    bootstrap.load_config_options({**OPTIONS, **theme.options(), "server.address": address, "server.port": port})


def _ready(url: str, open_browser: bool) -> None:
    heap.keep_settled()
    console = Console(stderr=True, highlight=False)
    console.print(f"Nodeloom is ready: [bold]{url}[/bold]\nPress Ctrl-C to stop.")
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _has_display() -> bool:
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
