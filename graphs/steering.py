"""What a run does otherwise than its workflow says: visits kept or pinned, changes at one visit, stops.

A run that is neither forked, nor debugged, nor pinned has none of this. The wrapper asks at three points: when a
visit opens, in place of running the node, and when a frame has collected its results.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from graphs.active import NodeFailed
from graphs.binding import STATE_PREFIX, State
from graphs.breakpoints import Edits, Session
from graphs.holds import InnerStops
from graphs.intermediate import ERROR
from graphs.kept import Kept, Place, Taken, lasting_id
from graphs.stops import Pending, Stops
from graphs.tracer import snapshot
from nodes.contract import FanOut, NodeError, Outputs, RunEvent

if TYPE_CHECKING:
    from graphs.context import NodeContext
    from graphs.wrapper import Wrapper

_NO_EDITS: Final = Edits()
Came = tuple[str, Outputs, FanOut | None]
"""What a node came to: outcome, outputs, and of a frame its items."""


@dataclass
class Steering:
    """Of one run."""

    run_id: str
    kept: Kept | None = None
    point: Place | None = None
    """The visit at which ``edits`` are made: its place in the trace."""
    edits: Edits = _NO_EDITS
    pins: Mapping[str, Taken] = field(default_factory=dict[str, Taken])
    session: Session | None = None
    pending: Pending = field(default_factory=dict[str, Mapping[str, Any]])
    """Interrupts of the last checkpoint, by task."""

    @property
    def kept_steps(self) -> int:
        """Steps of the graph for visits that may be kept: at most two each, as for those that run."""
        return 0 if self.kept is None else 2 * len(self.kept)

    # --- a visit ---

    def open(self, wrapper: "Wrapper", ctx: "NodeContext", state: State) -> None:
        """A visit begins: settle its span's id, and whether it is taken instead of run."""
        run, step = ctx.run, ctx.step
        ctx.depth = wrapper.depth + (run.caller.depth + 1 if run.caller else 0)
        if run.depth > 1:
            return  # a workflow that a node runs has nodes of its own
        ctx.taken = self._taken(wrapper, ctx, state)
        if ctx.taken is not None:
            ctx.place["kept"] = True
            return
        if step.body is not None and self.kept is not None and run.caller is None:
            recorded = self.kept.recorded(self._place(ctx))
            if recorded is not None:
                ctx.span.rename(lasting_id(self.run_id, recorded.id))
        if run.caller is not None:
            ctx.stops = InnerStops(wrapper, ctx, self.session, run.holds) if run.holds is not None else None
        else:
            ctx.stops = Stops(wrapper, ctx, self.session, self.pending)
            if ctx.stops.span is not None:
                ctx.span.rename(ctx.stops.span)
                ctx.one_span = True
                ctx.began = ctx.stops.began

    async def attempt(self, wrapper: "Wrapper", inputs: dict[str, Any], ctx: "NodeContext") -> Came:
        """What the visit comes to: taken, written by a person, or run."""
        if ctx.taken is not None:
            return _come(wrapper, ctx, ctx.taken)
        edits = self.edits if ctx.run.depth == 1 and self._at_point(ctx) else _NO_EDITS
        _change(ctx, inputs, edits)
        stops = ctx.stops
        said = await stops.before(inputs) if stops else None
        _note_commands(ctx, stops)
        if said is not None:
            _change(ctx, inputs, said)
            edits = said if said.replaces_the_node else edits
        if stops and stops.result is not None:
            came = _held(ctx, stops.result)
        elif edits.replaces_the_node:
            came = _written(wrapper, edits)
        else:
            came = await wrapper.attempt(inputs, ctx)
        if stops is None or came[2] is not None:
            return came
        return await self._after(wrapper, ctx, stops, inputs, came)

    async def _after(
        self, wrapper: "Wrapper", ctx: "NodeContext", stops: Stops | InnerStops, inputs: Mapping[str, Any], came: Came
    ) -> Came:
        outcome, outputs, items = came
        ctx.span.note(output=snapshot(outputs))
        said = await stops.after(inputs, outcome, outputs)
        _note_commands(ctx, stops)
        if said is None:
            return came
        _change(ctx, {}, said)
        replaced = [STATE_PREFIX + name for name in said.state or ()]  # what a person sets now covers the node's write
        outcome, outputs = said.outcome or outcome, {**outputs, **(said.outputs or {})}
        outputs = {name: value for name, value in outputs.items() if name not in replaced}
        _require(wrapper, outcome, outputs)
        return outcome, outputs, items

    async def after_frame(
        self, wrapper: "Wrapper", ctx: "NodeContext", outcome: str, outputs: Outputs
    ) -> tuple[str, Outputs]:
        """Stop after a frame whose results are there; what a person made of them."""
        if ctx.run.caller is not None:
            return outcome, outputs
        ctx.depth = wrapper.depth
        stops = Stops(wrapper, ctx, self.session, self.pending)
        outcome, outputs, _ = await self._after(wrapper, ctx, stops, {}, (outcome, outputs, None))
        return outcome, outputs

    # --- what is kept ---

    def _taken(self, wrapper: "Wrapper", ctx: "NodeContext", state: State) -> Taken | None:
        pin = self.pins.get(ctx.node_id)
        if pin is not None:
            return pin
        if self.kept is None or ctx.run.caller is not None:
            return None
        place = self._place(ctx)
        if place == self.point:
            return None
        try:
            inputs = wrapper.bind(state)
        except NodeError:
            return None  # it fails when it runs, with this error
        return self.kept.take(ctx.step, place, inputs, handled=wrapper.handled)

    def _place(self, ctx: "NodeContext") -> Place:
        assert self.kept is not None
        return self.kept.place(ctx.span.row["parent_id"], ctx.node_id, ctx.visit, ctx.item)

    def _at_point(self, ctx: "NodeContext") -> bool:
        if self.point is None or ctx.run.caller is not None:
            return False
        place = self._place(ctx) if self.kept is not None else ("", ctx.node_id, ctx.visit, ctx.item)
        return place == self.point


