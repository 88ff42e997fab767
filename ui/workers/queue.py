"""The durable queue of runs: DBOS on a SQLite file of the home.

DBOS keeps which run was handed to which worker, and hands what a dead worker left to the same worker when it is
started again. What a run has done is not DBOS's to know: the run's row and LangGraph's checkpoints say that, and
``Runner.take`` starts, goes on or does nothing by them. So one workflow of DBOS is one segment of a run.
"""

import contextvars
import threading
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer, SetWorkflowID

from graphs.work import AT_ONCE
from ui.workers.release import SEGMENTS

QUEUE: Final = "runs"
HALF: Final = AT_ONCE // 2
"""Of the runs worked on at once so many are begun without a way through the queue; as many come from it."""
POLL: Final = 0.25
"""Seconds between two looks for runs that found no room at once."""
ATTEMPTS: Final = 10
"""Times a segment is begun again after its worker died; a run that kills its worker is left alone then."""
KEPT: Final = timedelta(days=1)
"""How long finished segments stay in the file."""


class RunQueue:
    """``graphs.executor.Executor``; one in a process."""

    def __init__(self, file: Path, worker: str) -> None:
        """``worker``: the name under which this process is started again (DBOS's executor id)."""
        self._file = file
        self._worker = worker
        self._begun = 0
        self._lock = threading.Lock()
        self._take: Callable[[str], None] | None = None
        self._segment: Callable[[str, bool], None] | None = None

    def launch(self, take: Callable[[str], None], queued: Iterable[str]) -> None:
        """Go on with what was left behind, then take what comes. ``queued``: runs that their rows say are queued.

        Raises OSError where the file cannot be used.
        """
        self._take = take
        config: DBOSConfig = {
            # DBOS hands a workflow to workers of the same version alone; its own default is a hash of the code.
            "name": "nodeloom", "system_database_url": f"sqlite:///{self._file}", "executor_id": self._worker,
            "application_version": SEGMENTS, "log_level": "ERROR", "enable_otlp": False,
            "serializer": DBOSPortableJSONSerializer(),  # JSON: the default is pickle
        }  # fmt: skip
        DBOS(config=config)

        def segment(run_id: str, begun: bool) -> None:
            self._work(run_id, begun)

        self._segment = DBOS.workflow(name="segment", max_recovery_attempts=ATTEMPTS)(segment)
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=HALF, polling_interval_sec=POLL)
        self._forget_finished()
        for run_id in queued:  # DBOS may know it too: whoever claims the run first has it
            self.submit(run_id)

    def pending(self) -> set[str]:
        """Runs that were handed to this worker and are not over."""
        found = DBOS.list_workflows(status=["PENDING", "ENQUEUED"], load_input=False)
        return {each.workflow_id.partition(":")[0] for each in found}

    def submit(self, run_id: str) -> None:
        """Written down when this returns. Begun at once where there is room here, else by whichever worker has it."""
        contextvars.Context().run(self._submit, run_id)  # within a segment it would become its child

    def _submit(self, run_id: str) -> None:
        assert self._segment is not None  # launched
        with self._lock:
            room = self._begun < HALF
            self._begun += room
        with SetWorkflowID(f"{run_id}:{uuid.uuid4().hex[:8]}"):
            if room:
                DBOS.start_workflow(self._segment, run_id, True)
            else:
                DBOS.enqueue_workflow(QUEUE, self._segment, run_id, False)

    def _work(self, run_id: str, begun: bool) -> None:
        assert self._take is not None
        try:
            self._take(run_id)
        finally:
            with self._lock:
                self._begun = max(self._begun - begun, 0)  # one that was begun before a restart was not counted here

    def _forget_finished(self) -> None:
        before = (datetime.now(UTC) - KEPT).isoformat()
        old = DBOS.list_workflows(status=["SUCCESS", "ERROR", "CANCELLED"], completed_before=before, load_input=False)
        if old:
            DBOS.delete_workflows([each.workflow_id for each in old])
