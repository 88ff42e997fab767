"""tool.text_world: a room to act in"""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from nodes.contract import ToolResult
from nodes.tools.text_world import TextWorldConfig, text_world
from tests.fakes import FakeServices

EGG = (
    "go to fridge", "open fridge", "take egg from fridge", "go to microwave", "open microwave", "heat egg",
    "go to table", "put egg on table",
)  # fmt: skip


class World:
    """The tool as a node has it, made anew for each visit."""

    def __init__(self, folder: Path, **config: object) -> None:
        self.services = FakeServices(own_folder=folder)
        self.config = TextWorldConfig.model_validate(config)

    async def does(self, *commands: str) -> ToolResult:
        """The last result."""
        assert text_world.make_tool is not None
        tool = text_world.make_tool(self.config, self.services)
        results = [await tool.call({"command": command}) for command in commands]
        return results[-1]

    @property
    def state(self) -> dict[str, object]:
        """As it is kept in the folder of the run."""
        assert self.services.own_folder is not None
        return json.loads((self.services.own_folder / "text_world.json").read_text())


pytestmark = pytest.mark.anyio


async def test_a_thing_is_fetched_heated_and_put(tmp_path: Path):
    """The way through the room works, and the world knows what came of it."""
    world = World(tmp_path)
    assert (await world.does(*EGG)).text == "You put the egg in the table."
    assert world.state["made"] == {"egg": ["heat"]}
    assert world.state["holds"]["table"] == ["apple", "plate", "egg"]  # type: ignore[index]


async def test_it_goes_on_in_another_visit(tmp_path: Path):
    """The world belongs to the run: a second node finds it as the first left it."""
    world = World(tmp_path)
    for command in EGG[:-1]:
        await world.does(command)
    assert not (await world.does(EGG[-1])).failed


@pytest.mark.parametrize(
    ("commands", "why"),
    [
        (("take apple",), "Go to a place first"),
        (("go to moon",), "there is no place 'moon'; there are table"),
        (("go to fridge", "take egg"), "the fridge is closed. Open it first"),
        (("open fridge",), "you are not at the fridge"),
        (("go to fridge", "open fridge", "open fridge"), "is open already"),
        (("close fridge",), "nothing to close"),
        (("go to table", "take egg"), "there is no egg here. In the table: apple, plate"),
        (("go to table", "take apple", "take plate"), "you carry the apple already"),
        (("put apple on table",), "you do not carry the apple"),
        (("go to table", "take apple", "put apple in sink"), "you are not at the sink"),
        (("heat apple",), "you do not carry the apple"),
        (("go to table", "take apple", "cool apple"), "Go to the fridge"),
        (("dance",), "'dance' is no command. Commands are: look"),
    ],
)
async def test_what_cannot_be_done_is_said_with_why(commands: tuple[str, ...], why: str, tmp_path: Path):
    """Nothing happens, and the reason helps to do it better."""
    result = await World(tmp_path).does(*commands)
    assert result.failed
    assert why in result.text


async def test_small_words_and_other_verbs_are_understood(tmp_path: Path):
    """Models write 'pick up the mug' and 'clean the mug'."""
    world = World(tmp_path)
    result = await world.does("Walk to the sink.", "pick up the mug", "clean the mug", "look")
    assert "You carry the mug" in result.text
    assert world.state["made"] == {"mug": ["wash"]}


async def test_what_was_heated_and_then_cooled_is_cold(tmp_path: Path):
    """Opposites take each other's place; washing stays."""
    world = World(tmp_path)
    await world.does(*EGG[:6], "go to fridge", "cool egg")
    assert world.state["made"] == {"egg": ["cool"]}
    closed = await world.does("close fridge", "look")
    assert "The fridge is closed. You carry the egg." in closed.text


async def test_commands_are_bounded(tmp_path: Path):
    """After the last command nothing happens any more."""
    result = await World(tmp_path, max_commands=2).does("look", "look", "look")
    assert result.failed
    assert "2 commands are spent" in result.text


def test_a_name_is_given_once():
    """Two things of one name could not be told apart."""
    with pytest.raises(ValidationError, match="'cup' is there twice"):
        TextWorldConfig.model_validate({"places": [{"name": "cup", "holds": ["cup"]}]})
