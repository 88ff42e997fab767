"""The channels of a graph, and the schemas LangGraph makes them from.

All nodes share one channel, a dict from node to record (visits, step, the last value of every port):
LangGraph looks at every channel at every step, so a channel for each port would cost each step more the
larger the workflow. Beside it: the run's inputs and outputs, one channel for each state variable with its
reducer, and where needed the moves of joins and the results of a frame's bodies.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, TypedDict

from langgraph.channels import Topic
from langgraph.config import get_config

from graphs.binding import INPUTS, OUTPUTS, RECORDS, STATE_PREFIX
from graphs.document import StateSpec
from graphs.intermediate import Graph, Step
from graphs.joins import MOVES

Channels = dict[str, Any]
_READ: Final = "__pregel_read"  # LangGraph's key of the function that reads channels
_OVERWRITE: Final = "__overwrite__"  # LangGraph's word for a value that passes the reducer


def results_channel(frame: str) -> str:
    """The channel of what the bodies of a frame gave in this step: ``[index, values, failure, writes]`` each."""
    return f"~results.{frame}"


WRITES: Final = "~writes"
"""The channel, in the body of a frame, of what its nodes wrote to state variables: ``[channel, value]`` each."""

Written = Sequence[Sequence[Any]]
"""Writes to state variables as that channel has them."""


def body_writes(writes: Mapping[str, Any]) -> list[list[Any]]:
    """Of a visit's writes those to state variables, for the level around its frame.

    What a person overwrote at a stop, past the variable's reducer, holds for the item alone.
    """
    return [
        [channel, value] for channel, value in writes.items()
        if channel.startswith(STATE_PREFIX) and not (isinstance(value, dict) and _OVERWRITE in value)
    ]  # fmt: skip


def carried(written: Written, state: Mapping[str, StateSpec]) -> dict[str, Any]:
    """Many writes as one for each variable, in their order: what a frame's bodies write together."""
    found: dict[str, Any] = {}
    for channel, value in written:
        spec = state[channel.removeprefix(STATE_PREFIX)]
        found[channel] = reduced(spec, found.get(channel), value)
    return found


def _append(old: Any, new: Any) -> Any:
    return [*(old or ()), *(new if isinstance(new, list) else [new])]


def _merge(old: Any, new: Any) -> Any:
    return {**(old or {}), **new}


def _add(old: Any, new: Any) -> Any:
    return (old or 0) + new


_REDUCERS: Final = {"append": _append, "merge": _merge, "add": _add}


def channels_of(graph: Graph, state: Mapping[str, StateSpec], *, body: bool = False) -> Channels:
    """Channel -> annotation, for one level; ``body``: that of a frame's body."""
    merged = Annotated[dict[str, Any], _merge]
    channels: Channels = {INPUTS: dict[str, Any], OUTPUTS: merged, RECORDS: merged}
    channels.update(
        (results_channel(id), Annotated[list[Any], Topic(list)]) for id, step in graph.steps.items() if step.body
    )
    if graph.joins:
        channels[MOVES] = Annotated[list[Any], Topic(list)]
    channels.update((STATE_PREFIX + name, _variable(spec)) for name, spec in state.items())
    if body and state:
        channels[WRITES] = Annotated[list[Any], Topic(list, accumulate=True)]
    return channels


def _variable(spec: StateSpec) -> Any:
    reducer = _REDUCERS.get(spec.reducer)
    return Annotated[Any, reducer] if reducer else Any


def first_value(spec: StateSpec) -> Any:
    """What a variable holds before anything is written: its default; None for nothing.

    One that appends begins empty: LangGraph gives the first value of a channel to no reducer, and a single item
    would stand there bare.
    """
    return [] if spec.default is None and spec.reducer == "append" else spec.default


def reduced(spec: StateSpec, old: Any, write: Any) -> Any:
    """A state variable after one write."""
    reducer = _REDUCERS.get(spec.reducer)
    return reducer(old, write) if reducer else write


def overridden(values: Mapping[str, Any], writes: Mapping[str, Any], state: Mapping[str, StateSpec]) -> dict[str, Any]:
    """Writes of a node that put ``values`` in place of state variables, and its own ``writes`` on top of them.

    A variable with a reducer is overwritten whole: what a node beside it writes in the same step is lost.
    """
    found: dict[str, Any] = {}
    held = channel_values([STATE_PREFIX + name for name in values])
    for name, value in values.items():
        channel, spec = STATE_PREFIX + name, state[name]
        final = reduced(spec, value, writes[channel]) if channel in writes else value
        # The first value of a channel passes no reducer, which would take LangGraph's word away.
        found[channel] = {_OVERWRITE: final} if spec.reducer in _REDUCERS and channel in held else final
    return found


def channel_values(channels: Sequence[str]) -> Mapping[str, Any]:
    """What channels held when the step of the node that runs now began; those that hold nothing are absent."""
    read: Any = get_config().get("configurable", {})[_READ]
    return read(list(channels)) if channels else {}


def schema(name: str, channels: Channels, only: Iterable[str] | None = None) -> type[Any]:
    """A TypedDict of the channels, or of some of them."""
    chosen = channels if only is None else {key: channels[key] for key in dict.fromkeys(only)}
    return TypedDict(name, chosen, total=False)  # pyright: ignore[reportArgumentType, reportReturnType, reportUnknownVariableType]


def reads_of(step: Step, state: Mapping[str, StateSpec]) -> list[str]:
    """The channels a step's wrapper needs: few, for each is read at every visit."""
    reads = [RECORDS]
    if step.spec.dynamic == "workflow_inputs":
        reads.append(INPUTS)
    if step.reads_state or any(any_reads_state(body) for body in bodies_of(step)):
        reads += [STATE_PREFIX + name for name in state]
    if step.join:
        reads.append(MOVES)
    return reads


def any_reads_state(graph: Graph) -> bool:
    """Whether a step of the graph, or of a body in it, reads state variables."""
    return any(
        step.reads_state or any(any_reads_state(body) for body in bodies_of(step)) for step in graph.steps.values()
    )


def bodies_of(step: Step) -> list[Graph]:
    """What runs inside a step: its own body, and those of the sub-workflows attached to it."""
    bodies = (step.body, *(each.body for each in step.resources))
    return [each for each in bodies if each is not None]
