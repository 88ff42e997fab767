"""memory.case_keep and memory.case_retrieve"""

import asyncio

import pytest

from nodes.contract import NodeError
from nodes.memory.case_keep import case_keep
from nodes.memory.case_retrieve import case_retrieve
from tests.fakes import FakeContext, ListMemory, run_node


def bank(*cases: tuple[str, str, float]) -> ListMemory:
    memory = ListMemory()
    for state, plan, reward in cases:
        run_node(case_keep, {"state": state, "plan": plan, "reward": reward}, FakeContext(memory=memory))
    return memory


def test_what_worked_comes_before_what_is_merely_alike():
    """Reward reorders like cases, and those that failed come apart."""
    memory = bank(
        ("sort a list of numbers", "bubble sort", 0.5),
        ("sort a list of words", "use sorted", 1.0),
        ("sort a list of numbers", "guess the order", 0.0),
    )
    ctx = FakeContext(memory=memory)
    out = run_node(case_retrieve, {"state": "sort a list of numbers"}, ctx, reward=0.5)
    assert [case["data"]["plan"] for case in out["good"]] == ["use sorted", "bubble sort"]
    assert [case["data"]["plan"] for case in out["bad"]] == ["guess the order"]
    first, _, last = out["text"].split("\n\n")
    assert first == "Worked (reward 1)\nState: sort a list of words\nPlan: use sorted"
    assert last.startswith("Failed (reward 0)")
    assert ctx.views[-1]["columns"] == ["state", "plan", "reward", "likeness"]


def test_likeness_alone_can_rank():
    """Without weight on reward the likest state comes first."""
    memory = bank(("sort numbers", "a", 0.6), ("sort words", "b", 1.0))
    out = run_node(case_retrieve, {"state": "sort numbers"}, FakeContext(memory=memory), reward=0)
    assert [case["data"]["plan"] for case in out["good"]] == ["a", "b"]


def test_a_plan_tried_again_counts_its_mean():
    """One record holds all plans of a state; equal plans share a mean reward."""
    memory = bank(("a state", "go left", 1.0), ("a state", "go right", 0.0))
    out = run_node(case_keep, {"state": "A  state", "plan": "go  left", "reward": 0.0}, FakeContext(memory=memory))
    assert (out["reward"], out["attempts"], len(memory.hits)) == (0.5, 2, 1)
    assert memory.hits[out["record"]].data["attempts"][-1] == {"plan": "go  left", "reward": 0.5, "count": 2}


def test_a_case_holds_so_many_plans():
    """The oldest plan goes first."""
    memory = ListMemory()
    for plan in ("one", "two", "three"):
        inputs = {"state": "s", "plan": plan, "reward": 1}
        run_node(case_keep, inputs, FakeContext(memory=memory), max_attempts=2)
    assert [each["plan"] for each in memory.hits["m1"].data["attempts"]] == ["two", "three"]


def test_a_case_is_no_other_record():
    """A record whose text is the state alone stays what it is beside the case."""
    memory = ListMemory()
    asyncio.run(memory.add("a state", kind="note"))
    run_node(case_keep, {"state": "a state", "plan": "p", "reward": 1}, FakeContext(memory=memory))
    assert [hit.kind for hit in memory.hits.values()] == ["note", "case"]


def test_unlike_cases_are_left_out():
    """Nothing alike, nothing said."""
    out = run_node(case_retrieve, {"state": "bake bread"}, FakeContext(memory=bank(("sort numbers", "a", 1))))
    assert out == {"good": [], "bad": [], "text": ""}


@pytest.mark.parametrize("missing", ["state", "plan"])
def test_a_case_needs_state_and_plan(missing: str):
    """An empty part is refused by name."""
    inputs = {"state": "s", "plan": "p", "reward": 1} | {missing: " "}
    with pytest.raises(NodeError, match=f"The {missing} is empty"):
        run_node(case_keep, inputs, FakeContext(memory=ListMemory()))
