"""Everything common around a node: inputs, limits, retries, timeout, outcome, events and its span.

Built once for each node of a compiled graph; a call is one visit. Nothing here knows how the graph goes
on from the outcome: that is ``compile`` and ``frames``.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from langgraph.errors import GraphBubbleUp, GraphInterrupt
from langgraph.types import interrupt

from graphs.active import CURRENT, ActiveRun, NodeFailed
from graphs.asking import about, form_json, with_people
from graphs.binding import OUTCOME, OUTPUTS, RECORDS, STATE_PREFIX, Record, State, binder, output_checker
from graphs.context import NodeContext
from graphs.document import StateSpec
from graphs.events import NodeWaiting, OfVisit, previews
from graphs.intermediate import DONE, ERROR, Step
from graphs.limit_reached import LimitReached
from graphs.pausing import may_ask
from graphs.people import open_journal
from graphs.signature import is_dear
from graphs.state import overridden
from graphs.tracer import Span, snapshot, strict_snapshot
from nodes.contract import FanOut, NodeError, Outputs, Pause, Result, Route

ATTEMPTS: Final = 3
"""Times a node is tried when it fails in a way that may pass."""
BACKOFF: Final = 0.5
"""Seconds before the second attempt; doubled for each further one."""

OPENED: Final = (
    "parent_id", "operation", "name", "started_at", "node_id", "kind", "visit", "item", "step", "attempt",
)  # fmt: skip
"""Columns of a frame's span that its record holds, for whoever collects its results may be another process."""

_NOTHING: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit of a node came to."""

    outcome: str
    record: Record
    writes: Mapping[str, Any]
    """To other channels: state variables, and of a finish node the workflow's outputs."""
    fan_out: FanOut | None = None
    """For a frame: its items; its span stays open until they are collected."""


