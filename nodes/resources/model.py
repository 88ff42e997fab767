"""A chat model to attach to nodes.

Use it when one node shall use another model than the rest. Without one, a node uses the workspace's
default. The reference is ``provider:model``; keys and addresses are the workspace's and never stand in a
workflow.

Source: Nodeloom.
"""

from pydantic import Field

from nodes.contract import Config, NodeSpec


class ModelConfig(Config):
    """Which model, and how it is asked."""

    reference: str = Field(
        default="builtin:qwen2.5-coder-1.5b", title="Model", description="provider:model, such as openai:gpt-5-mini.",
        pattern=r"^[A-Za-z0-9_-]+:.+$", max_length=200, json_schema_extra={"widget": "model"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None,
        ge=0,
        le=2,
        title="Temperature",
        description="Used where a node sets none; empty: the model's own.",
    )
    max_tokens: int | None = Field(
        default=None, ge=1, le=200_000, title="Longest answer",
        description="Used where a node sets none; empty: the model's own.",
        json_schema_extra={"unit": "tok"},
    )  # fmt: skip


model = NodeSpec(
    kind="resource.model", family="resources", title="Model", summary="A chat model to attach to nodes",
    config=ModelConfig, outcomes=(), provides="model", source="Nodeloom", doc=__doc__ or "", icon="chip",
)  # fmt: skip
