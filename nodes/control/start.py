"""Where a run begins. Its output ports are the workflow's inputs.

Use one in every workflow. The run's inputs, filled in by a person or given by a caller, come out of
its ports with the types the workflow declares; nothing else happens here.

Source: Nodeloom.
"""

from nodes.contract import Config, Context, Inputs, Outputs, node


class StartConfig(Config):
    """Nothing to set: the inputs are declared on the workflow."""


@node(
    kind="start", family="control", title="Start", summary="Where a run begins: gives out the inputs",
    config=StartConfig, dynamic="workflow_inputs", source="Nodeloom", icon="play",
)  # fmt: skip
async def start(inputs: Inputs, config: StartConfig, ctx: Context) -> Outputs:
    """The run's inputs, unchanged."""
    return dict(inputs)
