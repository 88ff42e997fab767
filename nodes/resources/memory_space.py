"""A memory space to attach to nodes.

Use it under Recall, Remember and Agent. Spaces keep records apart: those of one are never found in
another. A space is made when something is first remembered in it.

Source: Nodeloom.
"""

from pydantic import Field

from nodes.contract import Config, NodeSpec


class MemorySpaceConfig(Config):
    """Which space."""

    space: str = Field(
        default="default", title="Space", description="Name of the space: lower-case letters, digits, - and _.",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", json_schema_extra={"widget": "space"},
    )  # fmt: skip


memory_space = NodeSpec(
    kind="resource.memory_space", family="resources", title="Memory space", summary="A memory space to attach to nodes",
    config=MemorySpaceConfig, outcomes=(), provides="memory", source="Nodeloom", doc=__doc__ or "", icon="database",
)  # fmt: skip
