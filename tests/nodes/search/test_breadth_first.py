"""search.breadth_first"""

from nodes.search.breadth_first import breadth_first
from tests.fakes import FakeContext, ScriptedModel, run_node
from tests.nodes.search.maps import START, context


def test_every_depth_before_the_next():
    """Situations are looked into in the order they were found, and the way of fewest actions wins."""
    ctx = context(value=None, goal=lambda given: {"reached": given["situation"] == "goal"})
    route = run_node(breadth_first, START, ctx)
    assert [part["situation"] for part in ctx.parts["propose"].inputs] == ["start", "low"]
    assert (route.outcome, route.outputs["actions"]) == ("solved", ["to low", "to goal"])
    assert (route.outputs["value"], route.outputs["expanded"]) == (1.0, 2)


def test_nothing_is_valued_where_the_goal_does_not_ask():
    """A goal over the situation costs no judgement."""
    ctx = context()
    route = run_node(breadth_first, START, ctx, goal="situation == 'goal'")
    assert route.outcome == "solved"
    assert ctx.parts["value"].inputs == []


def test_a_goal_over_values_has_them_judged():
    """The default goal reads the value, so each new situation is judged once."""
    model = ScriptedModel({"steps": ["a", "b"]}, {"reason": "", "score": 1}, {"reason": "done", "score": 10})
    route = run_node(breadth_first, {"problem": "p"}, FakeContext(model=model), parallel=1)
    assert (route.outcome, route.outputs["actions"]) == ("solved", ["b"])


def test_an_exhausted_map_is_unsolved():
    """When everything within the depth was looked into, the search ends, each place looked into once."""
    ctx = context()
    route = run_node(breadth_first, START, ctx, goal="situation == 'nowhere'", depth=9)
    seen = [part["situation"] for part in ctx.parts["propose"].inputs]
    assert route.outcome == "unsolved"
    assert sorted(seen) == ["bridge", "dead end", "goal", "high", "low", "start"]


def test_the_budget_ends_it():
    """No more situations are looked into than allowed."""
    route = run_node(breadth_first, START, context(), goal="situation == 'nowhere'", expansions=2)
    assert (route.outcome, route.outputs["expanded"]) == ("unsolved", 2)