class Wrapper:
    """A step of a workflow as a callable."""

    def __init__(self, step: Step, frame: str | None, state: Mapping[str, StateSpec], depth: int = 0) -> None:
        """``frame``: the frame it is in the body of; ``depth``: how many frames are around it."""
        self.step = step
        self.state = state
        self.depth = depth
        self.bind = binder(step)
        self.check = output_checker(step, state)
        self.first_outcome = step.outcomes[0] if step.outcomes else DONE
        self.outcomes = frozenset(step.outcomes)
        self.handled = ERROR in step.flow
        """Whether an error leads on."""
        self._frame = frame
        assert step.spec.run is not None
        self._run = step.spec.run
        self._is_finish = step.spec.dynamic == "workflow_outputs"
        self._writes_state = bool(state)
        self._may_ask = may_ask(step)
        self._is_dear = is_dear(step)
        self._timeout: float | None = getattr(step.config, "timeout", None)

    async def visit(self, state: State) -> Visit:
        """Run the node once. Raises NodeFailed, LimitReached, or LangGraph's interrupt."""
        run = CURRENT.get()
        number = run.meter.take_step()
        previous = (state.get(RECORDS) or {}).get(self.step.id)
        ctx = self._context(run, state, number, previous["visit"] + 1 if previous else 1)
        if self._may_ask or run.caller is not None:
            open_journal(ctx)
        span, steering = ctx.span, run.steering
        if steering is not None:
            steering.open(self, ctx, state)
        run.emit({"type": "node.started", **ctx.place, "step": number, "span": span.id})
        try:
            inputs = self.bind(state)
            span.row["input"] = snapshot(inputs)
            if steering is None:
                outcome, outputs, fan_out = await self.attempt(inputs, ctx)
            else:
                outcome, outputs, fan_out = await steering.attempt(self, inputs, ctx)
            if ctx.shown is not None:
                ctx.shown.flush()
            span.row["output"] = strict_snapshot(outputs)
        except Exception as error:
            return self._failed(error, ctx, previous, number)
        except asyncio.CancelledError:
            span.end("cancelled")
            raise
        record = self._record(ctx, number, outputs, previous)
        if outcome != self.first_outcome:
            record[OUTCOME] = outcome  # told nowhere else where the trace of it is lost
        if fan_out is not None:
            record |= {"span": span.id, "opened": {name: span.row[name] for name in OPENED}}
            ctx.note(items=len(fan_out.items))
        else:
            self.finished(ctx.place, span, outcome, record["outputs"], run, ctx.tokens, ctx.usd)
            if self._is_dear:  # before anything comes after it: a fork of a killed run does not do it again
                await run.tracer.settle()
        return Visit(outcome, record, self.writes(outputs, ctx.overrides), fan_out)

    def finished(
        self,
        place: OfVisit,
        span: Span,
        outcome: str,
        outputs: Outputs,
        run: ActiveRun,
        tokens: int = 0,
        usd: float = 0.0,
    ) -> None:
        """Close the span of a visit that went well, and tell."""
        span.end("ok", outcome=outcome)
        run.emit({
            "type": "node.finished", **place, "kind": self.step.spec.kind, "span": span.id, "outcome": outcome,
            "seconds": round(span.seconds, 6), "tokens": tokens, "usd": usd,
            "outputs": previews(outputs),
        })  # fmt: skip
        run.emit_spent()

    def failed(self, place: OfVisit, span: Span, run: ActiveRun, failure: NodeFailed) -> None:
        """Close the span of a visit that failed, and tell."""
        span.end("error", error={"what": failure.what, "mend": failure.mend, "type": failure.type}, outcome=ERROR)
        run.emit({
            "type": "node.failed", **place, "kind": self.step.spec.kind, "span": span.id, "handled": self.handled,
            "error": {"what": failure.what, "mend": failure.mend},
        })  # fmt: skip

    def _context(self, run: ActiveRun, state: State, number: int, visit: int) -> NodeContext:
        frame = state[RECORDS][self._frame] if self._frame else None
        item = frame["outputs"]["index"] if frame else None
        place: OfVisit = {"node": self.step.id, "visit": visit}
        if item is not None:
            place["item"] = item
        span = run.tracer.start(
            "invoke_node", self.step.label, frame["span"] if frame else run.root.id,
            node_id=self.step.id, kind=self.step.spec.kind, visit=visit, item=item, step=number, attempt=1,
        )  # fmt: skip
        return NodeContext(run, self.step, place, span, state)

    async def attempt(self, inputs: dict[str, Any], ctx: NodeContext) -> tuple[str, Outputs, FanOut | None]:
        """The node's outcome and outputs; passing faults are tried again."""
        attempt = 1
        while True:
            try:
                if ctx.journal is None:
                    return self._settle(await self._timed(inputs, ctx), ctx)
                return self._settle(await with_people(lambda: self._timed(inputs, ctx), ctx), ctx)
            except (NodeError, ExceptionGroup) as raised:
                error = first_cause(raised)
                if not isinstance(error, NodeError) or not error.retryable or attempt >= ATTEMPTS:
                    raise
                ctx.retry(attempt, error)
                await asyncio.sleep(BACKOFF * 2 ** (attempt - 1))
                attempt += 1

    async def _timed(self, inputs: dict[str, Any], ctx: NodeContext) -> Result:
        if self._timeout is None:
            return await self._run(inputs, self.step.config, ctx)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._run(inputs, self.step.config, ctx)
        except TimeoutError:
            raise NodeError(
                f"The node did not end within {self._timeout:g} seconds", mend="Raise its timeout.", retryable=True
            ) from None

    def _settle(self, result: Result, ctx: NodeContext) -> tuple[str, Outputs, FanOut | None]:
        """Outcome, outputs and items of what a node returned."""
        if isinstance(result, Pause):
            result = self._answered(result, ctx)
        if isinstance(result, FanOut):
            return self.first_outcome, {}, result
        outcome, outputs = (
            (result.outcome, result.outputs) if isinstance(result, Route) else (self.first_outcome, result)
        )
        if outcome not in self.outcomes and isinstance(result, Route):
            raise NodeError(
                f"The node ended with {outcome!r}, which is not one of its outcomes",
                mend=f"Its outcomes are {', '.join(self.step.outcomes) or 'none'}.",
            )
        self.check(outputs)
        return outcome, outputs, None

    def _answered(self, pause: Pause, ctx: NodeContext) -> Outputs | Route:
        """What comes of the person's answer; one that does not fit is asked for again, with the reason.

        The node runs twice, up to the question and again with the answer; both are one span.
        """
        if ctx.run.caller is not None:
            raise NodeError(
                "A question to a person cannot wait inside a workflow that a node runs",
                mend="Ask before or after that node, in the workflow itself.",
            )
        if not ctx.one_span:
            ctx.span.rename(ctx.task_id.replace("-", "")[:16])
        form = form_json(pause.form)
        if pause.within is not None:
            form["deadline"] = time.time() + pause.within
        while True:
            said = interrupt({"node": self.step.id, "form": form})
            ctx.note(answered=about(said))
            try:
                if said.get("timed_out") and pause.timed_out is not None:
                    return pause.timed_out
                return pause.resume(said["answer"])
            except NodeError as error:
                form = {**form, "error": {"what": error.what, "mend": error.mend}}

    def _record(self, ctx: NodeContext, number: int, outputs: Outputs, previous: Record | None) -> Record:
        """Ports hold the last value the node produced, so those of this visit cover the earlier ones."""
        kept = previous["outputs"] if previous else {}
        fresh = outputs
        if self._writes_state:
            fresh = {name: value for name, value in outputs.items() if not name.startswith(STATE_PREFIX)}
        return {"visit": ctx.place["visit"], "step": number, "outputs": {**kept, **fresh} if kept else fresh}

    def writes(self, outputs: Outputs, overrides: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """What a visit writes to other channels; ``overrides`` are state variables that a person has set."""
        if self._is_finish:
            found: Mapping[str, Any] = {OUTPUTS: outputs}
        elif self._writes_state:
            found = {name: value for name, value in outputs.items() if name.startswith(STATE_PREFIX)}
        else:
            found = _NOTHING
        return {**found, **overridden(overrides, found, self.state)} if overrides else found

    def _failed(self, error: Exception, ctx: NodeContext, previous: Record | None, number: int) -> Visit:
        """Where the error goes: on to LangGraph, out by the outcome ``error``, or to the end of the run."""
        error = first_cause(error)
        if ctx.shown is not None:
            ctx.shown.flush()
        if isinstance(error, GraphBubbleUp):
            if isinstance(error, GraphInterrupt):
                ctx.run.meter.steps -= 1  # the run of the node is counted when it goes on
            self.waits(error, ctx)
            raise error
        if isinstance(error, LimitReached):
            ctx.span.end("cancelled", error={"what": error.what, "mend": error.mend, "type": "LimitReached"})
            raise error
        failure = explain(self.step, error)
        self.failed(ctx.place, ctx.span, ctx.run, failure)
        if not self.handled:
            raise failure from error
        return Visit(ERROR, {**self._record(ctx, number, {}, previous), OUTCOME: ERROR}, self.writes({}, ctx.overrides))

    def waits(self, error: GraphBubbleUp, ctx: NodeContext) -> None:
        """Close the span of a visit that asks a person, and tell."""
        if not isinstance(error, GraphInterrupt):
            ctx.span.end("cancelled")
            return
        asked = error.args[0][-1]
        if "stop" not in asked.value:
            ctx.run.people.ask(ctx, asked)
        ctx.span.end("waiting")
        told: NodeWaiting = {**seen(asked.value), "type": "node.waiting", "interrupt": asked.id}  # pyright: ignore[reportAssignmentType]
        ctx.run.emit(told)


def seen(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What an interrupt holds, as far as the run's watchers see it: keys with ``~`` are the engine's own."""
    return {name: value for name, value in asked.items() if not name.startswith("~")}


def first_cause(error: Exception) -> Exception:
    """The first failure of several that tasks of a node ended with; a limit goes before."""
    while isinstance(error, ExceptionGroup):
        inner: tuple[Exception, ...] = error.exceptions
        error = next((each for each in inner if isinstance(each, LimitReached)), inner[0])
    return error


def explain(step: Step, error: Exception) -> NodeFailed:
    """Any failure of a node in words."""
    if isinstance(error, NodeFailed):
        return error
    if isinstance(error, NodeError):
        return NodeFailed(step.id, error.what, error.mend, "NodeError")
    kind = type(error).__name__
    return NodeFailed(
        step.id, f"The node {step.label!r} broke: {kind}: {error}",
        "This is a fault in the node's code, not in your workflow; report it with this trace.", kind,
    )  # fmt: skip
