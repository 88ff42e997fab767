"""A member of a team to attach to nodes.

Use it under the nodes of the teams family and wherever several shall speak: each role has a persona, skills,
and, attached below it, its own model, a memory space of its own, tools, and policies around those tools. Without a
model it uses that of the node. Roles that share a memory space can each keep to their own part of it. A node sees
its roles in the order they were attached.

Source: Nodeloom.
"""

from pydantic import Field

from nodes.contract import Attach, Config, NodeSpec


class RoleConfig(Config):
    """Who it is."""

    name: str = Field(
        default="", title="Name", description="How the others call it; empty: the node's label.", max_length=60
    )
    persona: str = Field(
        default="You are a careful member of a team. Say what you know, and say it briefly.", title="Persona",
        description="Who it is and how it works: its system prompt.", max_length=8_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    skills: str = Field(
        default="", title="Skills", description="What it is good at, for whoever chooses or bids; may stay empty.",
        max_length=2_000, json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    private: bool = Field(
        default=False, title="Private memory", description="It recalls only what is its own (owner: its name)."
    )


role = NodeSpec(
    kind="resource.role", family="resources", title="Role", summary="A member of a team, to attach to nodes",
    config=RoleConfig, outcomes=(), provides="role",
    attaches=(
        Attach("model", "model", description="Its own model; without one, that of the node it is attached to."),
        Attach("memory", "memory", description="A memory space of its own."),
        Attach("tools", "tool", many=True, description="Tools that it alone may call."),
        Attach("policies", "policy", many=True, description="Rules around the calls of its tools."),
    ),
    source="Nodeloom", doc=__doc__ or "", icon="user-round",
)  # fmt: skip
