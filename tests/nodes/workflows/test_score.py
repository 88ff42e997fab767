"""workflows.score and its checks"""

from typing import Any

import pytest

from nodes.contract import NodeError, WorkflowResult
from nodes.workflows.checks import Check, right
from nodes.workflows.score import score
from tests.fakes import FakeContext, run_node
from tests.nodes.workflows.shop import Shop, workflow


@pytest.mark.parametrize(
    ("check", "answer", "expected", "passes"),
    [
        ("exact", " Paris. ", "paris", True), ("exact", "It is Paris", "Paris", False),
        ("contains", "It is  Paris!", "paris", True), ("contains", "Rome", "Paris", False),
        ("number", "12 apples, so 1,234.50", 1234.5, True), ("number", "#### 7", "so #### 7", True),
        ("number", "none", 3, False), ("number", "-3", 3, False),
        ("cel", "abc", 3, True), ("cel", "ab", 3, False),
    ],
)  # fmt: skip
def test_checks(check: Check, answer: Any, expected: Any, passes: bool):
    """Each check holds an answer against what is expected in its way."""
    assert right(answer, expected, check, "size(answer) == expected") is passes


def test_number_check_needs_a_number():
    """An expectation without a number cannot be checked as one."""
    with pytest.raises(NodeError, match="'many' has no number"):
        right("3", "many", "number", "")


def test_counts_what_is_right():
    """Right, wrong and failed examples are told apart, in the order of the examples."""

    def answer(document: Any, inputs: Any) -> Any:
        return WorkflowResult("failed", {}, "no model") if inputs["task"] == "c" else f"It is {inputs['task']}"

    examples = [
        {"task": "a", "expected": "a"},
        {"inputs": {"task": "b"}, "expected": "x"},
        {"task": "c", "expected": "c"},
    ]
    ctx = FakeContext(shop=Shop(answer))
    result = run_node(score, {"workflow": workflow(), "examples": examples}, ctx)
    assert result["score"] == pytest.approx(1 / 3)
    assert [each["right"] for each in result["results"]] == [True, False, False]
    assert result["tokens"] == 20 and "no model" in result["mistakes"] and "Expected: x" in result["mistakes"]
    assert ctx.views[-1]["title"] == "1 of 3 right"


def test_a_named_output_and_a_bound():
    """The output can be named, and only so many examples are run."""
    shop = Shop(lambda document, inputs: WorkflowResult("done", {"text": "x", "number": 7}))
    inputs = {"workflow": workflow(), "examples": [{"task": "a", "expected": 7}] * 5}
    result = run_node(score, inputs, FakeContext(shop=shop), output="number", check="number", max_examples=2)
    assert (result["score"], len(shop.runs)) == (1, 2)


@pytest.mark.parametrize(("examples", "match"), [([], "no examples"), ([{"task": "a"}], "Example 1 has no expected")])
def test_examples_are_needed(examples: list[Any], match: str):
    """Without examples, or without an expectation, there is nothing to count."""
    with pytest.raises(NodeError, match=match):
        run_node(score, {"workflow": workflow(), "examples": examples}, FakeContext(shop=Shop()))
