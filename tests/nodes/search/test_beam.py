"""search.beam"""

from nodes.search.beam import beam
from tests.fakes import run_node
from tests.nodes.search.maps import START, context


def test_only_the_best_of_each_depth_go_on():
    """A beam of one follows the better road; the other is marked as dropped and never looked into."""
    ctx = context()
    route = run_node(beam, START, ctx, beams=1)
    assert (route.outcome, route.outputs["actions"]) == ("solved", ["to high", "to bridge", "to goal"])
    assert [part["situation"] for part in ctx.parts["propose"].inputs] == ["start", "high", "bridge"]
    assert {node["label"]: node["status"] for node in ctx.views[-1]["nodes"]}["to low"] == "pruned"


def test_what_falls_out_is_gone():
    """Where values mislead, a narrow beam misses the goal that a wider one finds."""
    misled = {"low": 0.1, "high": 0.9, "bridge": 0.0, "goal": 1.0, "dead end": 0.0}
    parts = {"value": lambda given: {"value": misled[given["situation"]]}}
    assert run_node(beam, START, context(**parts), beams=1).outcome == "unsolved"
    assert run_node(beam, START, context(**parts), beams=2).outcome == "solved"


def test_ties_keep_what_was_found_first():
    """Of equal situations the earlier stays in the beam."""
    ctx = context(value=lambda given: {"value": 0.5}, goal=lambda given: {"reached": False})
    run_node(beam, START, ctx, beams=1, depth=2)
    assert [part["situation"] for part in ctx.parts["propose"].inputs] == ["start", "low"]


def test_the_budget_cuts_a_depth_short():
    """Expansions are counted within a depth too."""
    route = run_node(beam, START, context(), goal="situation == 'nowhere'", expansions=2)
    assert (route.outcome, route.outputs["expanded"]) == ("unsolved", 2)
