"""Corrections of a failed run, tried on forks one after another, on a thread of their own.

How far it is stands in the trace too, in the attribute ``counterfactual`` of the run's root span: it is there when
the page is opened again, and of a search that was cut off by the end of the process the trials that were made.
"""

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from graphs.counterfactual import Correction, Verdict, first_decisive
from graphs.fork_request import Changes, ForkRequest
from graphs.run_table import NotPossible
from nodes.contract import NodeError
from store.errors import NotFound, StoreError
from store.runs import RunRow
from ui.deciding import Plan
from ui.refusal import NotRunnable
from ui.starting import start_fork

if TYPE_CHECKING:
    from ui.workspace import Workspace

ATTRIBUTE: Final = "counterfactual"
LABEL: Final = "what if"
"""Of each fork."""
NEVER: Final[Mapping[str, Any]] = {
    "state": "none", "planned": [], "trials": [], "decisive": None, "now": None, "error": None
}  # fmt: skip

_log: Final = logging.getLogger(__name__)
_searches: Final[WeakKeyDictionary["Workspace", dict[str, "Search"]]] = WeakKeyDictionary()
_lock: Final = threading.Lock()


class Cancelled(Exception):
    """Somebody does not want to know any more."""


@dataclass
class Search:
    """The trials of one run."""

    workspace: "Workspace"
    plan: Plan
    state: str = "working"
    """working, ended, cancelled or failed."""
    now: dict[str, Any] | None = None
    """The fork that is worked on: span, node, run_id, number."""
    verdict: Verdict = field(default_factory=Verdict)
    error: dict[str, str] | None = None
    _cancelled: bool = False

    def begin(self) -> None:
        """Try in the background. Raises NodeError where there is nothing to try."""
        self._require()
        self._tell()
        threading.Thread(target=self._work, name="counterfactual", daemon=True).start()

    def try_here(self) -> Verdict:
        """Try, and wait for it. Raises NodeError and what a fork raises."""
        return asyncio.run(self._trials())

    def cancel(self) -> None:
        """Stop the fork that runs; no further one is made."""
        self._cancelled = True
        now = self.now
        if now is not None:
            self._stop(now["run_id"])

    def as_dict(self) -> dict[str, Any]:
        """As it goes over the wire."""
        planned = [each.span for each in self.plan.corrections]
        return {"state": self.state, "planned": planned, "now": self.now, "error": self.error, **self.verdict.as_dict()}

    def _require(self) -> None:
        """The two refusals that need no fork are told at once."""
        run, plan = self.plan.run, self.plan
        if plan.succeeded(run):
            raise NodeError(
                f"The run {run.number} came to what it should, so no step decided that it failed",
                mend="Say what it should have come to: a condition, or a run that went well.",
            )
        if not plan.corrections:
            raise NodeError(
                f"There is no correction to try on {run.number}",
                mend="Ask a model what went wrong, or pick a run that went well.",
            )

    def _work(self) -> None:
        try:
            self.try_here()
            self.state = "ended"
        except Cancelled:
            self.state = "cancelled"
        except (NodeError, NotRunnable, StoreError) as error:
            self._failed(error)
        except Exception as error:
            _log.exception("corrections of %s could not be tried", self.plan.run.number)
            self._failed(error)
        finally:
            self.now = None
            self._tell()

    def _failed(self, error: Exception) -> None:
        self.state = "failed"
        self.error = {"what": str(getattr(error, "what", error)), "mend": str(getattr(error, "mend", ""))}

    async def _trials(self) -> Verdict:
        plan = self.plan
        self.verdict = await first_decisive(
            plan.run, plan.corrections, self._fork, plan.succeeded, most=len(plan.corrections), told=self._heard
        )  # fmt: skip
        return self.verdict

    def _heard(self, verdict: Verdict) -> None:
        self.verdict, self.now = Verdict(list(verdict.trials)), None
        self._tell()

    async def _fork(self, span: str, changes: Mapping[str, Any], /) -> RunRow:
        if self._cancelled:
            raise Cancelled
        request = ForkRequest(span=span, changes=Changes.model_validate(dict(changes)))
        id = await asyncio.to_thread(start_fork, self.workspace, self.plan.run, request, label=LABEL)
        row = self.workspace.runs.get(id)
        self.now = {"span": span, "node": self._node(span), "run_id": id, "number": row.number}
        self._tell()
        if self._cancelled:
            self._stop(id)
        await self.workspace.engine.runner.wait(id)
        if self._cancelled:
            raise Cancelled
        return self.workspace.runs.get(id)

    def _node(self, span: str) -> str:
        found: Sequence[Correction] = self.plan.corrections
        return next(each.node for each in found if each.span == span)

    def _stop(self, run: str) -> None:
        try:
            self.workspace.engine.runner.stop(run)
        except NotPossible:
            _log.debug("the fork %s had ended already", run)

    def _tell(self) -> None:
        root = self.plan.trace.root
        if root is not None:
            self.workspace.spans.note(root.id, ATTRIBUTE, self.as_dict())


def begin(workspace: "Workspace", plan: Plan) -> dict[str, Any]:
    """Try the plan in the background. Raises NodeError where that run's corrections are being tried already."""
    with _lock:
        searches = _searches.setdefault(workspace, {})
        known = searches.get(plan.run.id)
        if known is not None and known.state == "working":
            raise NodeError(f"Corrections of {plan.run.number} are being tried", mend="Wait for them, or cancel them.")
        search = Search(workspace, plan)
        search.begin()
        searches[plan.run.id] = search
    return search.as_dict()


def state_of(workspace: "Workspace", run: RunRow) -> dict[str, Any]:
    """How far the trials of a run are, or were."""
    search = _search(workspace, run)
    if search is not None:
        return search.as_dict()
    try:
        attributes = workspace.spans.get(run.id[:16]).attributes or {}
    except NotFound:
        return dict(NEVER)
    found = {**NEVER, **attributes.get(ATTRIBUTE, {})}
    return {**found, "state": "cut", "now": None} if found["state"] == "working" else found


def cancel(workspace: "Workspace", run: RunRow) -> None:
    """No further fork is made, and the one that runs is stopped. Raises NodeError where nothing is tried."""
    search = _search(workspace, run)
    if search is None or search.state != "working":
        raise NodeError(f"No corrections of {run.number} are being tried", mend="Nothing is left to cancel.")
    search.cancel()


def decided(workspace: "Workspace", plan: Plan) -> dict[str, Any]:
    """The verdict, once all forks have ended; for the terminal."""
    search = Search(workspace, plan)
    search.try_here()
    return search.verdict.as_dict()


def _search(workspace: "Workspace", run: RunRow) -> Search | None:
    with _lock:
        return _searches.get(workspace, {}).get(run.id)
