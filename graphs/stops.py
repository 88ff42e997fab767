"""The stops of one visit, on LangGraph's interrupts.

A stop before a node is an interrupt with nothing done yet: resumed, the task runs again and finds the person's
word. A stop after it must not run the node again, so the interrupt holds what the node came to; the checkpoint
keeps it, and the resumed task takes it from there. LangGraph gives a task its words back in the order in which it
asked for them, so a visit asks again for each that it had: for the stop before, for the questions of the node,
for the stop after.

A word stands in the run's session before the run goes on with it. Where the process dies before LangGraph has it,
the visit finds it there and does not stop again: the command is neither lost nor to be given twice.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from langgraph.config import get_config
from langgraph.types import Interrupt, interrupt

from graphs.binding import STATE_PREFIX, variables
from graphs.breakpoints import Edits, Session, When, outcomes_of, said_key, stop_form
from graphs.state import channel_values, reduced
from graphs.tracer import snapshot
from nodes.contract import Outputs

if TYPE_CHECKING:
    from graphs.context import NodeContext
    from graphs.wrapper import Wrapper

STOP: Final = "~stop"
"""Key of a person's word to a stop; its value says which."""
RESULT: Final = "~result"
"""Key of what a node came to that stopped after it."""
TASK: Final = "~task"
"""Key of LangGraph's id of the task that stopped."""
PAUSED: Final = "~paused"
"""Key of who asked for the pause that a visit stopped by."""
BEGAN: Final = "~began"
"""Key of when the visit that stopped had begun, in seconds since the epoch."""
_SCRATCHPAD: Final = "__pregel_scratchpad"

Pending = Mapping[str, Mapping[str, Any]]
"""Task -> what its last interrupt holds, of those the last checkpoint has."""


def word(stop: Mapping[str, Any], edits: Edits, told: Mapping[str, Any]) -> dict[str, Any]:
    """What a stop is resumed with; ``told``: the command, who gave it, where and when."""
    return {STOP: stop["when"], "span": stop["span"], "edits": edits.model_dump(exclude_none=True), "told": dict(told)}


