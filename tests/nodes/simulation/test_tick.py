"""simulation.tick"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.simulation.tick import tick
from tests.fakes import FakeContext, FakeSubworkflow, ModelCall, ScriptedModel, run_node

PEOPLE = [{"name": "Ann", "persona": "A miner."}, {"name": "Bo", "persona": "A thief."}]


def play(call: ModelCall) -> Any:
    """People dig, or do nothing when there is no gold; the master gives one piece to each who digs."""
    if call.schema is None:
        return "I dig." if "gold: 0" not in call.text else "I rest."
    gold = int(call.text.split("gold: ")[1].split("\n")[0])
    who = "Ann" if "Ann tries" in call.text else "Bo"
    changes = [{"variable": "gold", "value": str(gold - 1)}]
    return {"thought": "", "possible": gold > 0, "event": f"{who} digs.", "changes": changes}


def run(calls: int, gold: int = 3, **config: Any) -> tuple[Any, FakeContext]:
    ctx = FakeContext(model=ScriptedModel(*[play] * calls))
    return run_node(tick, {"population": PEOPLE, "world": {"gold": gold}}, ctx, **config), ctx


def test_people_act_and_the_world_changes():
    """Two ticks of two people: four attempts, ruled on one after another on the same world."""
    result, ctx = run(8, ticks=2)
    assert (result.outcome, result.outputs["ticks"], result.outputs["world"]) == ("done", 2, {"gold": 0})
    assert [event["possible"] for event in result.outputs["events"]] == [True, True, True, False]
    assert result.outputs["population"][0]["actions"] == ["I dig.", "I dig."]
    assert ctx.views[-1]["type"] == "chat" and len(ctx.views[-1]["messages"]) == 8


def test_people_see_what_happened():
    """In the second tick everyone is told the events of the first, and who they are."""
    _, ctx = run(8, ticks=2, goal="It is night.")
    second = next(call for call in ctx.model.calls[4:] if call.schema is None)
    assert "Ann digs." in second.text and "Bo digs." in second.text and "It is night." in second.text
    assert second.messages[0]["content"].startswith("You are Ann. A miner.")
    assert "nothing yet" in run(8, ticks=2, remembered=0)[1].model.calls[4].text


def test_ends_when_the_condition_holds():
    """No tick is begun after it."""
    result, ctx = run(4, gold=2, ticks=50, stop_when="world.gold <= 0.0 || tick > 9")
    assert (result.outcome, result.outputs["ticks"], len(ctx.model.calls)) == ("stopped", 1, 4)


def test_order_of_rulings_comes_from_the_seed():
    """Equal seeds rule in equal order, others in others."""
    config = {"ticks": 4, "gold": 9}
    runs = [run(16, seed=seed, **config)[0].outputs["events"] for seed in (1, 1, 2, 3)]
    assert runs[0] == runs[1]
    assert len({tuple(event["actor"] for event in events) for events in runs}) > 1


def test_own_sub_workflows_act_and_resolve():
    """Attached ones do both, and no model is called; who says nothing is passed over."""
    act = FakeSubworkflow(lambda given: {"action": "" if given["person"]["name"] == "Bo" else "I wave."})
    master = FakeSubworkflow(lambda given: {"world": {"waves": 1}, "event": f"{given['actor']} waves."})
    ctx = FakeContext(parts={"act": act, "resolve": master})
    result = run_node(tick, {"population": PEOPLE}, ctx, ticks=1)
    assert result.outputs["world"] == {"waves": 1}
    assert [event["event"] for event in result.outputs["events"]] == ["Ann waves."]
    assert result.outputs["population"][1]["actions"] == []


def test_population_is_bounded():
    """Too many people, and none, are errors."""
    with pytest.raises(NodeError, match="has 2 people"):
        run(0, max_people=1)
    with pytest.raises(NodeError, match="empty"):
        run_node(tick, {"population": []}, FakeContext())
