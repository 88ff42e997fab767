"""A wish about a workflow of the workspace, answered by a proposal; nothing is saved.

Imported on first use only: asking a model takes LangChain, half a second.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from graphs.describing.describe import Describer, Tell, describer, propose
from graphs.describing.proposal import Proposal, Way
from graphs.document import Document
from graphs.models import readiness
from graphs.models.builtin.manifest import model_file
from nodes.contract import NodeError
from store.errors import StoreError

if TYPE_CHECKING:
    from ui.workspace import Workspace

LOG: Final = logging.getLogger("nodeloom.describe")
ALWAYS: Final = ("scripted", "recorded")
_LAST: Final = ("proposal", "refused")


@dataclass(frozen=True)
class Wish:
    """What is asked of which model; ``workflow_id`` that of a saved workflow."""

    document: Document
    text: str
    model: str
    way: Way | None = None
    workflow_id: str | None = None


def ready_model(workspace: "Workspace", reference: str | None) -> str:
    """The model that would be asked. Raises NodeError, with how to mend it, where it cannot be asked now."""
    models = workspace.models
    parsed = models.check(reference or models.default())
    if parsed.provider in ALWAYS:
        return str(parsed)
    if parsed.provider == "builtin":
        needs = readiness.builtin(workspace.home.models, model_file(parsed.model)).needs
    else:
        found = [each for each in models.providers() if each.provider == parsed.provider]
        needs = found[0].needs if found else "Define the provider in Settings under Models."
    if needs:
        raise NodeError(f"The model {str(parsed)!r} cannot be asked yet", mend=needs)
    return str(parsed)


def describer_of(workspace: "Workspace", workflow_id: str | None = None) -> Describer:
    """Models, findings and the search by meaning of a workspace."""
    return describer(
        workspace.models,
        diagnose=lambda document: workspace.diagnose(document, workflow_id=workflow_id),
        embed=workspace.embed,
    )


async def proposed(workspace: "Workspace", wish: Wish, tell: Tell = lambda _: None) -> Proposal:
    """The proposal. Raises NodeError."""
    using = describer_of(workspace, wish.workflow_id)
    return await propose(using, wish.document, wish.text, wish.model, way=wish.way, tell=tell)


async def proposing(workspace: "Workspace", wish: Wish) -> AsyncGenerator[Mapping[str, Any]]:
    """The progress, and at last ``{"type": "proposal", ...}`` or ``{"type": "refused", "what", "mend"}``.

    The work has a thread and a loop of its own: diagnostics of a large workflow would hold up the server's. It is
    cancelled when this generator is closed.
    """
    events: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()
    work = _Work(workspace, wish, asyncio.get_running_loop(), events)
    running = asyncio.create_task(asyncio.to_thread(work.run))
    try:
        while True:
            event = await events.get()
            yield event
            if event["type"] in _LAST:
                return
    finally:
        work.cancel()
        await asyncio.shield(running)


class _Work:
    """A proposal being made in a thread."""

    def __init__(
        self, workspace: "Workspace", wish: Wish, loop: asyncio.AbstractEventLoop,
        events: "asyncio.Queue[Mapping[str, Any]]",
    ) -> None:  # fmt: skip
        self._workspace = workspace
        self._wish = wish
        self._loop = loop
        self._events = events
        self._own: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._cancelled = False

    def run(self) -> None:
        """In the thread."""
        try:
            asyncio.run(self._main())
        except asyncio.CancelledError:
            return  # nobody listens any more

    def cancel(self) -> None:
        """From the server's loop; what has ended stays as it is."""
        self._cancelled = True
        if self._own is not None and self._task is not None and not self._own.is_closed():
            self._own.call_soon_threadsafe(self._task.cancel)

    async def _main(self) -> None:
        self._own, self._task = asyncio.get_running_loop(), asyncio.ensure_future(self._propose())
        if self._cancelled:
            self._task.cancel()
        await self._task

    async def _propose(self) -> None:
        try:
            made = await proposed(self._workspace, self._wish, self._tell)
        except NodeError as error:
            self._tell({"type": "refused", "what": error.what, "mend": error.mend})
        except StoreError as error:
            self._tell({"type": "refused", "what": error.what, "mend": error.mend})
        except Exception:
            LOG.exception("a wish could not be answered: %r", self._wish.text[:200])
            self._tell({"type": "refused", "what": "Something went wrong in Nodeloom itself", "mend": "See the log."})
        else:
            self._tell({"type": "proposal", **made.wire()})

    def _tell(self, event: Mapping[str, Any]) -> None:
        self._loop.call_soon_threadsafe(self._events.put_nowait, dict(event))