class Stops:
    """Where one visit stops, and what people said to it."""

    def __init__(self, wrapper: "Wrapper", ctx: "NodeContext", session: Session | None, pending: Pending) -> None:
        settings: Mapping[str, Any] = get_config().get("configurable", {})
        self._wrapper = wrapper
        self._ctx = ctx
        self._session = session
        self._task = str(settings["__pregel_task_id"])
        self._interrupt = Interrupt.from_ns(None, str(settings["checkpoint_ns"])).id
        self._words: list[Any] = list(settings[_SCRATCHPAD].resume)
        self._pending: Mapping[str, Any] = pending.get(self._task, {})
        self._heard = 0
        self.told: list[dict[str, Any]] = [dict(self._pending[PAUSED])] if PAUSED in self._pending else []
        """The commands of people to this visit so far."""

    @property
    def span(self) -> str | None:
        """The span of the visit where it stopped before: it goes on there."""
        first: Any = self._words[0] if self._words else None
        known: Any = first if _of_stop(first) else self._pending.get("stop") or self._written("before")
        return known["span"] if known else None

    @property
    def began(self) -> float | None:
        """When the visit had begun, where it has stopped."""
        return self._pending.get(BEGAN)

    @property
    def result(self) -> Mapping[str, Any] | None:
        """What the node came to where it has stopped after it: it is not run again."""
        return self._pending.get(RESULT)

    async def before(self, inputs: Mapping[str, Any]) -> Edits | None:
        """Stop before the node, or what a person changed there; None where it does not stop."""
        if self._words and _of_stop(self._words[0], "before"):
            return self._hear()
        written = self._written("before")
        if written is not None:
            return self._taken(written)
        if self._heard_nothing_yet("before"):
            interrupt(dict(self._pending))
        if self._words or self.result is not None:
            return None
        self._stop("before", inputs, None, {})
        return None

    async def after(self, inputs: Mapping[str, Any], outcome: str, outputs: Outputs) -> Edits | None:
        """Stop after the node, or what a person changed there; None where it does not stop."""
        if self.result is None:
            self._stop("after", inputs, outcome, outputs)
            return None
        said: Edits | None = None
        while self._heard < len(self._words):
            said = self._hear() if _of_stop(self._words[self._heard]) else self._skip()
        if _of_stop(self._words[-1] if self._words else None, "after"):
            return said
        written = self._written("after")
        if written is None:
            interrupt(dict(self._pending))
        return said if written is None else self._taken(written)

    def _heard_nothing_yet(self, when: When) -> bool:
        return self._pending.get("stop", {}).get("when") == when

    def _hear(self) -> Edits:
        self._heard += 1
        return self._taken(interrupt(None))

    def _written(self, when: When) -> Mapping[str, Any] | None:
        """The word that is written down for the stop, whether LangGraph has got it or not."""
        return None if self._session is None else self._session.said.get(said_key(self._interrupt, when))

    def _taken(self, said: Mapping[str, Any]) -> Edits:
        if said.get("told"):  # not in one of an older Nodeloom
            self.told.append(dict(said["told"]))
        return Edits.model_validate(said["edits"])

    def _skip(self) -> None:
        """An answer to a question of the node, which is in its result."""
        self._heard += 1
        interrupt(None)

    def _stop(self, when: When, inputs: Mapping[str, Any], outcome: str | None, outputs: Outputs) -> None:
        ctx = self._ctx
        stop = stop_of(self._wrapper, ctx, self._session, when, inputs, outcome, outputs)
        if stop is None:
            return
        value = {**stop_form(self._wrapper.step, stop), TASK: self._task, BEGAN: ctx.now()}
        if stop["why"] == "pause" and self._session is not None and self._session.paused:
            value[PAUSED] = dict(self._session.paused)
        if outcome is not None:
            value[RESULT] = {
                "outcome": outcome, "outputs": snapshot(outputs), "tokens": ctx.tokens, "usd": ctx.usd,
            }  # fmt: skip
        interrupt(value)


def stop_of(
    wrapper: "Wrapper", ctx: "NodeContext", session: Session | None, when: When, inputs: Mapping[str, Any],
    outcome: str | None, outputs: Outputs,
) -> dict[str, Any] | None:  # fmt: skip
    """What is shown where a visit stops; None where it does not."""
    if session is None:
        return None
    step = wrapper.step
    shown = {name: value for name, value in outputs.items() if not name.startswith(STATE_PREFIX)}
    own_inputs = {name: value for name, value in inputs.items() if name != "state"}
    state = _state(wrapper, ctx, outputs)
    values = {"inputs": own_inputs, "outputs": shown, "state": state, "visit": ctx.visit, "item": ctx.item}
    hit = session.stops(step.id, when, ctx.depth, values)
    if hit is None:
        return None
    return {
        "when": when, "why": hit.why, "problem": hit.problem, "node": step.id, "visit": ctx.visit, "item": ctx.item,
        "span": ctx.span.id, "depth": ctx.depth, "inputs": snapshot(own_inputs),
        "outputs": None if outcome is None else snapshot(shown), "outcome": outcome, "outcomes": outcomes_of(step),
        "state": snapshot(state),
    }  # fmt: skip


def _state(wrapper: "Wrapper", ctx: "NodeContext", outputs: Outputs) -> dict[str, Any]:
    """All state variables as the visit sees them, with what it has just written."""
    specs = wrapper.state
    found = channel_values([STATE_PREFIX + name for name in specs])
    own = {name: value for name, value in ctx.state.items() if name.startswith(STATE_PREFIX)}
    before = variables({**found, **own})
    written = variables(outputs)
    return {**before, **{name: reduced(specs[name], before.get(name), value) for name, value in written.items()}}


def _of_stop(value: Any, when: str | None = None) -> bool:
    return isinstance(value, Mapping) and STOP in value and when in (None, value[STOP])
