"""Do the same for every item of a list, several at a time.

Use it to work through documents, rows, questions. It is a frame: put the nodes for one item inside it,
lead the outcome ``each`` to the first of them, take ``item`` and ``index`` (from 0) from the frame, and
wire what one item gives into ``result``. ``results`` holds them in the order of the items; with
``skip``, an item that failed is left out.

Source: Nodeloom; the map step of Dean & Ghemawat 2004, MapReduce
(https://research.google/pubs/pub62/).
"""

from typing import Literal

from pydantic import Field

from nodes.contract import Config, Context, FanOut, Inputs, NodeError, Port, node


class ForEachConfig(Config):
    """How many at a time, and what happens when one fails."""

    parallel: int = Field(
        default=8, ge=1, le=64, title="At a time", description="Items worked on at the same time.",
        json_schema_extra={"unit": "items"},
    )  # fmt: skip
    on_error: Literal["stop", "skip"] = Field(
        default="stop", title="When one fails", description="stop: the node fails; skip: that item is left out."
    )
    max_items: int = Field(
        default=1_000, ge=1, le=10_000, title="At most",
        description="A longer list is an error, so that costs stay bounded.",
        json_schema_extra={"unit": "items", "advanced": True},
    )  # fmt: skip


@node(
    kind="control.for_each", family="control", title="For each", summary="Do the same for every item of a list",
    config=ForEachConfig, inputs=(Port("items", "list[any]", "What to work through."),),
    outputs=(Port("results", "list[any]", "One result for each item, in order."),),
    frame=True,
    frame_outputs=(
        Port("item", "any", "The item being worked on."), Port("index", "number", "Its position, from 0."),
    ),
    frame_inputs=(Port("result", "any", "What one item gives.", required=False),),
    source="Nodeloom; Dean & Ghemawat 2004, MapReduce, https://research.google/pubs/pub62/", icon="loop",
)  # fmt: skip
async def for_each(inputs: Inputs, config: ForEachConfig, ctx: Context) -> FanOut:
    """Hand the items to the engine, which runs the body for each."""
    items = inputs["items"]
    if len(items) > config.max_items:
        raise NodeError(
            f"The list has {len(items):,} items, and this node takes at most {config.max_items:,}",
            mend="Shorten the list before it, or raise 'At most' in its settings.",
        )
    return FanOut(list(items), parallel=config.parallel, on_error=config.on_error)
