"""Wait for parallel branches.

Use it where branches that ran side by side come together. ``all`` waits for every branch that is still
on its way; a branch that went elsewhere is not waited for. ``any`` goes on with the first that arrives
and ignores the others. Without a join, what follows would run once for each branch.

Source: synchronisation patterns WCP-7 (structured synchronising merge) and WCP-9 (discriminator) of van
der Aalst et al. 2003, https://doi.org/10.1023/A:1022883727209; the waiting is done by the engine.
"""

from typing import Literal

from pydantic import Field

from nodes.contract import Config, Context, Inputs, Outputs, node


class JoinConfig(Config):
    """Whom to wait for."""

    mode: Literal["all", "any"] = Field(
        default="all", title="Wait for", description="all: every branch still on its way; any: the first that arrives."
    )


@node(
    kind="control.join", family="control", title="Join", summary="Wait until parallel branches have arrived",
    config=JoinConfig, icon="join",
    source="van der Aalst et al. 2003, Workflow patterns, https://doi.org/10.1023/A:1022883727209",
)  # fmt: skip
async def join(inputs: Inputs, config: JoinConfig, ctx: Context) -> Outputs:
    """Nothing but the meeting point: the engine runs it when the wait is over."""
    return {}
