"""Try again after a failure, each time after a longer wait; then give up.

Use it behind the ``error`` outcome of a node: ``again`` leads back to that node, ``give_up`` to what
happens instead. The wait is ``first_wait`` times ``factor`` for each failure before it, at most
``longest_wait``. It counts the failures that came through it in this run. A model or network that does
not answer is tried again by every node itself; this is for what fails for longer, or should end elsewhere.

Source: Nodeloom; truncated exponential back-off as in Metcalfe & Boggs 1976, Ethernet
(https://doi.org/10.1145/360248.360253), without chance, so that a run can be replayed.
"""

import asyncio

from pydantic import Field

from nodes.contract import Config, Context, Inputs, Port, Route, node


class OnErrorConfig(Config):
    """How often, and how long between."""

    max_attempts: int = Field(
        default=3, ge=0, le=100, title="New attempts", description="How often it is tried again in one run.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    first_wait: float = Field(
        default=1, ge=0, le=3_600, title="First wait", description="Before the first new attempt.",
        json_schema_extra={"unit": "s"},
    )  # fmt: skip
    factor: float = Field(
        default=2, ge=1, le=10, title="Factor", description="Each wait is so many times the one before; 1: the same.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    longest_wait: float = Field(
        default=60, ge=0, le=3_600, title="Longest wait", description="No wait is longer.",
        json_schema_extra={"unit": "s", "advanced": True},
    )  # fmt: skip


@node(
    kind="control.on_error", family="control", title="On error", summary="Try again after a wait, then give up",
    config=OnErrorConfig,
    outputs=(
        Port("attempt", "number", "How many failures came through here, this one included."),
        Port("node", "text", "Id of the node that failed last; empty where it is not known."),
    ),
    outcomes=("again", "give_up"), bounds_loop=True, icon="rotate-cw",
    source="Nodeloom; Metcalfe & Boggs 1976, https://doi.org/10.1145/360248.360253",
)  # fmt: skip
async def on_error(inputs: Inputs, config: OnErrorConfig, ctx: Context) -> Route:
    """Wait and try again while attempts are left."""
    failed = [event.name for event in ctx.history if event.event == "node" and event.outcome == "error"]
    outputs = {"attempt": ctx.visit, "node": failed[-1] if failed else ""}
    if ctx.visit > config.max_attempts:
        ctx.progress(f"failed {ctx.visit} times; giving up")
        return Route("give_up", outputs)
    wait = back_off(config, ctx.visit)
    ctx.progress(f"failure {ctx.visit}; trying again in {wait:g} s ({ctx.visit} of {config.max_attempts})")
    await asyncio.sleep(wait)
    return Route("again", outputs)


def back_off(config: OnErrorConfig, failures: int) -> float:
    """Seconds to wait after so many failures, 1 or more."""
    # The exponent is bounded: beyond it every factor has met the longest wait, and floats would overflow.
    return min(config.first_wait * config.factor ** min(failures - 1, 100), config.longest_wait)
