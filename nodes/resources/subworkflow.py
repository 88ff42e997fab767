"""A part of a node's work as a workflow of its own, to attach to the node.

Use it where a node leaves a step open: how a search proposes and values, what a tree of agents does in a leaf.
It is a frame: put nodes inside, lead ``each`` to the first of them, read what the step is given from the frame's
ports and feed what it gives into the frame. The node it is attached to runs it as often as it needs, several
at once. Its nodes see only the frame and each other; they may read state variables and write none, and none of
them may wait for a person. Attached to a socket, it takes over what the socket gives and wants.

It costs what its nodes cost, each time it runs.

Source: Nodeloom.
"""

from typing import Any

from pydantic import Field, field_validator, model_validator

from nodes.contract import Config, NodeSpec
from nodes.types import is_type


class PartPort(Config):
    """A value that goes in or comes out."""

    name: str = Field(title="Name", description="Lower-case letters, digits and _.", pattern=r"^[a-z][a-z0-9_]{0,63}$")
    type: str = Field(default="any", title="Type", description="Its type, such as text or list[text].", max_length=60)

    @field_validator("type")
    @classmethod
    def _known(cls, type: str) -> str:
        if not is_type(type):
            raise ValueError(f"there is no type {type!r}; text, number, boolean, list[text], record and any are types")
        return type


class SubworkflowConfig(Config):
    """What goes in and what comes out."""

    takes: tuple[PartPort, ...] = Field(
        default=(PartPort(name="input"),), title="Takes", description="What its body can read from the frame.",
        max_length=20,
    )  # fmt: skip
    gives: tuple[PartPort, ...] = Field(
        default=(PartPort(name="output"),), title="Gives", description="What its body feeds into the frame.",
        max_length=20,
    )  # fmt: skip

    @model_validator(mode="after")
    def _distinct(self) -> Any:
        for ports in (self.takes, self.gives):
            names = [port.name for port in ports]
            twice = next((name for name in names if names.count(name) > 1), None)
            if twice:
                raise ValueError(f"the name {twice!r} is there twice")
        return self


subworkflow = NodeSpec(
    kind="resource.subworkflow", family="resources", title="Sub-workflow",
    summary="A step of a node as a workflow, to attach to it", config=SubworkflowConfig, outcomes=(),
    provides="workflow", frame=True, frame_fields=("takes", "gives"),
    source="Nodeloom", doc=__doc__ or "", icon="workflow",
)  # fmt: skip
