"""Where a run ends. Its input ports are the workflow's outputs.

What is wired into it is the result of the run. When several branches reach a finish, each fills in
what it carries; the run ends when nothing is left to do.

Source: Nodeloom.
"""

from nodes.contract import Config, Context, Inputs, Outputs, node


class FinishConfig(Config):
    """Nothing to set: the outputs are declared on the workflow."""


@node(
    kind="finish", family="control", title="Finish", summary="Where a run ends: takes the outputs",
    config=FinishConfig, dynamic="workflow_outputs", outcomes=(), source="Nodeloom", icon="flag",
)  # fmt: skip
async def finish(inputs: Inputs, config: FinishConfig, ctx: Context) -> Outputs:
    """The run's outputs, unchanged."""
    return dict(inputs)
