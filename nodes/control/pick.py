"""Rank a list and pick the best of it.

Use it to keep the best few candidates, tests or posts, to choose who survives a round, or to leave out what does
not hold. Each item is tested by a condition and ranked by the value of an expression, a number or a text; of equals
the earlier stands first. With groups the best of each are picked: each candidate's own best, one post an author.
Expressions are CEL and read ``item``, ``index`` (from 0), ``other`` (what is wired in beside the list) and
``state``. ``none`` is the way on when nothing is left. Calls no model.

Source: Nodeloom; truncation selection of evolutionary computing; expressions are CEL (https://cel.dev).
"""

from collections.abc import Hashable, Sequence
from typing import Any, Literal

from pydantic import Field

from nodes.conditions import Condition, evaluate, holds
from nodes.contract import Config, Context, Inputs, NodeError, Port, Route, node
from nodes.templating import as_text
from nodes.views import table_view

ALL, AS_IT_IS, TOGETHER = "true", "index", "0"
SHOWN = 100  # rows of the table, and characters of an item in it


class PickConfig(Config):
    """What counts, and how many are kept."""

    where: Condition = Field(
        default=ALL, title="Only where", description="CEL over item, index, other and state; others are left out.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    by: Condition = Field(
        default=AS_IT_IS, title="Rank by", max_length=2_000, json_schema_extra={"widget": "cel"},
        description="CEL giving a number or a text, such as item.score; index: the order they come in.",
    )  # fmt: skip
    best: Literal["highest", "lowest"] = Field(
        default="lowest", title="Best is", description="Whether the highest or the lowest value stands first."
    )
    most: int = Field(
        default=3, ge=1, le=10_000, title="How many", description="Picked at most, of each group where there are any.",
        json_schema_extra={"unit": "items"},
    )  # fmt: skip
    group: Condition = Field(
        default=TOGETHER, title="Groups", max_length=2_000, json_schema_extra={"widget": "cel", "advanced": True},
        description="CEL that is the same for items of a group, such as item.author; 0: no groups.",
    )  # fmt: skip


@node(
    kind="control.pick", family="control", title="Rank and pick", summary="The best few of a list",
    config=PickConfig,
    inputs=(
        Port("items", "list[any]", "What to pick from."),
        Port("other", "any", "A value to compare with, as `other`.", required=False),
    ),
    outputs=(
        Port("items", "list[any]", "What was picked, the best first."),
        Port("best", "any", "The first of them; null where there is none."),
        Port("rest", "list[any]", "All others, in the order they came."),
    ),
    outcomes=("found", "none"), source="Nodeloom", icon="arrow-down-wide-narrow",
)  # fmt: skip
async def pick(inputs: Inputs, config: PickConfig, ctx: Context) -> Route:
    """Leave out, rank, take the best of each group."""
    items: Sequence[Any] = inputs["items"]
    common = {"other": inputs.get("other"), "state": inputs.get("state", {})}
    ranks: dict[int, Any] = {}
    taken: dict[Hashable, int] = {}
    groups: dict[int, Hashable] = {}
    for index, item in enumerate(items):
        values = {**common, "item": item, "index": index}
        if config.where == ALL or holds(config.where, values):
            ranks[index] = index if config.by == AS_IT_IS else evaluate(config.by, values)
            groups[index] = TOGETHER if config.group == TOGETHER else as_text(evaluate(config.group, values))
    chosen: list[int] = []
    for index in _ranked(ranks, config):
        if taken.get(groups[index], 0) < config.most:
            taken[groups[index]] = taken.get(groups[index], 0) + 1
            chosen.append(index)
    rows = [[as_text(items[index])[:SHOWN], as_text(ranks[index])[:SHOWN]] for index in chosen[:SHOWN]]
    ctx.show(table_view(["item", config.by], rows, title=f"{len(chosen)} of {len(items)}"))
    ctx.progress(f"{len(chosen)} of {len(items)} picked")
    picked, rest = [items[index] for index in chosen], [each for at, each in enumerate(items) if at not in set(chosen)]
    return Route("found" if picked else "none", {"items": picked, "best": picked[0] if picked else None, "rest": rest})


def _ranked(ranks: dict[int, Any], config: PickConfig) -> list[int]:
    """Indices, the best first, of equals the earlier. Raises NodeError for ranks that cannot be compared."""
    for wanted in (_is_number, _is_text):
        if all(wanted(rank) for rank in ranks.values()):
            return sorted(ranks, key=lambda index: ranks[index], reverse=config.best == "highest")
    odd = next((rank for rank in ranks.values() if not (_is_number(rank) or _is_text(rank))), "texts beside numbers")
    raise NodeError(
        f"{config.by!r} gives {odd!r:.80}, which cannot be ranked",
        mend="Let it give a number, or a text, for every item.",
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)
