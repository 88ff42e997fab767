"""The one place that opens the home folder and everything in it.

The API, the pages and the terminal all work on a ``Workspace``. What is costly to import (LangGraph,
Chroma, the model server) is opened on first use: an idle server stays small and starts fast.
"""

import asyncio
import secrets as tokens
import threading
from functools import cache
from typing import TYPE_CHECKING, Final

from graphs.diagnostics import Diagnostic
from graphs.document import Document
from graphs.models.builtin.server import ModelServer
from store.comments import Comments
from store.database import Database
from store.embedding import MiniLM
from store.endpoints import Endpoints
from store.grants import Grants
from store.home import Home, home
from store.memories import Memories
from store.questions import Questions
from store.refusals import Refusals
from store.runs import Runs
from store.secrets import Secrets
from store.settings import Settings
from store.spans import Spans
from store.trace_reader import TraceReader
from store.trust import TrustedKeys
from store.versions import Versions
from store.workflows import Workflows
from ui.changes import Changes
from ui.findings import Findings
from ui.kept import Kept
from ui.readiness import Readiness

if TYPE_CHECKING:
    from graphs.models.builtin.background import BackgroundFetch
    from graphs.models.resolve import ModelRegistry
    from ui.documents import Opened
    from ui.engine import Engine
    from ui.workers.remote import RemoteEngine

REVISIONS_KEPT: Final = 8
"""Revisions of workflows that stay read, for the pages that ask after an edit."""


class Workspace:
    """One home, opened. Thread-safe. Raises StoreError where the home or its database cannot be used."""

    def __init__(self, folder: Home) -> None:
        self.home = folder.create()
        self.token = tokens.token_urlsafe(32)
        """What the API asks for; made anew for each process."""
        self.closing = asyncio.Event()
        """Set in the server's loop when it closes: streams end."""
        self.changes = Changes()
        self.database = Database(folder.database)
        self.workflows = Workflows(self.database)
        self.versions = Versions(self.database)
        self.runs = Runs(self.database, folder.run_folder)
        self.questions = Questions(self.database)
        self.spans = Spans(self.database)
        self.traces = TraceReader(self.database)
        self.comments = Comments(self.database)
        self.settings = Settings(self.database)
        self.secrets = Secrets(self.database, folder.secret_key)
        self.grants = Grants(self.database)
        self.endpoints = Endpoints(self.database)
        self.trusted = TrustedKeys(self.database)
        self.refusals = Refusals(self.database)
        self.embed = MiniLM()
        self.memories = Memories(self.database, folder.memory, self.embed)
        self.findings = Findings()
        self.opened: Kept[tuple[str, int], Opened] = Kept(REVISIONS_KEPT)
        self._lock = threading.RLock()
        self.model_server = ModelServer(folder.models)
        self._models: ModelRegistry | None = None
        self._engine: Engine | RemoteEngine | None = None
        self._fetch: BackgroundFetch | None = None

    def diagnose(
        self, document: Document, *, model: str | None = None, workflow_id: str | None = None
    ) -> list[Diagnostic]:
        """What is wrong with ``document`` here, errors first; ``model`` in place of the default one.

        ``workflow_id``: the saved workflow it is, for what was refused to that.
        """
        return self.findings.of(document, Readiness(self, model, workflow_id))

    @property
    def models(self) -> "ModelRegistry":
        """The chat models; made on first use."""
        with self._lock:
            if self._models is None:
                from ui.models import open_models  # LangChain: half a second

                self._models = open_models(self)
            return self._models

    @property
    def engine(self) -> "Engine | RemoteEngine":
        """What runs, here or in the workers; made on first use."""
        with self._lock:
            if self._engine is None:
                from ui.engine import Engine  # LangGraph: two seconds and 60 MB that an idle server spares

                self._engine = Engine(self)
            return self._engine

    def adopt(self, engine: "Engine | RemoteEngine") -> None:
        """Use this engine in place of one of its own. Before the first use of any."""
        with self._lock:
            self._engine = engine

    @property
    def fetch(self) -> "BackgroundFetch":
        """The fetch of the built-in model."""
        with self._lock:
            if self._fetch is None:
                from graphs.models.builtin.background import BackgroundFetch  # progress bars: rarely needed

                self._fetch = BackgroundFetch(self.home.models)
            return self._fetch

    def flush(self) -> None:
        """Write what the engine still holds of traces, where it is open."""
        with self._lock:
            engine = self._engine
        if engine is not None:
            engine.flush()

    def close(self) -> None:
        """End runs, the model server and the memory, write what is queued, close the database."""
        with self._lock:
            engine, self._engine = self._engine, None
        if self._fetch is not None:
            self._fetch.cancel()
        if engine is not None:
            engine.close()
        self.model_server.close()
        self.memories.close()
        self.database.close()


@cache
def workspace() -> Workspace:
    """The workspace of this process: the home of this user (``NODELOOM_HOME``)."""
    return Workspace(home())
