"""simulation.game_master"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.simulation.game_master import game_master
from tests.fakes import FakeContext, ScriptedModel, run_node

WORLD = {"gold": 3, "door": "locked", "friends": ["Bo"], "dark": True, "map": {"x": 1}}


def ruling(possible: bool = True, **changes: str) -> dict[str, Any]:
    listed = [{"variable": name, "value": value} for name, value in changes.items()]
    return {"thought": "Why not.", "possible": possible, "event": "It creaks.", "changes": listed}


def run(*answers: Any, world: Any = WORLD, action: str = "I open the door.") -> tuple[Any, FakeContext]:
    ctx = FakeContext(model=ScriptedModel(*answers))
    return run_node(game_master, {"world": world, "action": action, "actor": "Ann"}, ctx), ctx


def test_changes_the_world_by_type():
    """What the model writes becomes values of the variables' types; the rest stays."""
    result, ctx = run(ruling(gold="2", door="open", friends="Bo, Cy", dark="false"))
    assert result.outcome == "happened"
    assert result.outputs["world"] == {
        "gold": 2, "door": "open", "friends": ["Bo", "Cy"], "dark": False, "map": {"x": 1},
    }  # fmt: skip
    assert result.outputs["event"] == "It creaks." and len(result.outputs["changes"]) == 4
    assert "Ann tries this: I open the door." in ctx.model.calls[0].text


def test_refused_action_changes_nothing():
    """An impossible attempt leads on by refused, whatever changes stand there."""
    result, _ = run(ruling(False, gold="100"))
    assert (result.outcome, result.outputs["world"]) == ("refused", WORLD)


def test_change_that_does_not_fit_is_left_out():
    """A value of the wrong sort is told and not taken."""
    result, ctx = run(ruling(gold="a heap", door="open"))
    assert (result.outputs["world"]["gold"], result.outputs["world"]["door"]) == (3, "open")
    assert any("left out a change of gold" in line for line in ctx.lines)


def test_only_variables_there_are():
    """A variable the world has not is not fitting, and asked for again; a world of nothing still rules."""
    result, ctx = run(ruling(castle="mine"), ruling(door="open"))
    assert result.outputs["world"]["door"] == "open" and len(ctx.model.calls) == 2
    assert run({**ruling(), "changes": []}, world={})[0].outputs["world"] == {}


def test_action_is_needed():
    """There is nothing to rule on without an action."""
    with pytest.raises(NodeError, match="action is empty"):
        run(action=" ")
