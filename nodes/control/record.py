"""Make a record of several values, or take parts out of others.

Use it where a node wants one record and you have its parts: the inputs of a workflow that is run, the arguments of
a tool, an order, a case, a member of a team; also inside an attached sub-workflow. Each entry is a template: one
that is nothing but ``{{name}}``, ``{{name.part}}`` or ``{{state.name}}`` hands that value over as it is; any other
is text, unless that text is a number, ``true``, ``false``, ``null``, a list or a record written as JSON. Entries
are put into the record that is wired in as ``base``, where one is. Calls no model.

Source: Nodeloom.
"""

from pydantic import Field

from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.filling import value_of
from nodes.templating import Template


class RecordConfig(Config):
    """What stands in the record."""

    entries: dict[str, Template] = Field(
        default_factory=dict, title="Entries", description="Key -> template; {{name}} makes an input.",
        max_length=40, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    take: str = Field(
        default="", title="Also give", description="Key whose value is given out alone as `value`; empty: the first.",
        max_length=100,
    )  # fmt: skip


@node(
    kind="control.record", family="control", title="Make a record", summary="Put values together under names",
    config=RecordConfig,
    inputs=(Port("base", "record", "A record the entries are put into.", required=False),),
    outputs=(
        Port("record", "record", "The record."),
        Port("records", "list[record]", "The same as a list of one."),
        Port("value", "any", "The value of one of its keys; null for an empty record."),
    ),
    template_fields=("entries",), source="Nodeloom", icon="brackets",
)  # fmt: skip
async def record(inputs: Inputs, config: RecordConfig, ctx: Context) -> Outputs:
    """Fill the templates, put them in."""
    made = {**(inputs.get("base") or {}), **{key: value_of(each, inputs) for key, each in config.entries.items()}}
    if config.take and config.take not in made:
        raise NodeError(f"The record has no entry {config.take!r}", mend=f"It has {', '.join(made) or 'none'}.")
    first = next(iter(config.entries), next(iter(made), None))
    value = made.get(config.take) if config.take else made.get(first) if first is not None else None
    return {"record": made, "records": [made], "value": value}
