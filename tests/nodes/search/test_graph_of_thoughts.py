"""search.graph_of_thoughts"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.search.graph_of_thoughts import graph_of_thoughts
from tests.fakes import FakeContext, FakeSubworkflow, ScriptedModel, run_node


def letters(**more: Any) -> FakeContext:
    """Thoughts are sets of letters, worth the share of "abcd" they hold."""
    parts = {
        "propose": lambda given: {"actions": ["ab", "c", "x"]},
        "aggregate": lambda given: {"thought": "".join(sorted(set("".join(given["thoughts"]))))},
        "refine": lambda given: {"thought": given["situation"].replace("x", "")},
        "value": lambda given: {"value": len(set(given["situation"]) & set("abcd")) / 4, "feedback": "more letters"},
    }
    return FakeContext(parts={name: FakeSubworkflow(answer) for name, answer in (parts | more).items()})


def test_aggregating_joins_what_no_single_thought_has():
    """Of "ab" and "c" comes "abc", better than either: what a tree cannot do."""
    ctx = letters()
    route = run_node(graph_of_thoughts, {"problem": "abcd"}, ctx, rounds=1, keep=2)
    assert (route.outcome, route.outputs["best"], route.outputs["value"]) == ("unsolved", "abc", 0.75)
    assert ctx.parts["aggregate"].inputs == [{"problem": "abcd", "thoughts": ["ab", "c"]}]
    edges = {(edge["source"], edge["target"], edge["label"]) for edge in ctx.views[-1]["edges"]}
    assert edges == {("n1", "n4", "aggregate"), ("n2", "n4", "aggregate")}


def test_refining_mends_the_best():
    """The best thought is mended, told what was said of it."""
    ctx = letters(propose=lambda given: {"actions": ["abx"]}, refine=lambda given: {"thought": "abcd"})
    route = run_node(graph_of_thoughts, {"problem": "abcd"}, ctx)
    assert (route.outcome, route.outputs["best"], route.outputs["thoughts"]) == ("solved", "abcd", ["abcd", "abx"])
    assert ctx.parts["refine"].inputs == [{"problem": "abcd", "situation": "abx", "feedback": "more letters"}]
    assert ctx.parts["aggregate"].inputs == []


def test_the_goal_ends_a_round_early():
    """A generated thought that reaches the goal needs no merging."""
    ctx = letters(propose=lambda given: {"actions": ["abcd"]})
    assert run_node(graph_of_thoughts, {"problem": "abcd"}, ctx).outcome == "solved"
    assert ctx.parts["refine"].inputs == []


def test_a_model_can_steer():
    """The policy model chooses each transformation from the standing thoughts, and stops."""
    model = ScriptedModel(
        {"reason": "", "move": "refine"}, {"reason": "", "move": "aggregate"}, {"reason": "", "move": "stop"}
    )
    ctx = letters(refine=lambda given: {"thought": "abd"})
    ctx.model = model
    route = run_node(graph_of_thoughts, {"problem": "abcd"}, ctx, policy="model", rounds=9, goal="value > 2.0")
    assert ctx.lines == ["round 1: generate, 3 new", "round 2: refine, 1 new", "round 3: aggregate, 1 new"]
    assert (route.outcome, route.outputs["best"]) == ("unsolved", "abcd")
    assert "- 0.50 (generate): ab" in model.calls[0].text


def test_the_model_does_what_is_not_attached():
    """Whole solutions are generated, merged, mended and judged by prompts."""
    model = ScriptedModel(
        {"solutions": ["one", "two"]}, {"reason": "dull", "score": 4}, {"reason": "short", "score": 2},
        "one and two", {"reason": "better", "score": 6}, "ONE and TWO", {"reason": "right", "score": 10},
    )  # fmt: skip
    route = run_node(graph_of_thoughts, {"problem": "Count"}, FakeContext(model=model), parallel=1, width=2)
    assert (route.outcome, route.outputs["best"], route.outputs["expanded"]) == ("solved", "ONE and TWO", 1)
    assert "Write 2 different solutions" in model.calls[0].text
    assert "1. one\n\n2. two" in model.calls[3].text
    assert "one and two" in model.calls[5].text and "better" in model.calls[5].text


def test_later_rounds_are_told_what_was_said():
    """New thoughts are generated with the feedback on the best so far; a repeated thought is kept once."""
    ctx = letters()
    route = run_node(graph_of_thoughts, {"problem": "abcd"}, ctx, rounds=2)
    assert [given["feedback"] for given in ctx.parts["propose"].inputs] == ["", "more letters"]
    assert sorted(route.outputs["thoughts"]) == sorted(set(route.outputs["thoughts"]))


def test_nothing_thought_is_unsolved():
    """Without thoughts there is nothing to transform, and no best."""
    route = run_node(graph_of_thoughts, {"problem": "p"}, letters(propose=lambda given: {"actions": []}))
    assert (route.outcome, route.outputs["best"], route.outputs["thoughts"]) == ("unsolved", "", [])


def test_what_is_attached_has_to_give_a_thought():
    """A part that gives nothing is named."""
    with pytest.raises(NodeError, match="'aggregate' gave None as 'thought'"):
        run_node(graph_of_thoughts, {"problem": "p"}, letters(aggregate=lambda given: {}))
