"""Values into a node and out of it: bound from channels, checked against the types of the ports.

A node that has run has a *record*: ``{"visit", "step", "outputs"}``, where ``step`` is the run's count of
node runs, so that of two sources the later one can be told; ``outcome`` where it was not the first one.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from graphs.document import StateSpec
from graphs.intermediate import Binding, Source, Step, describe
from nodes.contract import NodeError
from nodes.types import conforms, item_type

Record = dict[str, Any]
Records = Mapping[str, Record]
"""Node -> its record."""
State = Mapping[str, Any]
"""Channel -> value."""

STATE_PREFIX: Final = "state."
INPUTS: Final = "~inputs"
"""Channel of the workflow's inputs."""
OUTPUTS: Final = "~outputs"
"""Channel of the workflow's outputs: what its finish nodes were given."""
RECORDS: Final = "~records"
"""Channel of all nodes' records."""
OUTCOME: Final = "outcome"
_ABSENT: Final = object()


def find(sources: tuple[Source, ...], records: Records) -> Any:
    """The value of the source that ran last, or ``_ABSENT``."""
    value, latest = _ABSENT, -1
    for source in sources:
        record = records.get(source.node)
        if record is not None and record["step"] > latest and source.port in record["outputs"]:
            value, latest = record["outputs"][source.port], record["step"]
    return value


def binder(step: Step) -> Callable[[State], dict[str, Any]]:
    """A function from the state to the node's inputs. It raises NodeError for what is missing or mistyped.

    Null is no value: where an input is optional and of a type, it is left out, as when nothing had come.
    """
    bindings = step.inputs
    state_names = step.reads_state
    from_run = step.spec.dynamic == "workflow_inputs"

    def bind(state: State) -> dict[str, Any]:
        if from_run:
            return dict(state.get(INPUTS) or {})
        records = state.get(RECORDS) or {}
        inputs: dict[str, Any] = {}
        for binding in bindings:
            value = find(binding.sources, records)
            if value is _ABSENT:
                if binding.required:
                    raise _missing(binding)
            elif binding.trusted or conforms(value, binding.type):
                inputs[binding.name] = value
            elif value is not None or binding.required:
                raise _mistyped(binding, value)
        if state_names:
            inputs["state"] = variables(state)
        return inputs

    return bind


def variables(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state variables among the channels, by their own names."""
    start = len(STATE_PREFIX)
    return {name[start:]: value for name, value in state.items() if name.startswith(STATE_PREFIX)}


def collected(bindings: tuple[Binding, ...], records: Records) -> dict[str, Any]:
    """What a body gave for each of the frame's input ports; absent where it gave nothing."""
    found = {binding.name: find(binding.sources, records) for binding in bindings}
    return {name: value for name, value in found.items() if value is not _ABSENT}


def output_checker(step: Step, state: Mapping[str, StateSpec]) -> Callable[[Mapping[str, Any]], None]:
    """A function that raises NodeError for an output of an unknown name or a wrong type.

    To a variable that appends, one item may be written as well as a list of them.
    """
    types = {**step.outputs, **{STATE_PREFIX + name: spec.type for name, spec in state.items()}}
    items = {STATE_PREFIX + name: item_type(spec.type) for name, spec in state.items() if spec.reducer == "append"}
    if step.spec.dynamic == "workflow_outputs":
        types.update({binding.name: binding.type for binding in step.inputs})

    def check(outputs: Mapping[str, Any]) -> None:
        for name, value in outputs.items():
            type = types.get(name)
            if type is None:
                raise _unknown_output(name, types)
            if type != "any" and not conforms(value, type) and not conforms(value, items.get(name) or type):
                raise NodeError(
                    f"The output {name!r} must be a {type}, and is {describe(value)}",
                    mend="The node's own code is at fault; report it to whoever made this kind.",
                )

    return check


def _missing(binding: Binding) -> NodeError:
    sources = ", ".join(f"{source.node}.{source.port}" for source in binding.sources)
    if not sources:
        return NodeError(
            f"The input {binding.name!r} has nothing wired into it",
            mend=f"Wire a {binding.type} into {binding.name!r}.",
        )
    return NodeError(
        f"The input {binding.name!r} has no value: {sources} has not been produced on this way through the workflow",
        mend="Let the flow pass that node first, or wire in a source that always runs before.",
    )


def _mistyped(binding: Binding, value: Any) -> NodeError:
    return NodeError(
        f"The input {binding.name!r} must be a {binding.type}, and is {describe(value)}",
        mend=f"Wire a {binding.type} into {binding.name!r}, or convert it in a Prompt node before.",
    )


def _unknown_output(name: str, types: Mapping[str, str]) -> NodeError:
    near = get_close_matches(name, types, n=1)
    hint = f"Did it mean {near[0]!r}? " if near else ""
    return NodeError(
        f"The node returned {name!r}, which is not one of its outputs",
        mend=f"{hint}Its outputs are {', '.join(sorted(types)) or 'none'}.",
    )
