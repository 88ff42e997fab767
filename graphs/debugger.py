"""What a person says to a run that stops, or that should: commands, edits, breakpoints."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from graphs.active import ActiveRun
from graphs.answerer import Answerer
from graphs.breakpoints import Breakpoint, Command, Edits, Session, check_breakpoints, check_edits, said_key
from graphs.cache import Compiled
from graphs.holds import HELD
from graphs.run_table import NotPossible, RunRow, RunTable
from graphs.steering import Steering
from graphs.stops import word

WORKING: Final = ("queued", "running")
NO_EDITS: Final = Edits()
SOMEBODY: Final = Answerer()


class Debugger:
    """The stops of a runner's runs. Thread-safe.

    A command is written into the run's row, with who gave it and when, before anything is done about it, and in the
    same transaction the run is queued: a process that dies at any moment neither loses it nor carries it out twice.
    """

    def __init__(
        self,
        runs: RunTable,
        compiled: Callable[[RunRow], Compiled],
        working: Callable[[str], ActiveRun | None],
        is_here: Callable[[str], bool],
        go_on: Callable[[RunRow, Mapping[str, Any]], None],
    ) -> None:
        """``working``: the run in memory while it is worked on; ``is_here``: whether it is or will be worked on by
        this process; ``go_on``: resume it with words by interrupt."""
        self._runs = runs
        self._compiled = compiled
        self._working = working
        self._is_here = is_here
        self._go_on = go_on
        self._lock = threading.Lock()

    def command(
        self, run_id: str, command: Command, *, interrupt: str | None = None, edits: Edits = NO_EDITS,
        breakpoints: Sequence[Breakpoint] | None = None, who: Answerer = SOMEBODY,
    ) -> None:  # fmt: skip
        """Say how a stopped run goes on (``graphs.breakpoints``), or pause one that runs.

        ``interrupt``: one stop of several; None: all of them. Raises NotPossible where it does not stop there,
        NodeError for edits or breakpoints that cannot be.
        """
        row = self._runs.get(run_id)
        told = {"command": command, "by": who.by, "channel": who.channel, "at": time.time()}
        if command == "pause":
            if row.status not in WORKING:
                raise NotPossible(f"The run {row.number} is {row.status}: there is nothing to pause")
            self._debug_by(row, replace(_session(row, breakpoints, "pause"), paused=told))
            return
        compiled = self._compiled(row)
        stops = _chosen(row, interrupt, edits)
        for stop in stops.values():
            step = next(each for each in compiled.workflow.all_steps() if each.id == stop["node"])
            check_edits(step, edits, compiled.workflow.state, stop["when"])
        if breakpoints is not None:
            check_breakpoints(breakpoints, names(compiled))
        depth = max(stop["depth"] for stop in stops.values())
        words = {each: word(stop, edits, told) for each, stop in stops.items()}
        session = replace(_session(row, breakpoints, command, depth), said=_said(row, stops, words))
        run = self._working(row.id)
        held = [each for each in stops if run is not None and run.holds is not None and each in run.holds]
        goes_on = {each: said for each, said in words.items() if not each.startswith(HELD)}
        here = run is not None
        row = self._debug_by(row, session, **({} if here else {"status": "queued"}))
        for each in held:
            assert run is not None and run.holds is not None
            run.holds.release(each, edits, told)
        if goes_on or not held:  # held by a process that is gone: the node around runs again, and stops there again
            self._go_on(row, goes_on)

    def set_breakpoints(self, run_id: str, breakpoints: Sequence[Breakpoint]) -> None:
        """Put these in place of the run's. Raises NodeError, and NotPossible for a run that is done."""
        row = self._runs.get(run_id)
        if row.status == "done":
            raise NotPossible(f"The run {row.number} is done", mend="Fork it with breakpoints.")
        check_breakpoints(breakpoints, names(self._compiled(row)))
        now = Session.read(row.debugging) or Session()
        self._debug_by(row, Session(tuple(breakpoints), now.step, now.depth, now.said, now.paused))

    def _debug_by(self, row: RunRow, session: Session, **fields: Any) -> RunRow:
        """From here on the run stops by this session, from the next visit it begins. Raises NotPossible."""
        if row.status in WORKING and not self._is_here(row.id):
            raise NotPossible(
                f"The run {row.number} is worked on by another process", mend="Stop it there, and resume it here."
            )
        row = self._runs.update(row.id, debugging=session.data(), **fields)
        with self._lock:
            run = self._working(row.id)
            if run is not None:
                run.steering = run.steering or Steering(row.id)
                run.steering.session = session
        return row


def names(compiled: Compiled) -> list[str]:
    """The nodes that run, on every level."""
    return [step.id for step in compiled.workflow.all_steps()]


def _session(row: RunRow, breakpoints: Sequence[Breakpoint] | None, command: Command, depth: int = 0) -> Session:
    now = Session.read(row.debugging) or Session()
    points = now.breakpoints if breakpoints is None else tuple(breakpoints)
    return Session(points, None if command == "continue" else command, depth, now.said)


def _said(
    row: RunRow, stops: Mapping[str, Mapping[str, Any]], words: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """What is written down now: of earlier words those to visits that ask something since, and start again."""
    waits = {form["interrupt"] for form in row.forms}
    before: Mapping[str, Mapping[str, Any]] = (Session.read(row.debugging) or Session()).said
    kept = {key: said for key, said in before.items() if key.partition(" ")[0] in waits}
    return {**kept, **{said_key(each, stops[each]["when"]): said for each, said in words.items()}}


def _chosen(row: RunRow, interrupt: str | None, edits: Edits) -> dict[str, Mapping[str, Any]]:
    """Interrupt -> stop, of those that go on."""
    stops = {form["interrupt"]: form["stop"] for form in row.forms if "stop" in form}
    if row.status != "waiting" or not stops or interrupt not in (None, *stops):
        where = "at " + ", ".join(f"{each['node']} ({key})" for key, each in stops.items()) if stops else "nowhere"
        raise NotPossible(
            f"The run {row.number} is {row.status} and does not stop {'there' if interrupt else 'anywhere'}",
            mend=f"It stops {where}.",
        )
    chosen = stops if interrupt is None else {interrupt: stops[interrupt]}
    if len(chosen) > 1 and edits != NO_EDITS:
        raise NotPossible(
            f"The run {row.number} stops at {len(chosen)} visits: it is not said which the edits are for",
            mend=f"Name one by its interrupt: {', '.join(chosen)}.",
        )
    return chosen