def _note_commands(ctx: "NodeContext", stops: Stops | InnerStops | None) -> None:
    """The trace says who let the visit go on, how, and when."""
    if stops is not None and stops.told:
        ctx.note(debugged=list(stops.told))


def _change(ctx: "NodeContext", inputs: MutableMapping[str, Any], edits: Edits) -> None:
    """Put edited inputs and state variables in, and say so in the span."""
    if edits.inputs is None and edits.state is None and not edits.replaces_the_node:
        return
    if edits.inputs:
        inputs.update(snapshot(edits.inputs))
    if edits.state:
        values = snapshot(edits.state)
        ctx.overrides = {**(ctx.overrides or {}), **values}
        ctx.state = {**ctx.state, **{STATE_PREFIX + name: value for name, value in values.items()}}
        if "state" in inputs:
            inputs["state"] = {**inputs["state"], **values}
    if inputs:
        ctx.span.note(input=snapshot(inputs))
    ctx.note(edited=_merged(ctx.span.row.get("attributes", {}).get("edited", {}), edits))


def _merged(before: Mapping[str, Any], edits: Edits) -> dict[str, Any]:
    """All that was changed in a visit: inputs, state, outputs, outcome."""
    found = dict(before)
    for name, value in edits.model_dump(exclude_none=True).items():
        found[name] = {**found.get(name, {}), **value} if isinstance(value, dict) else value
    return found


def _come(wrapper: "Wrapper", ctx: "NodeContext", taken: Taken) -> Came:
    """A visit that does not run."""
    ctx.run.meter.kept += 1
    ctx.note(**taken.attributes)
    if taken.tools:
        _tell_tools(ctx, taken.tools)
    if taken.error is not None:
        error = taken.error
        raise NodeFailed(ctx.node_id, error.get("what", ""), error.get("mend", ""), error.get("type", "NodeError"))
    outcome = taken.outcome or wrapper.first_outcome
    _require(wrapper, outcome, taken.outputs)
    return outcome, dict(taken.outputs), None


def _tell_tools(ctx: "NodeContext", tools: Sequence[RunEvent]) -> None:
    """Say what a kept visit has called, to nodes and policies that ask for it, and to runs that keep this visit."""
    plain = [(tool.name, tool.outcome, dict(tool.arguments), tool.text) for tool in tools]
    for name, outcome, arguments, text in plain:
        ctx.run.emit({
            "type": "tool.finished", **ctx.place, "tool": name, "arguments": arguments, "result": text,
            "failed": outcome != "ok", "denied": outcome == "denied",
        })  # fmt: skip
    keys = ("name", "outcome", "arguments", "text")
    ctx.note(kept_tools=[dict(zip(keys, each, strict=True)) for each in plain])


def _held(ctx: "NodeContext", result: Mapping[str, Any]) -> Came:
    """A visit that ran before its stop."""
    ctx.tokens, ctx.usd = result["tokens"], result["usd"]
    return result["outcome"], dict(result["outputs"]), None


def _written(wrapper: "Wrapper", edits: Edits) -> Came:
    outcome, outputs = edits.outcome or wrapper.first_outcome, dict(edits.outputs or {})
    _require(wrapper, outcome, outputs)
    return outcome, outputs, None


def _require(wrapper: "Wrapper", outcome: str, outputs: Outputs) -> None:
    """Raises NodeError for what the node could not have come to."""
    if outcome == ERROR:
        raise NodeError("A person let it fail", mend="Fork or run again without that change.")
    if outcome != wrapper.first_outcome and outcome not in wrapper.outcomes:
        raise NodeError(
            f"The node was to end with {outcome!r}, which is not one of its outcomes",
            mend=f"Its outcomes are {', '.join(wrapper.step.outcomes) or 'none'}.",
        )
    wrapper.check(outputs)
