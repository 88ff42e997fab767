"""A note on the canvas. It never runs.

Use it to say what a part of the workflow is for, or to guide whoever opens it.

Source: Nodeloom.
"""

from typing import Literal

from pydantic import Field

from nodes.contract import Config, NodeSpec


class NoteConfig(Config):
    """What the note says and how it looks."""

    text: str = Field(
        default="", title="Text", description="What the note says; Markdown.", max_length=10_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    colour: Literal["yellow", "blue", "green", "pink", "grey"] = Field(
        default="yellow", title="Colour", description="Colour of the paper."
    )


note = NodeSpec(
    kind="note", family="control", title="Note", summary="A note on the canvas; never runs",
    config=NoteConfig, outcomes=(), source="Nodeloom", doc=__doc__ or "", icon="note",
)  # fmt: skip
