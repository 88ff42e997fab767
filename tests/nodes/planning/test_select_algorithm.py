"""planning.select_algorithm"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.planning.select_algorithm import select_algorithm
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node

WAYS = [{"name": "direct", "suits": "easy"}, {"name": "tree", "suits": "hard"}]


def scores(direct: int, tree: int) -> dict[str, Any]:
    return {"reason": "", "direct": direct, "tree": tree}


def test_what_suits_is_chosen_first():
    """Before anything was tried the model's judgement decides, told the problem and its constraints."""
    ctx = FakeContext(model=ScriptedModel(scores(3, 9)))
    route = run_node(select_algorithm, {"problem": "A hard one", "constraints": ["by noon"]}, ctx, algorithms=WAYS)
    assert (route.outcome, route.outputs["algorithm"]) == ("tree", "tree")
    assert "A hard one" in ctx.model.calls[0].text and "- by noon" in ctx.model.calls[0].text
    assert "- tree: hard" in ctx.model.calls[0].text
    assert ctx.views[-1]["title"] == "Chosen: tree"


def test_what_fails_gives_way_to_what_was_not_tried():
    """After a reward of 0 the other way is bounded higher; the judgement is not asked for again."""
    ctx = FakeContext(model=ScriptedModel(scores(6, 7)))
    first = run_node(select_algorithm, {"problem": "p"}, ctx, algorithms=WAYS)
    wired = {"problem": "p", "reward": 0, "trials": first.outputs["trials"]}
    second = run_node(select_algorithm, wired, ctx, algorithms=WAYS)
    assert (first.outcome, second.outcome) == ("tree", "direct")
    assert second.outputs["trials"]["rewards"] == {"direct": [], "tree": [0]}
    assert len(ctx.model.calls) == 1


def test_what_succeeds_is_kept():
    """After a full reward the same way is chosen again when exploration is small."""
    ctx = FakeContext(model=ScriptedModel(scores(6, 7)))
    first = run_node(select_algorithm, {"problem": "p"}, ctx, algorithms=WAYS, exploration=0.1)
    wired = {"problem": "p", "reward": 1, "trials": first.outputs["trials"]}
    assert run_node(select_algorithm, wired, ctx, algorithms=WAYS, exploration=0.1).outcome == "tree"


def test_ties_go_to_the_first_listed_without_a_call():
    """With suitability at 0 no model is asked, and the list decides."""
    assert run_node(select_algorithm, {"problem": "p"}, FakeContext(), algorithms=WAYS, suitability=0).outcome == (
        "direct"
    )


def test_tries_are_bounded():
    """After the last try it is exhausted; another problem begins afresh."""
    first = run_node(select_algorithm, {"problem": "p"}, FakeContext(), suitability=0, max_tries=1)
    wired = {"problem": "p", "reward": 0.2, "trials": first.outputs["trials"]}
    assert run_node(select_algorithm, wired, FakeContext(), suitability=0, max_tries=1).outcome == "exhausted"
    other = run_node(select_algorithm, {**wired, "problem": "q"}, FakeContext(), suitability=0, max_tries=1)
    assert other.outcome == "direct"


def test_rewards_of_earlier_runs_count():
    """A memory that says the first way failed and the second did well turns the choice."""
    memory = ListMemory()
    ctx = FakeContext(memory=memory)
    settings: dict[str, Any] = {"algorithms": WAYS, "suitability": 0, "exploration": 0}
    first = run_node(select_algorithm, {"problem": "p"}, ctx, **settings)
    wired = {"problem": "p", "reward": 0.0, "trials": first.outputs["trials"]}
    run_node(select_algorithm, wired, ctx, **settings)
    assert [hit.data for hit in memory.hits.values()] == [{"algorithm": "direct", "reward": 0.0}]
    memory.hits["m9"] = next(iter(memory.hits.values())).__class__(
        **{**vars(memory.hits["m1"]), "id": "m9", "text": "x", "data": {"algorithm": "tree", "reward": 0.8}}
    )
    assert run_node(select_algorithm, {"problem": "new"}, ctx, **settings).outcome == "tree"


def test_bad_input_is_named():
    """A reward out of bounds, an empty problem and equal names are said."""
    first = run_node(select_algorithm, {"problem": "p"}, FakeContext(), suitability=0)
    with pytest.raises(NodeError, match="reward is 7"):
        run_node(select_algorithm, {"problem": "p", "reward": 7, "trials": first.outputs["trials"]}, FakeContext())
    with pytest.raises(NodeError, match="problem is empty"):
        run_node(select_algorithm, {"problem": " "})
    with pytest.raises(ValueError, match="'exhausted' is there already"):
        run_node(select_algorithm, {"problem": "p"}, algorithms=[{"name": "exhausted"}, {"name": "b"}])
