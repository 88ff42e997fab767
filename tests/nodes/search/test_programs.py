"""search.programs"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.search.programs import programs
from tests.fakes import FakeContext, FakeSubworkflow, ScriptedModel, run_node

TESTS = ["assert double(2) == 4", "assert double(0) == 0", "assert double(-1) == -2"]
RIGHT = "def double(x):\n    return 2 * x"
SQUARE = "def double(x):\n    return x * x"
BROKEN = "def double(x):\n    return x +"


def test_errors_lead_to_the_program_that_passes():
    """The strategy that passes most is mended, told what failed, until every test passes."""
    model = ScriptedModel(
        {"steps": ["add", "square"]},
        f"```python\n{BROKEN}\n```",
        SQUARE,
        f"Here it is:\n```python\n{RIGHT}\n```",
        BROKEN,
    )
    ctx = FakeContext(model=model)
    route = run_node(programs, {"problem": "Double a number", "tests": TESTS}, ctx, width=2, fixes=2)
    assert (route.outcome, route.outputs["program"], route.outputs["value"]) == ("solved", RIGHT, 1.0)
    assert route.outputs["expanded"] == 2 and route.outputs["feedback"] == ""
    assert "square" in model.calls[2].text
    assert "return x * x" in model.calls[3].text and "assert double(-1) == -2\nAssertionError" in model.calls[3].text
    assert [node["status"] for node in ctx.views[-1]["nodes"]] == ["expanded", "open", "expanded", "solution"]


def test_without_tests_running_is_the_signal():
    """A program that raises is mended; one that runs to its end is a solution."""
    model = ScriptedModel("print(1 / 0)", "print(1)")
    route = run_node(programs, {"problem": "Print one"}, FakeContext(model=model), width=1, fixes=1)
    assert (route.outcome, route.outputs["program"]) == ("solved", "print(1)")
    assert "ZeroDivisionError" in model.calls[1].text


def test_the_budget_ends_it_with_the_best():
    """Out of programs, the one that passes most is given, with what is wrong with it."""
    part = FakeSubworkflow(lambda given: {"programs": [SQUARE, BROKEN, RIGHT]})
    ctx = FakeContext(parts={"propose": part})
    route = run_node(programs, {"problem": "Double", "tests": "\n".join(TESTS)}, ctx, width=2, programs=2)
    assert (route.outcome, route.outputs["program"]) == ("unsolved", SQUARE)
    assert route.outputs["value"] == pytest.approx(2 / 3)
    assert route.outputs["feedback"].startswith("assert double(-1) == -2")
    assert part.inputs == [{"problem": "Double", "program": "", "feedback": "", "count": 2}]


def test_depth_is_a_limit():
    """Programs at the greatest depth are not mended."""
    part = FakeSubworkflow(lambda given: {"programs": [SQUARE]})
    route = run_node(programs, {"problem": "D", "tests": TESTS}, FakeContext(parts={"propose": part}), depth=1)
    assert route.outcome == "unsolved" and len(part.inputs) == 1


def test_the_same_program_is_run_once():
    """A repeated program is left out but counts against the budget; an empty one is no program."""
    part = FakeSubworkflow(lambda given: {"programs": [SQUARE, SQUARE, " "]})
    ctx = FakeContext(parts={"propose": part})
    route = run_node(programs, {"problem": "D", "tests": TESTS}, ctx, programs=6)
    assert len(ctx.views[-1]["nodes"]) == 2 and route.outcome == "unsolved"


def test_what_writes_programs_has_to_give_a_list():
    """A part that gives something else is named."""
    said: dict[str, Any] = {"programs": "x = 1"}
    with pytest.raises(NodeError, match="'propose' gave 'x = 1' as 'programs'"):
        run_node(programs, {"problem": "D"}, FakeContext(parts={"propose": FakeSubworkflow(lambda given: said)}))


def test_a_shorter_way_to_a_program_replaces_the_longer():
    """A program on the frontier that is written again nearer to the start is mended from there."""
    best, other, middling, worst = "a = b = 1\nc = 0", "a = c = 1\nb = 0", "a = 1\nb = c = 0", "a = b = c = 0"
    follow = {"": [best, middling], best: [other], other: [worst], middling: [worst]}
    part = FakeSubworkflow(lambda given: {"programs": follow.get(given["program"], [])})
    tests = ["assert a", "assert b", "assert c"]
    ctx = FakeContext(parts={"propose": part})
    route = run_node(programs, {"problem": "D", "tests": tests}, ctx, depth=9, width=2)
    assert [given["program"] for given in part.inputs] == ["", best, other, middling, worst]
    assert [node["status"] for node in ctx.views[-1]["nodes"]].count("pruned") == 1
    assert (route.outcome, route.outputs["program"]) == ("unsolved", best)
