"""Works on runs, a segment at a time, and writes down how each ended."""

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graphs.activation import Activation
from graphs.active import ActiveRun
from graphs.cache import Compiled
from graphs.checkpoints import Checkpoints
from graphs.live import Live, Lives, end_spans, keep_row, totals
from graphs.questions import Desk
from graphs.run_table import RunRow, RunTable
from graphs.segment import Ending, execute, explained
from graphs.tracer import SpanSink

AT_ONCE: Final = 16
"""Runs worked on at the same time; further ones are queued."""
GOES_ON: Final = ("waiting", "queued")
"""How a segment ends when the run has not: it waits for a person, or was drained."""


@dataclass
class Work:
    """What every segment of a runner's runs needs. ``on`` belongs on the engine's loop, ``finish`` on any thread."""

    runs: RunTable
    spans: SpanSink
    checkpoints: Checkpoints
    activation: Activation
    desk: Desk
    lives: Lives
    compiled: Callable[[RunRow], Compiled]
    """The graph of a run."""
    begin: Callable[[Live], bool]
    """Has a run worked on; whether here and now."""
    is_draining: bool = False
    """The process is about to end: what is cancelled is queued again."""
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def on(self, live: Live) -> None:
        """Run a segment and record how it ended."""
        run: ActiveRun | None = None
        try:
            async with self.slots:
                compiled, live.compiled = live.compiled or await asyncio.to_thread(self.compiled, live.row), None
                run = live.run = await asyncio.to_thread(self.activation.of, live, compiled)
                ending = await self._segment(live, run, compiled)
                while ending.status == "waiting" and await self._has_answers(live, run, ending):
                    ending = await self._segment(live, run, compiled)
        except asyncio.CancelledError:
            ending = Ending("queued" if self.is_draining and not live.is_stopping else "stopped")
        except Exception as error:
            ending = Ending("failed", error=explained(error))
        if run is not None:
            end_spans(run, ending)
            run.emit_spent(final=True)
        seconds = run.meter.seconds if run else live.row.seconds
        await asyncio.to_thread(self.finish, live, ending, seconds, run)

    async def _segment(self, live: Live, run: ActiveRun, compiled: Compiled) -> Ending:
        chores = [asyncio.create_task(run.tracer.announce_regularly()), asyncio.create_task(keep_row(run, self.runs))]
        answers, live.answers = live.answers, {}
        try:
            ending = await execute(run, compiled, self.checkpoints, answers)
        finally:
            for chore in chores:
                chore.cancel()
        if answers and ending.status in ("waiting", "done"):
            await asyncio.to_thread(self.desk.taken, run.id, list(answers))
        return ending

    async def _has_answers(self, live: Live, run: ActiveRun, ending: Ending) -> bool:
        """Keep what the run asks; whether it can go on at once, with answers given while others were worked on."""
        known = await asyncio.to_thread(self.desk.asked, run.id, ending.forms, run.people)
        await asyncio.to_thread(self._keep_answers, live, known, {form["interrupt"] for form in ending.forms})
        run.people = await asyncio.to_thread(self.desk.people, run.id)
        return bool(live.answers)

    def _keep_answers(self, live: Live, known: Mapping[str, Any], waits: Collection[str]) -> None:
        with self.lives.lock:
            live.answers = {each: word for each, word in {**known, **live.answers}.items() if each in waits}

    def finish(self, live: Live, ending: Ending, seconds: float, run: ActiveRun | None = None) -> None:
        """The run's row, its checkpoints, its last event. ``seconds`` it has worked in all."""
        id = live.row.id
        try:
            if ending.status in GOES_ON:
                self.spans.flush()  # it may go on in another process, which finishes the spans that wait
            live.row = self.runs.update(
                id, status=ending.status, outputs=ending.outputs, error=ending.error, forms=ending.forms,
                ended_at=None if ending.status in GOES_ON else time.time(),
                **({**totals(run), "seconds": seconds} if run else {}),
            )  # fmt: skip
            self._tidy(id, ending.status)
            if ending.status == "queued":
                self.runs.hand_over(id)
            if ending.status not in GOES_ON and (run is None or run.people.known):
                self.desk.ended(id, forget=ending.status == "done")
        except Exception as error:  # a full disk: the run's watchers still learn how it ended
            ending = Ending("failed", error=explained(error))
        with self.lives.lock:
            live.task = live.run = None
            if ending.status == "waiting" and live.answers and self.begin(live):  # given a moment ago
                return
        if ending.status not in GOES_ON:
            live.log.add({
                "type": "run.finished", "status": ending.status, "outputs": ending.outputs, "error": ending.error,
            })  # fmt: skip
            live.log.close()
            self.lives.forget_old()
        self.lives.wake(live)

    def _tidy(self, id: str, status: str) -> None:
        if status == "done":
            self.checkpoints.delete_thread(id)
        elif status not in GOES_ON:
            self.checkpoints.keep_last(id)
