"""A node of the graph: a mechanism with its settings, what is wired into it, and what is attached to it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from langgraph.errors import GraphBubbleUp
from langgraph.graph import END

from graphs.export.runtime.binding import Sources, bind, check
from graphs.export.runtime.failures import explained
from graphs.export.runtime.here import INSIDE, surroundings
from graphs.export.runtime.inputs import Input, checked_inputs
from graphs.export.runtime.ledger import Ledger
from graphs.export.runtime.people import answered
from graphs.export.runtime.resources import flat
from graphs.export.runtime.state import (
    AT,
    EVENTS,
    INPUTS,
    OUTPUTS,
    RENAMED,
    RESULTS,
    SPENT,
    VARIABLE,
    WRITES,
    State,
    superstep,
    variables,
)
from graphs.export.runtime.visit import Visit
from graphs.limit_reached import LimitReached
from nodes.contract import FanOut, NodeError, NodeSpec, Outputs, Pause, Result, Route, RunEvent

ATTEMPTS: Final = 3
"""Times a node is tried when it fails in a way that may pass."""
BACKOFF: Final = 0.5
"""Seconds before the second attempt; doubled for each further one."""
ERROR: Final = "error"
"""The outcome of a node that failed, where it leads somewhere."""


class Step:
    """A node: ``builder.add_node("plan", Step("plan", plan, {...}, inputs={...}))``."""

    def __init__(
        self,
        id: str,
        spec: NodeSpec,
        settings: Mapping[str, Any] | None = None,
        *,
        label: str = "",
        inputs: Mapping[str, Sources] | None = None,
        optional: Sequence[str] = (),
        types: Mapping[str, str] | None = None,
        outcomes: Sequence[str] | None = None,
        attach: Mapping[str, Sequence[Any]] | None = None,
        catches: bool = False,
        reads_state: bool = False,
        renamed: Sequence[str] = (),
    ) -> None:
        """``inputs``: port -> ``node.port``, those ``optional`` may be absent; ``types``: port -> type to check.

        ``outcomes``: where its settings change them. ``catches``: a failure leads on by ``error``.
        ``reads_state``: the mechanism is given the state variables. ``renamed``: those with another key.
        """
        self.id = id
        self.__name__ = id
        self.label = label or id
        self.spec = spec
        self.config = spec.config.model_validate(dict(settings or {}))
        self.inputs = inputs or {}
        self.optional = optional
        self.types = types or {}
        self.outcomes = tuple(spec.outcomes if outcomes is None else outcomes)
        self.attached = flat(attach)
        self.catches = catches
        self.reads_state = reads_state
        self.renamed = renamed

    async def __call__(self, state: dict[str, Any]) -> dict[str, Any]:
        """Run the mechanism; what it gives becomes an update of the state."""
        outcome, outputs, visit, number = await self.run(state)
        return self.update(state, visit, number, outcome, outputs)

    async def run(self, state: State) -> tuple[str, Any, Visit, int]:
        """Outcome, outputs (or a FanOut), the visit, and its number. Raises NodeFailed, LimitReached."""
        outermost, here = INSIDE.get() is None, surroundings(state)
        INSIDE.set(here)
        number = here.ledger.take_step()
        previous = (state.get(RESULTS) or {}).get(self.id)
        visit = Visit(self.id, self.label, self.attached, here, state, previous["visit"] + 1 if previous else 1)
        visit.outermost = outermost
        try:
            outcome, outputs = await self._attempt(self.bind(state), visit)
        except Exception as raised:
            error = first_cause(raised)
            if isinstance(error, GraphBubbleUp | LimitReached):
                raise error from None
            visit.ledger.events.append(RunEvent("node", self.id, ERROR, kind=self.spec.kind))
            if not self.catches:
                raise explained(self.id, error) from error
            return ERROR, {}, visit, number
        if not isinstance(outputs, FanOut):
            visit.ledger.events.append(RunEvent("node", self.id, outcome, kind=self.spec.kind))
        return outcome, outputs, visit, number

    def bind(self, state: State) -> dict[str, Any]:
        """The mechanism's inputs. Raises NodeError."""
        values = bind(self.inputs, self.optional, self.types, state)
        return {**values, "state": variables(state)} if self.reads_state else values

    def update(self, state: State, visit: Visit, number: int, outcome: str, outputs: Outputs) -> dict[str, Any]:
        """What the visit writes: its result, state variables, the workflow's outputs, and what was spent."""
        previous = (state.get(RESULTS) or {}).get(self.id)
        ports = {name: value for name, value in outputs.items() if not name.startswith(VARIABLE)}
        result = {
            "visit": visit.visit, "step": number, AT: superstep(), "outcome": outcome,
            "outputs": {**(previous["outputs"] if previous else {}), **ports},
        }  # fmt: skip
        written = {self._key(name): value for name, value in outputs.items() if name.startswith(VARIABLE)}
        update = {RESULTS: {self.id: result}, **(told(visit.ledger) if visit.outermost else {}), **written}
        if written:  # once more, for the level around where this is the body of a for-each
            update[WRITES] = [[key, value] for key, value in written.items()]
        if self.spec.dynamic == "workflow_outputs":
            update[OUTPUTS] = ports
        return update

    def _key(self, written: str) -> str:
        """The key of the state variable that the mechanism writes under this name."""
        name = written.removeprefix(VARIABLE)
        return name + RENAMED if name in self.renamed else name

    async def _attempt(self, inputs: dict[str, Any], visit: Visit) -> tuple[str, Any]:
        """Outcome and outputs; passing faults are tried again."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._settled(await self._timed(inputs, visit), visit)
            except (NodeError, ExceptionGroup) as raised:
                error = first_cause(raised)
                if not isinstance(error, NodeError) or not error.retryable or attempt == ATTEMPTS:
                    raise
                visit.nested = 0
                visit.calls.clear()
                visit.progress(f"attempt {attempt} failed: {error.what}")
                await asyncio.sleep(BACKOFF * 2 ** (attempt - 1))
        raise AssertionError("the last attempt returns or raises")

    async def _timed(self, inputs: dict[str, Any], visit: Visit) -> Result:
        assert self.spec.run is not None
        seconds: float | None = getattr(self.config, "timeout", None)
        try:
            async with asyncio.timeout(seconds):
                return await self.spec.run(inputs, self.config, visit)
        except TimeoutError:
            if seconds is None:
                raise
            raise NodeError(
                f"The node did not end within {seconds:g} seconds", mend="Raise its timeout.", retryable=True
            ) from None

    def _settled(self, result: Result, visit: Visit) -> tuple[str, Any]:
        first = self.outcomes[0] if self.outcomes else "done"
        if isinstance(result, Pause):
            result = answered(visit, result)
        if isinstance(result, FanOut):
            return first, result
        outcome, outputs = (result.outcome, result.outputs) if isinstance(result, Route) else (first, result)
        if isinstance(result, Route) and outcome not in self.outcomes:
            raise NodeError(f"The node ended with {outcome!r}, which is none of {', '.join(self.outcomes)}")
        check(outputs, self.output_types())
        return outcome, outputs

    def output_types(self) -> dict[str, str]:
        """Port -> type."""
        if self.spec.dynamic == "workflow_outputs":
            return {name: self.types.get(name, "any") for name in self.inputs}
        typed = self.spec.typed_by
        return {
            port.name: str(getattr(self.config, typed[port.name])) if port.name in typed else port.type
            for port in self.spec.outputs
        }


class Start(Step):
    """Where flow begins: checks the inputs, and gives the state variables their first values."""

    def __init__(
        self,
        id: str,
        spec: NodeSpec,
        declared: Mapping[str, Input],
        *,
        label: str = "",
        first: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> None:
        """``declared``: the workflow's inputs; ``first``: state variable -> what it holds at first."""
        super().__init__(id, spec, label=label, **more)
        self.declared = declared
        self.first = first or {}

    def bind(self, state: State) -> dict[str, Any]:
        return checked_inputs(self.declared, state.get(INPUTS) or {})

    def update(self, state: State, visit: Visit, number: int, outcome: str, outputs: Outputs) -> dict[str, Any]:
        return {**super().update(state, visit, number, outcome, outputs), **self.first}

    def output_types(self) -> dict[str, str]:
        return {name: each.type for name, each in self.declared.items()}


def told(ledger: Ledger) -> dict[str, Any]:
    """What was spent, and what happened."""
    return {SPENT: ledger.update(), EVENTS: [asdict(event) for event in ledger.events]}


def outcome_of(id: str) -> Any:
    """The routing function of a node's conditional edges: how it ended."""

    def outcome(state: dict[str, Any]) -> str:
        return state[RESULTS][id]["outcome"]

    return outcome


def ways(id: str, flow: Mapping[str, Sequence[str]]) -> Any:
    """The same where an outcome leads to several nodes at once, or to none."""

    def onward(state: dict[str, Any]) -> list[str]:
        return list(flow.get(state[RESULTS][id]["outcome"], ())) or [END]

    return onward


def first_cause(error: Exception) -> Exception:
    """The first failure of several that tasks of a node ended with; a limit goes before."""
    while isinstance(error, ExceptionGroup):
        inner: tuple[Exception, ...] = error.exceptions
        error = next((each for each in inner if isinstance(each, LimitReached)), inner[0])
    return error
