"""A small world in words: places to go to, things to take, put, heat, cool and wash.

Attach it where an agent has to act step by step and can fail: for trying planners, memories and policies on
something that answers back. One thing is carried at a time, closed places have to be opened first, and heating,
cooling and washing need the place that does it. The world is kept in the run's own folder: all nodes of a run that
have this tool act in the same one, and a run that goes on finds it as it was.

Source: Nodeloom; in the manner of Shridhar et al. 2021, ALFWorld: Aligning Text and Embodied Environments for
Interactive Learning (https://arxiv.org/abs/2010.03768), much smaller and with one room.
"""

import asyncio
import json
from typing import Any, Final

from pydantic import BaseModel, Field, model_validator

from nodes.contract import NodeSpec, Services, Tool, ToolResult
from nodes.tools.text_world_rules import COMMANDS, Nothing, Place, carried_out, first_state
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = f"Act in the room. command is one of: {COMMANDS}"
FILE: Final = "text_world.json"
ROOM: Final = (
    Place(name="table", holds=("apple", "plate")),
    Place(name="fridge", holds=("egg", "milk"), closed=True, does="cool"),
    Place(name="microwave", closed=True, does="heat"),
    Place(name="sink", holds=("mug", "fork"), does="wash"),
    Place(name="cupboard", holds=("bowl", "bread"), closed=True),
    Place(name="shelf", holds=("book",)),
    Place(name="drawer", holds=("key",), closed=True),
)


class TextWorldConfig(ToolConfig):
    """What the world is made of."""

    places: tuple[Place, ...] = Field(
        default=ROOM, title="Places", description="Where one can go, and what is there.", min_length=1, max_length=30
    )
    max_commands: int = Field(
        default=60, ge=1, le=1_000, title="Commands", description="The most a run may give; then nothing happens.",
        json_schema_extra={"unit": "commands", "advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _each_once(self) -> "TextWorldConfig":
        names = [name for place in self.places for name in (place.name, *place.holds)]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"{twice!r} is there twice; each place and thing needs a name of its own")
        return self


class TextWorldArguments(BaseModel):
    """What the model sends."""

    command: str = Field(description="such as: go to fridge", min_length=1, max_length=200)


def make_text_world(config: Any, services: Services) -> Tool:
    """The tool. The world begins when it is first used in a run."""
    lock = asyncio.Lock()  # commands given at the same time happen one after another

    async def work(arguments: TextWorldArguments) -> ToolResult:
        async with lock:
            return await asyncio.to_thread(_done, arguments.command, config, services)

    return built(config, "act", DESCRIPTION, TextWorldArguments, work)


def _done(command: str, config: TextWorldConfig, services: Services) -> ToolResult:
    file = services.run_folder() / FILE
    state = json.loads(file.read_text(encoding="utf-8")) if file.exists() else first_state(config.places)
    if state["commands"] >= config.max_commands:
        return failure(f"Nothing happens: {config.max_commands} commands are spent.")
    try:
        text, failed = carried_out(command, state, config.places), False
    except Nothing as nothing:
        text, failed = f"Nothing happens: {nothing}", True
    state["commands"] += 1
    file.write_text(json.dumps(state), encoding="utf-8")
    return ToolResult(text, failed=failed)


text_world = NodeSpec(
    kind="tool.text_world", family="resources", title="Text world", summary="A small room in words, to act in",
    config=TextWorldConfig, outcomes=(), provides="tool", make_tool=make_text_world, side_effects=True,
    source="Nodeloom; after Shridhar et al. 2021, ALFWorld, https://arxiv.org/abs/2010.03768",
    doc=__doc__ or "", icon="lamp",
)  # fmt: skip
