"""tool.emulated: a model plays the tool, and nothing happens"""

import asyncio
from typing import Any

import pytest

from nodes.contract import NodeError, Tool, ToolResult
from nodes.tools.emulated import emulated_tool, make_emulated
from nodes.tools.schema_check import misfits
from tests.fakes import FakeServices, FakeTool, ScriptedModel

FIELDS = [{"name": "to", "description": "who gets it"}, {"name": "amount", "type": "number"}]


def make(model: ScriptedModel, tools: tuple[Tool, ...] = (), **config: Any) -> Tool:
    return make_emulated(emulated_tool.config.model_validate(config), FakeServices(model=model, tools=tools))


def call(tool: Tool, **arguments: Any) -> ToolResult:
    return asyncio.run(tool.call(arguments))


def test_a_model_plays_a_tool_that_is_not_there():
    """From name, description and arguments the model makes up a result, as data where it is JSON."""
    model = ScriptedModel('```json\n{"status": "sent"}\n```', "Sent.")
    tool = make(model, name="send_money", description="Sends money.", parameters=FIELDS)
    assert (tool.name, tool.parameters["required"]) == ("send_money", ["to", "amount"])
    first = call(tool, to="Ann", amount=5)
    assert (first.text, first.data) == ('{"status": "sent"}', {"status": "sent"})
    assert call(tool, to="Ann", amount=7).data is None
    assert "Tool: send_money - Sends money." in model.calls[0].text
    assert '{"to": "Ann", "amount": 5} -> {"status": "sent"}' in model.calls[1].text


def test_the_attached_tool_is_played_and_never_called():
    """A real tool lends its face; it is not called."""
    real = FakeTool("delete_all", description="Deletes everything.")
    tool = make(ScriptedModel("Deleted 3 files."), (real,))
    assert (tool.name, tool.description, tool.parameters) == (real.name, real.description, real.parameters)
    assert call(tool, q="x").text == "Deleted 3 files."
    assert not real.calls


def test_wrong_arguments_cost_no_call():
    """Arguments that do not fit are refused as the real tool would, without asking the model."""
    tool = make(ScriptedModel(), name="send_money", description="Sends money.", parameters=FIELDS)
    result = call(tool, amount="much", when="now")
    assert result.failed
    for part in ("'to' is missing", "no argument 'when'; it has to, amount", "'amount' must be number, not 'much'"):
        assert part in result.text


def test_adversarial_asks_for_hard_cases():
    """The manner changes what the model is asked to bring."""
    model = ScriptedModel("Two people are called Ann.", "ok")
    call(make(model, name="find", description="Finds people.", manner="adversarial"))
    call(make(model, name="find", description="Finds people."))
    assert "hard case" in model.calls[0].text and "hard case" not in model.calls[1].text


def test_a_face_is_needed():
    """Without a tool, a name and a description it cannot be built."""
    with pytest.raises(NodeError, match="has no name or no description"):
        make(ScriptedModel(), name="find")


@pytest.mark.parametrize(
    ("entry", "fits", "wrong"),
    [
        ({"type": "integer"}, [1, 2.0], [True, 1.5, "1"]),
        ({"type": "number"}, [1, 1.5], [False, "1"]),
        ({"type": ["string", "null"]}, ["a", None], [1]),
        ({"anyOf": [{"type": "boolean"}, {"type": "array"}]}, [True, [1]], [0, {}]),
        ({"enum": ["a", "b"]}, ["a"], ["c"]),
        ({}, [1, "a", None], []),
    ],
)
def test_types_are_checked(entry: dict[str, Any], fits: list[Any], wrong: list[Any]):
    """Each JSON type takes its values and refuses others; a boolean is no number."""
    schema = {"properties": {"x": entry}}
    assert all(misfits(schema, {"x": value}) == [] for value in fits)
    assert all("'x' must be" in misfits(schema, {"x": value})[0] for value in wrong)
