"""search.best_first"""

from typing import Any

from nodes.search.best_first import best_first
from tests.fakes import FakeContext, FakeSubworkflow, run_node
from tests.nodes.search.maps import START, context


def test_the_most_promising_is_looked_into_next():
    """It follows the high road, which looks better, and never looks into the low one."""
    ctx = context()
    route = run_node(best_first, START, ctx)
    assert route.outcome == "solved"
    assert route.outputs == {
        "best": "goal", "actions": ["to high", "to bridge", "to goal"], "value": 1.0, "expanded": 3,
    }  # fmt: skip
    assert [part["situation"] for part in ctx.parts["propose"].inputs] == ["start", "high", "bridge"]
    status = {node["label"]: node["status"] for node in ctx.views[-1]["nodes"]}
    assert status == {
        "start": "expanded", "to low": "open", "to high": "expanded", "to bridge": "expanded", "to goal": "solution",
    }  # fmt: skip
    assert ctx.lines[-1] == "3 looked into, 4 found"


def test_it_goes_back_when_a_way_disappoints():
    """A good-looking way that turns bad is left for the best of what was passed by."""
    roads = {"s": ["trap", "plain"], "trap": ["trap 2"], "plain": ["goal"]}
    values = {"trap": 0.9, "plain": 0.5, "trap 2": 0.1, "goal": 1.0}
    parts = {
        "propose": FakeSubworkflow(
            lambda given: {"actions": [{"situation": each} for each in roads.get(given["situation"], [])]}
        ),
        "value": FakeSubworkflow(lambda given: {"value": values[given["situation"]]}),
    }
    route = run_node(best_first, {"problem": "p", "situation": "s"}, FakeContext(parts=parts))
    assert [given["situation"] for given in parts["propose"].inputs] == ["s", "trap", "plain"]
    assert (route.outcome, route.outputs["best"]) == ("solved", "goal")


def test_ties_go_to_what_was_found_first():
    """With equal values the search is first in, first out."""
    ctx = context(value=lambda given: {"value": 0.5}, goal=lambda given: {"reached": False})
    run_node(best_first, START, ctx)
    assert [part["situation"] for part in ctx.parts["propose"].inputs][:4] == ["start", "low", "high", "goal"]


def test_spent_expansions_end_it_with_the_best():
    """Out of budget it says so by its outcome, and gives the best situation found."""
    route = run_node(best_first, START, context(), expansions=2)
    assert route.outcome == "unsolved"
    assert (route.outputs["best"], route.outputs["value"], route.outputs["expanded"]) == ("high", 0.9, 2)


def test_depth_is_a_limit():
    """Situations at the greatest depth are not looked into, so a goal beyond it is not found."""
    route = run_node(best_first, START, context(), depth=2, goal="situation == 'nowhere'")
    assert (route.outcome, route.outputs["expanded"]) == ("unsolved", 3)


def test_hopeless_situations_are_not_looked_into():
    """A value at the bound closes a situation; without the bound it is looked into as well."""
    worthless: Any = lambda given: {"value": 0.0}  # noqa: E731
    assert run_node(best_first, START, context(value=worthless)).outputs["expanded"] == 1
    assert run_node(best_first, START, context(value=worthless), prune=None).outputs["expanded"] > 1


def test_nothing_proposed_is_unsolved():
    """A start from which nothing leads is its own best."""
    route = run_node(best_first, START, context(lambda given: {"actions": []}))
    assert route.outcome == "unsolved"
    assert route.outputs == {"best": "start", "actions": [], "value": 0.0, "expanded": 1}


def test_a_shorter_way_to_a_known_place_replaces_the_longer():
    """A place on the frontier that turns up nearer to the start is looked into from there, and once."""
    roads = {"s": ["a", "b"], "a": ["c"], "c": ["x"], "b": ["x"]}
    values = {"a": 0.9, "b": 0.5, "c": 0.9, "x": 0.1}
    parts = {
        "propose": FakeSubworkflow(
            lambda given: {"actions": [{"situation": each} for each in roads.get(given["situation"], [])]}
        ),
        "value": FakeSubworkflow(lambda given: {"value": values[given["situation"]]}),
    }
    run_node(best_first, {"problem": "p", "situation": "s"}, FakeContext(parts=parts))
    assert [given["situation"] for given in parts["propose"].inputs] == ["s", "a", "c", "b", "x"]
