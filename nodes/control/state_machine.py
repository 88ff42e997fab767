"""A state machine over a state variable: which phase the work is in, and what leads to the next.

Use it where a conversation or a task goes through phases: gather, confirm, act, report. The phase stands
in a state variable of the workflow. At each visit the transitions out of the present state are tried in
order; the first whose CEL condition is true is taken, and the flow leads on by the name of the state it is
in then. A condition reads ``value`` and ``other`` (what is wired in), ``state`` (the state variables) and
``visit``. Lead each state's nodes back here, and bound the cycle with a limit or a final state.

Source: Wu et al. 2024, StateFlow: Enhancing LLM Task-Solving through State-Driven Workflows
(https://arxiv.org/abs/2403.11322). We deviate: transitions are conditions only; where a model is to judge,
wire its label in as ``value``.
"""

from typing import Any

from pydantic import Field, model_validator

from nodes.conditions import Condition, holds
from nodes.contract import Config, Context, Inputs, NodeError, Port, Route, node
from nodes.control.outcomes import OutcomeName, distinct
from nodes.views import graph_view


class MachineState(Config):
    """One state."""

    name: OutcomeName = Field(title="Name", description="Name of the outcome: lower-case letters, digits and _.")


class Transition(Config):
    """One way from a state to another."""

    source: str = Field(title="From", description="Name of a state; * for any.", max_length=40)
    target: OutcomeName = Field(title="To", description="Name of a state.")
    when: Condition = Field(
        title="When", description="CEL condition over value, other, state and visit.", max_length=2_000,
        json_schema_extra={"widget": "cel"},
    )  # fmt: skip


def _default_transitions() -> tuple[Transition, ...]:
    # Not validated, for that would import the CEL library (0.5 s) for every list of the kinds.
    return (Transition.model_construct(source="working", target="finished", when="value == true"),)


class StateMachineConfig(Config):
    """States, transitions, and the variable that holds the state."""

    variable: str = Field(
        default="phase", title="State variable", description="Name of the workflow's state variable of type text.",
        pattern=r"^[a-z][a-z0-9_]{0,63}$", json_schema_extra={"widget": "state"},
    )  # fmt: skip
    states: tuple[MachineState, ...] = Field(
        default=(MachineState(name="working"), MachineState(name="finished")), title="States",
        description="Each is an outcome; the first is where it begins.", min_length=1, max_length=20,
    )  # fmt: skip
    transitions: tuple[Transition, ...] = Field(
        default_factory=_default_transitions, title="Transitions", max_length=100,
        description="Those of the present state are tried in order; without one that is true the state stays.",
        json_schema_extra={"default": [{"source": "working", "target": "finished", "when": "value == true"}]},
    )  # fmt: skip

    @model_validator(mode="after")
    def _known(self) -> "StateMachineConfig":
        names = [state.name for state in self.states]
        distinct(names)
        for each in self.transitions:
            unknown = [name for name in (each.source, each.target) if name not in (*names, "*")]
            if unknown:
                raise ValueError(f"there is no state {unknown[0]!r}; the states are {', '.join(names)}")
        return self


@node(
    kind="control.state_machine", family="control", title="State machine", summary="Lead on by the phase of the work",
    config=StateMachineConfig,
    inputs=(
        Port("value", "any", "What the conditions test, as `value`; null where nothing came.", required=False),
        Port("other", "any", "A second value to test, as `other`.", required=False),
    ),
    outputs=(
        Port("phase", "text", "Name of the state it is in now."),
        Port("previous", "text", "Name of the state it was in."),
    ),
    outcomes=(), outcomes_field="states", state_fields=("variable",), icon="workflow",
    source="Wu et al. 2024, StateFlow, https://arxiv.org/abs/2403.11322",
)  # fmt: skip
async def state_machine(inputs: Inputs, config: StateMachineConfig, ctx: Context) -> Route:
    """Take the first transition that holds, write the state, lead on by its name."""
    values: dict[str, Any] = {"value": None, "other": None, "state": {}, **inputs, "visit": ctx.visit}
    names = [state.name for state in config.states]
    before = values["state"].get(config.variable) or names[0]
    if before not in names:
        raise NodeError(
            f"The state variable {config.variable!r} is {before!r}, which is no state of this machine",
            mend=f"Its states are {', '.join(names)}; let nothing else write the variable.",
        )
    ways = (each for each in config.transitions if each.source in (before, "*"))
    after = next((each.target for each in ways if holds(each.when, values)), before)
    ctx.show(_view(config, before, after))
    return Route(after, {"phase": after, "previous": before, f"state.{config.variable}": after})


def _view(config: StateMachineConfig, before: str, after: str) -> dict[str, Any]:
    nodes = [
        {"id": state.name, "label": state.name, "group": "now" if state.name == after else "state"}
        for state in config.states
    ]
    edges = [
        {"source": source.name, "target": each.target, "label": each.when}
        for each in config.transitions for source in config.states
        if each.source in (source.name, "*") and source.name != each.target
    ]  # fmt: skip
    return graph_view(nodes, edges, title=f"{before} -> {after}" if before != after else f"stays {after}")
