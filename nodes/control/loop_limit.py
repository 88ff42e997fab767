"""Let a loop turn only so often.

Use it in a cycle that has no bound of its own. It counts how often the flow came through it in this run:
up to ``max_turns`` it leads on by ``again``, after that by ``exhausted``.

Source: Nodeloom.
"""

from pydantic import Field

from nodes.contract import Config, Context, Inputs, Port, Route, node


class LoopLimitConfig(Config):
    """How often."""

    max_turns: int = Field(
        default=3, ge=1, le=1_000, title="Turns", description="How often the loop may turn in one run.",
        json_schema_extra={"unit": "turns"},
    )  # fmt: skip


@node(
    kind="control.loop_limit", family="control", title="Loop limit", summary="Let a loop turn only so often",
    config=LoopLimitConfig, outputs=(Port("turn", "number", "1 the first time, then 2, ..."),),
    outcomes=("again", "exhausted"), bounds_loop=True, source="Nodeloom", icon="counter",
)  # fmt: skip
async def loop_limit(inputs: Inputs, config: LoopLimitConfig, ctx: Context) -> Route:
    """``again`` while turns are left."""
    return Route("again" if ctx.visit <= config.max_turns else "exhausted", {"turn": ctx.visit})
