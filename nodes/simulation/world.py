"""A world that follows rules: actions come in, conditions and effects change its variables.

Use it where the consequences must be exact: money, stock, positions, votes. A variable may be a record, such as
what everyone owns: add ``{action.actor: -5.0}`` to it. For actions in free words, use "Game master". Each rule has
a CEL condition and one effect on one variable, its value CEL too; they read ``world``, ``action`` (a record, such
as {actor, type, amount}) and ``tick``. Rules ``for each action`` are tried for every action in order, rules ``once
a tick`` after them; all that fit apply, one after another. Values that do not fit a variable are errors; numbers
are kept within their bounds. Wire ``world`` back in from a state variable or an earlier tick; without it the world
begins.

Source: Nodeloom; conditions are CEL (https://cel.dev).
"""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from nodes.conditions import Condition, evaluate, holds
from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.simulation.variables import Operation, Variable, changed, first_world
from nodes.templating import as_text
from nodes.views import table_view


class Rule(Config):
    """When something happens, and what it does."""

    name: str = Field(title="Name", description="What stands in the log.", min_length=1, max_length=80)
    on: Literal["action", "tick"] = Field(
        default="action", title="Tried", description="action: for each action; tick: once a tick, after the actions."
    )
    when: Condition = Field(
        title="When", description="CEL condition over world, action and tick.", max_length=2_000,
        json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    variable: str = Field(title="Variable", description="Name of the variable it changes.", max_length=64)
    operation: Operation = Field(
        default="set", title="Change",
        description="set; add (numbers, also in a record); append, remove (an entry); merge (a record).",
    )  # fmt: skip
    value: Condition = Field(
        title="Value", description="CEL expression over world, action and tick.", max_length=2_000,
        json_schema_extra={"widget": "cel"},
    )  # fmt: skip


class WorldConfig(Config):
    """The variables and the rules."""

    variables: tuple[Variable, ...] = Field(
        default=(Variable(name="ticks"),), title="Variables", description="What the world consists of.", min_length=1,
        max_length=100,
    )  # fmt: skip
    rules: tuple[Rule, ...] = Field(
        default=(), title="Rules", description="How it changes; all that fit apply, in this order.", max_length=100
    )

    @model_validator(mode="after")
    def _known(self) -> "WorldConfig":
        names = [variable.name for variable in self.variables]
        if len(set(names)) < len(names):
            raise ValueError(f"two variables have the same name, among {', '.join(names)}")
        for rule in self.rules:
            if rule.variable not in names:
                raise ValueError(
                    f"rule {rule.name!r} changes {rule.variable!r}, which is no variable; they are {', '.join(names)}"
                )
        return self


@node(
    kind="simulation.world", family="simulation", title="World", summary="A world state that follows rules",
    config=WorldConfig,
    inputs=(
        Port("world", "record", "The world as it is; absent: it begins.", required=False),
        Port("actions", "list[any]", "What is done: records, read by the rules as `action`.", required=False),
    ),
    outputs=(
        Port("world", "record", "The world after the tick."),
        Port("log", "list[text]", "Which rule changed what, in order."),
    ),
    source="Nodeloom", icon="globe",
)  # fmt: skip
async def world(inputs: Inputs, config: WorldConfig, ctx: Context) -> Outputs:
    """Apply the rules to each action, then those of the tick."""
    state = {**first_world(config.variables), **(inputs.get("world") or {})}
    log: list[str] = []
    for action in inputs.get("actions") or ():
        for rule in config.rules:
            if rule.on == "action":
                state = _apply(rule, state, action, config, log, ctx)
    for rule in config.rules:
        if rule.on == "tick":
            state = _apply(rule, state, None, config, log, ctx)
    rows = [[name, as_text(value)] for name, value in state.items()]
    ctx.show(table_view(["variable", "value"], rows, title="World"))
    return {"world": state, "log": log}


def _apply(
    rule: Rule, state: dict[str, Any], action: Any, config: WorldConfig, log: list[str], ctx: Context
) -> dict[str, Any]:
    """The world after the rule, where it fits."""
    values: Mapping[str, Any] = {"world": state, "action": action, "tick": ctx.visit}
    if not holds(rule.when, values):
        return state
    variable = next(each for each in config.variables if each.name == rule.variable)
    value = evaluate(rule.value, values)
    try:
        after = changed(state, variable, rule.operation, value)
    except ValueError as error:
        raise NodeError(f"Rule {rule.name!r} cannot apply: {error}", mend="Mend the rule's value or change.") from error
    who = f"{action['actor']}: " if isinstance(action, Mapping) and "actor" in action else ""
    log.append(f"{who}{rule.name}: {rule.variable} is {as_text(after[rule.variable])}")
    return after
