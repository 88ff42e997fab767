"""search.look_ahead"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.search.look_ahead import look_ahead
from tests.fakes import FakeContext, FakeSubworkflow, ScriptedModel, run_node

HERE = {"problem": "Make room on the disk", "situation": "The disk is full"}
LEADS = {"delete all": "everything is gone", "delete cache": "there is room", "wait": "the disk is full still"}
WORTH = {"everything is gone": 0.0, "there is room": 0.9, "the disk is full still": 0.4}


def world(**more: Any) -> FakeContext:
    parts = {
        "propose": lambda given: {"actions": list(LEADS)},
        "act": lambda given: {"situation": LEADS[given["action"]]},
        "value": lambda given: {"value": WORTH[given["situation"]], "feedback": given["situation"]},
    }
    return FakeContext(parts={name: FakeSubworkflow(answer) for name, answer in (parts | more).items()})


def test_the_harmful_action_is_seen_before_it_is_done():
    """The first candidate would lose everything; imagined, it is worth nothing, and the harmless one is chosen."""
    ctx = world()
    route = run_node(look_ahead, HERE, ctx)
    assert route.outcome == "act"
    assert (route.outputs["action"], route.outputs["outcome"], route.outputs["value"]) == (
        "delete cache", "there is room", 0.9,
    )  # fmt: skip
    assert [each["action"] for each in route.outputs["ranking"]] == ["delete cache", "wait", "delete all"]
    assert ctx.views[-1]["best"] == "n2"


def test_nothing_is_done_when_nothing_is_worth_it():
    """Below the least value it ends by the other way, with the ranking."""
    route = run_node(look_ahead, HERE, world(), least=0.95)
    assert (route.outcome, route.outputs["action"], len(route.outputs["ranking"])) == ("none", "", 3)


def test_wired_candidates_are_not_proposed():
    """Candidates are taken as they are, whatever the width."""
    ctx = world()
    route = run_node(look_ahead, {**HERE, "candidates": ["wait", "delete cache"]}, ctx, width=1)
    assert route.outputs["action"] == "delete cache"
    assert ctx.parts["propose"].inputs == []


def test_the_model_imagines_with_what_is_known():
    """Without anything attached the model proposes, imagines by the knowledge, and judges; the impossible is out."""
    model = ScriptedModel(
        {"steps": ["Fly", "Walk"]}, "IMPOSSIBLE: no wings", "You are at the door.", {"reason": "near", "score": 10}
    )
    ctx = FakeContext(model=model)
    route = run_node(
        look_ahead, {"problem": "Leave", "situation": "You sit", "knowledge": ["Doors open outwards"]}, ctx, parallel=1
    )
    assert route.outputs["action"] == "Walk"
    assert route.outputs["outcome"] == "You sit\nAfter this action: Walk\nYou are at the door."
    assert "- Doors open outwards" in model.calls[1].text and "Action: Fly" in model.calls[1].text
    assert [node["status"] for node in ctx.views[-1]["nodes"]] == ["expanded", "failed", "solution"]
    assert ctx.views[-1]["summary"] == "1 of 2 actions can be done"


def test_the_horizon_looks_past_the_first_outcome():
    """What looks good at once but leads nowhere loses when two actions are imagined."""
    leads = {"a": "sweet", "b": "sour", "then": {"sweet": "sick", "sour": "well"}}
    worth = {"sweet": 0.9, "sour": 0.2, "sick": 0.1, "well": 0.8}

    def act(given: dict[str, Any]) -> dict[str, Any]:
        later = given["action"] == "then"
        return {"situation": leads["then"][given["situation"]] if later else leads[given["action"]]}  # type: ignore

    more: dict[str, Any] = {
        "propose": lambda given: {"actions": ["then"] if given["actions"] else ["a", "b"]},
        "act": act, "value": lambda given: {"value": worth[given["situation"]]},
    }  # fmt: skip
    assert run_node(look_ahead, HERE, world(**more)).outputs["action"] == "a"
    far = run_node(look_ahead, HERE, world(**more), horizon=2)
    assert (far.outputs["action"], far.outputs["outcome"], far.outputs["value"]) == ("b", "sour", 0.8)


def test_an_end_before_the_horizon_is_valued_as_it_is():
    """Where no further action is proposed the outcome so far counts."""
    ctx = world(propose=lambda given: {"actions": [] if given["actions"] else ["wait"]})
    assert run_node(look_ahead, HERE, ctx, horizon=3).outputs["value"] == 0.4


def test_no_candidate_is_an_error():
    """With nothing to choose from it says so; with nothing possible it ends without an action."""
    with pytest.raises(NodeError, match="No action was proposed"):
        run_node(look_ahead, HERE, world(propose=lambda given: {"actions": []}))
    route = run_node(look_ahead, HERE, world(act=lambda given: {"failed": "locked"}))
    assert (route.outcome, route.outputs["ranking"]) == ("none", [])
