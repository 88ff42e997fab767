"""Breakpoints and steps: where a run stops so that a person can look, change something and go on.

They belong to a run. What a stop shows is its *stop form*; what a person says to it is a *command* with edits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from graphs.document import StateSpec
from graphs.intermediate import ERROR, Step, describe
from nodes import conditions
from nodes.contract import NodeError
from nodes.types import conforms

When = Literal["before", "after"]
Why = Literal["breakpoint", "step", "pause"]
StepCommand = Literal["over", "into", "out", "pause"]
Command = Literal["continue", "over", "into", "out", "pause"]
MOST: Final = 200
"""Breakpoints of a run, at most."""


class Breakpoint(BaseModel):
    """Stop before or after a node, where the condition holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    node: str = Field(max_length=64)
    when: When = "before"
    condition: str = Field(default="", max_length=conditions.MAX_LENGTH)
    """CEL over inputs, outputs, state, visit, item; '' for always."""
    enabled: bool = True


class Edits(BaseModel):
    """What a person changes at a stop, or at the point of a fork. None: nothing of the kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inputs: dict[str, Any] | None = None
    state: dict[str, Any] | None = None
    outputs: dict[str, Any] | None = None
    outcome: str | None = None

    @property
    def replaces_the_node(self) -> bool:
        """Before a node: it does not run, and comes to these."""
        return self.outputs is not None or self.outcome is not None


@dataclass(frozen=True)
class Hit:
    """Why a visit stops."""

    why: Why
    problem: str = ""
    """Of a condition that cannot be evaluated: it stops, and says so."""


@dataclass
class Session:
    """The breakpoints and the current step of a run."""

    breakpoints: tuple[Breakpoint, ...] = ()
    step: StepCommand | None = None
    depth: int = 0
    """Level of the visit that the step began at; 0 is the workflow itself."""
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """``said_key`` of a stop -> the word to it, written down before the run goes on with it."""
    paused: Mapping[str, Any] | None = None
    """Who asked it to pause, and when."""
    _at: dict[tuple[str, str], list[Breakpoint]] = field(default_factory=dict[tuple[str, str], list[Breakpoint]])

    def __post_init__(self) -> None:
        for each in self.breakpoints:
            if each.enabled:
                self._at.setdefault((each.node, each.when), []).append(each)

    @classmethod
    def read(cls, data: Mapping[str, Any] | None) -> "Session | None":
        """From ``Run.debugging``."""
        if data is None:
            return None
        step: Mapping[str, Any] = data.get("step") or {}
        points = tuple(Breakpoint.model_validate(each) for each in data.get("breakpoints", ()))
        return cls(points, step.get("command"), step.get("depth", 0), data.get("said", {}), data.get("paused"))

    def data(self) -> dict[str, Any]:
        """As ``Run.debugging``."""
        step = None if self.step is None else {"command": self.step, "depth": self.depth}
        told = {"said": dict(self.said), "paused": self.paused}
        kept = {name: value for name, value in told.items() if value}
        return {"breakpoints": [each.model_dump() for each in self.breakpoints], "step": step, **kept}

    def stops(self, node: str, when: When, depth: int, values: Mapping[str, Any]) -> Hit | None:
        """Why a visit stops here; None where it goes on."""
        if when == "before" and self.step is not None and self._steps_to(depth):
            return Hit("pause" if self.step == "pause" else "step")
        for each in self._at.get((node, when), ()):
            try:
                if not each.condition or conditions.holds(each.condition, values):
                    return Hit("breakpoint")
            except conditions.ConditionError as error:
                return Hit("breakpoint", error.what)
        return None

    def _steps_to(self, depth: int) -> bool:
        if self.step == "over":
            return depth <= self.depth
        return depth < self.depth if self.step == "out" else True


def said_key(interrupt: str, when: When) -> str:
    """Where the word to a stop is written down: a visit may stop twice by one interrupt."""
    return f"{interrupt} {when}"


def stop_form(step: Step, stop: Mapping[str, Any]) -> dict[str, Any]:
    """What an interrupt of a stop holds, as far as anybody outside sees it."""
    form = {"title": f"Stopped {stop['when']} {step.label}", "text": "", "fields": []}
    return {"node": step.id, "form": form, "stop": dict(stop)}


def check_breakpoints(given: Sequence[Breakpoint], nodes: Iterable[str]) -> None:
    """Raises NodeError for a node that is not there, a condition that is no CEL, or too many."""
    known = list(nodes)
    if len(given) > MOST:
        raise NodeError(f"{len(given)} breakpoints are more than {MOST}", mend="Remove some.")
    for each in given:
        if each.node not in known:
            near = get_close_matches(each.node, known, n=1)
            raise NodeError(
                f"There is no node {each.node!r} that runs, so no breakpoint can stand there",
                mend=f"Did it mean {near[0]!r}?" if near else f"Nodes: {', '.join(known[:20])}.",
            )
        if each.condition:
            conditions.check(each.condition)


def check_edits(step: Step, edits: Edits, state: Mapping[str, StateSpec], when: When) -> None:
    """Raises NodeError for a port, variable or outcome that is not there, or a value of a wrong type."""
    if edits.inputs is not None and when == "after":
        raise NodeError(f"The node {step.id!r} has run: its inputs cannot be changed any more", mend="Change outputs.")
    inputs = {binding.name: binding.type for binding in step.inputs}
    if step.spec.dynamic == "workflow_inputs":
        inputs = dict(step.outputs)
    _check("input", edits.inputs, inputs, step.id)
    outputs = {**step.outputs, **(inputs if step.spec.dynamic == "workflow_outputs" else {})}
    _check("output", edits.outputs, outputs, step.id)
    _check("state variable", edits.state, {name: spec.type for name, spec in state.items()}, "the workflow")
    outcomes = outcomes_of(step)
    if edits.outcome is not None and edits.outcome not in outcomes:
        raise NodeError(
            f"The node {step.id!r} cannot end with {edits.outcome!r}", mend=f"Its outcomes: {', '.join(outcomes)}."
        )
    if edits.replaces_the_node and step.body is not None and when == "before":
        raise NodeError(
            f"The frame {step.id!r} cannot be given outputs before it runs", mend="Stop after it, or in its body."
        )


def outcomes_of(step: Step) -> list[str]:
    """What a node may end with; ``error`` where that leads on."""
    return [*(step.outcomes or ("done",)), *([ERROR] if ERROR in step.flow else [])]


def _check(noun: str, values: Mapping[str, Any] | None, types: Mapping[str, str], owner: str) -> None:
    for name, value in (values or {}).items():
        if name not in types:
            near = get_close_matches(name, types, n=1)
            hint = f"Did it mean {near[0]!r}? " if near else ""
            raise NodeError(f"{owner} has no {noun} {name!r}", mend=f"{hint}There are: {', '.join(types) or 'none'}.")
        if types[name] != "any" and not conforms(value, types[name]):
            raise NodeError(
                f"The {noun} {name!r} of {owner} must be a {types[name]}, and is {describe(value)}",
                mend=f"Give a {types[name]}.",
            )
