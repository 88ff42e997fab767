"""search.monte_carlo"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.search.monte_carlo import monte_carlo, select, uct
from nodes.search.tree import Tree
from tests.fakes import FakeContext, FakeSubworkflow, ScriptedModel, run_node
from tests.nodes.search.maps import START, context


def world(roads: dict[str, list[str]], values: dict[str, float], **more: Any) -> FakeContext:
    parts = {
        "propose": FakeSubworkflow(
            lambda given: {"actions": [{"situation": to, "action": to} for to in roads.get(given["situation"], [])]}
        ),
        "value": FakeSubworkflow(lambda given: {"value": values[given["situation"]]}),
    }
    return FakeContext(parts=parts | {name: FakeSubworkflow(answer) for name, answer in more.items()})


def order(ctx: FakeContext) -> list[str]:
    return [given["situation"] for given in ctx.parts["propose"].inputs]


ROADS = {"s": ["a", "b"], "a": ["a1", "a2"], "b": ["b1", "b2"], "a1": ["a3", "a4"], "b1": ["b3"]}
VALUES = {"a": 0.6, "b": 0.5, "a1": 0.55, "a2": 0.2, "a3": 0.1, "a4": 0.1, "b1": 0.4, "b2": 0.3, "b3": 0.1}


def test_exploration_turns_to_what_was_tried_little():
    """Greedy, the better-looking way is followed down; with exploration the other one gets its turn."""
    greedy = world(ROADS, VALUES)
    run_node(monte_carlo, {"problem": "p", "situation": "s"}, greedy, exploration=0, expansions=3, reflections=0)
    curious = world(ROADS, VALUES)
    run_node(monte_carlo, {"problem": "p", "situation": "s"}, curious, exploration=2, expansions=3, reflections=0)
    assert order(greedy) == ["s", "a", "a1"]
    assert order(curious) == ["s", "a", "b"]


def test_what_came_of_a_way_is_backed_up():
    """A way that disappoints loses to its sibling although it looked better at first."""
    ctx = world(ROADS, VALUES | {"a1": 0.1, "a2": 0.1})
    run_node(monte_carlo, {"problem": "p", "situation": "s"}, ctx, exploration=0, expansions=3, reflections=0)
    assert order(ctx) == ["s", "a", "b"]
    shown = {node["label"]: node for node in ctx.views[1]["nodes"]}
    assert (shown["a"]["visits"], shown["s"]["visits"]) == (2, 2)


def test_the_goal_ends_it():
    """The first situation that reaches the goal is the solution, with the way there."""
    route = run_node(monte_carlo, START, context())
    assert route.outcome == "solved"
    assert route.outputs["actions"] == ["to high", "to bridge", "to goal"]


def test_a_failed_way_teaches_the_next_proposals():
    """At the end of a way without the goal a lesson is drawn, and later proposals are told."""
    ctx = world(ROADS, VALUES, reflect=lambda given: {"lesson": f"not {given['situation']}"})
    run_node(monte_carlo, {"problem": "p", "situation": "s"}, ctx, depth=2, exploration=0)
    assert ctx.parts["reflect"].inputs == [{"problem": "p", "situation": "a1"}, {"problem": "p", "situation": "b1"}]
    assert [given["feedback"] for given in ctx.parts["propose"].inputs] == ["", "", "not a1"]


def test_the_model_reflects_where_nothing_is_attached():
    """The lesson is one more call, and stands in the next prompt."""
    model = ScriptedModel(
        {"steps": ["x", "y"]}, {"reason": "", "score": 4}, {"reason": "", "score": 3}, {"steps": []},
        "Do not begin with x.", {"steps": []}, "Nor with y.",
    )  # fmt: skip
    ctx = FakeContext(model=model)
    route = run_node(monte_carlo, {"problem": "p"}, ctx, parallel=1)
    assert route.outcome == "unsolved" and route.outputs["best"] == "x"
    assert "did not solve it:\nx" in model.calls[4].text
    assert "Do not begin with x." in model.calls[5].text


def test_a_searched_tree_ends_it():
    """When every way was searched to its end, it stops before the budget is spent."""
    ctx = world(ROADS, VALUES)
    route = run_node(monte_carlo, {"problem": "p", "situation": "s"}, ctx, reflections=0, expansions=500, depth=9)
    assert route.outcome == "unsolved"
    assert sorted(order(ctx)) == sorted({"s", *VALUES})


def test_rollout_goes_on_from_the_best():
    """One iteration goes down several actions at once."""
    ctx = world(ROADS, VALUES)
    run_node(
        monte_carlo, {"problem": "p", "situation": "s"}, ctx, rollout=2, exploration=2, expansions=3, reflections=0
    )
    assert order(ctx) == ["s", "a", "a1"]
    assert len(ctx.views) == 2


def test_expansions_bound_a_rollout_too():
    """A rollout stops where the budget does."""
    route = run_node(
        monte_carlo, {"problem": "p", "situation": "s"}, world(ROADS, VALUES), rollout=9, expansions=2, reflections=0
    )
    assert route.outputs["expanded"] == 2


def test_uct_ties_go_to_the_first():
    """Equal bounds select what was found first."""
    tree = Tree("s")
    children = [tree.add(tree.root, name, name) for name in "ab"]
    tree.root.status, tree.root.visits = "expanded", 3
    for child in children:
        assert child is not None
        child.visits, child.total = 1, 0.5
    assert select(tree.root, set(), 1.0)[-1] is children[0]
    assert select(tree.root, {1}, 1.0)[-1] is children[1]
    assert uct(tree.nodes[1], tree.root, 0) == 0.5


def test_a_lesson_has_to_be_a_text():
    """What is attached for reflecting is told what to give."""
    ctx = world(ROADS, VALUES, reflect=lambda given: {})
    with pytest.raises(NodeError, match="'reflect' gave None as 'lesson'"):
        run_node(monte_carlo, {"problem": "p", "situation": "s"}, ctx, depth=1)
