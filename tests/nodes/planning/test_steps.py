"""Plans as data."""

import pytest

from nodes.contract import NodeError
from nodes.planning.plan import new_plan
from nodes.planning.steps import needs_of, new_step, problems_of, results_of, steps_of


def test_a_step_without_needs_waits_for_the_one_before():
    """A plain list is a chain; an empty list of needs waits for nothing."""
    steps = [new_step("a", "A"), new_step("b", "B"), new_step("c", "C", needs=[]), new_step("d", "D", needs=["a"])]
    assert needs_of(steps) == {"a": [], "b": ["a"], "c": [], "d": ["a"]}


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ([], "it has no steps"),
        ([{"id": "1"}], "step 1 has no id or no title"),
        ([new_step("1", "A"), new_step("1", "B")], "two steps have the id '1'"),
        ([new_step("1", "A", needs=["9"])], "step 1 needs '9', which is no step"),
        ([new_step("1", "A", needs=["2"]), new_step("2", "B", needs=["1"])], "these steps wait for each other"),
        ([new_step("1", "A", needs=["1"])], "these steps wait for each other: 1 -> 1"),
    ],
)
def test_each_fault_is_said(steps: list[dict[str, object]], problem: str):
    """What keeps a plan from being followed is named, and ends a node that was to follow it."""
    assert problem in "; ".join(problems_of({"steps": steps}))
    with pytest.raises(NodeError, match="cannot be followed"):
        steps_of({"goal": "g", "steps": steps})


def test_a_list_can_be_followed():
    """A plan of "Plan" has no faults, and its steps are copies."""
    plan = new_plan("g", ["A", "B"])
    steps = steps_of(plan)
    assert problems_of(plan) == [] and steps == plan["steps"]
    assert steps[0] is not plan["steps"][0]


def test_results_say_what_failed():
    """Results are numbered for a prompt; nothing done is said in words."""
    done = {**new_step("1", "Ask"), "status": "done", "result": "yes"}
    failed = {**new_step("2", "Buy"), "status": "failed", "result": "sold out"}
    assert results_of([done, failed]) == "1. Ask: yes\n2. Buy: could not be done: sold out"
    assert results_of([]) == "nothing yet"
