"""Set state variables: what later nodes read as ``{{state.name}}``.

Use it for counters, notes and decisions that several nodes share. Each value is a template; one that is nothing
but ``{{name}}`` hands the wired value over as it is. Any other is text, unless that text is a number, ``true``,
``false``, ``null``, a list or a record written as JSON: then it is that (write ``"42"`` with quotes to keep it
text). What becomes of an earlier value is the variable's own matter: its reducer keeps the last, appends,
merges or adds.

Source: Nodeloom.
"""

from typing import Final

from pydantic import Field

from nodes.contract import Config, Context, Inputs, Outputs, Port, node
from nodes.filling import value_of
from nodes.templating import Template

STATE: Final = "state."


class SetStateConfig(Config):
    """Which variables, and what they become."""

    values: dict[str, Template] = Field(
        default_factory=dict, title="Values", description="State variable -> template; {{name}} makes an input.",
        max_length=20, json_schema_extra={"widget": "state"},
    )  # fmt: skip


@node(
    kind="control.set_state", family="control", title="Set state", summary="Write state variables for later nodes",
    config=SetStateConfig, outputs=(Port("written", "record", "State variable -> the value written."),),
    template_fields=("values",), state_fields=("values",), source="Nodeloom", icon="variable",
)  # fmt: skip
async def set_state(inputs: Inputs, config: SetStateConfig, ctx: Context) -> Outputs:
    """Fill the templates, write."""
    values = {name: value_of(template, inputs) for name, template in config.values.items()}
    return {"written": values, **{f"{STATE}{name}": value for name, value in values.items()}}
