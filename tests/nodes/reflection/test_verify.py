"""reflection.verify_by_test, verify_by_condition and verify_by_model"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.reflection.verify_by_condition import verify_by_condition
from nodes.reflection.verify_by_model import verify_by_model
from nodes.reflection.verify_by_test import verify_by_test
from tests.fakes import FakeContext, ModelCall, ScriptedModel, run_node

RIGHT = "Here it is:\n```python\ndef double(n):\n    return n * 2\n```\nDone."
WRONG = "def double(n):\n    print('at', n)\n    return n + 2"
TESTS = "assert double(2) == 4\nassert double(3) == 6, 'three'"


def test_a_right_program_passes():
    """Code is taken out of its fence and passes every test."""
    result = run_node(verify_by_test, {"program": RIGHT, "tests": TESTS})
    assert result.outcome == "passed"
    assert result.outputs == {
        "report": "", "failing": "", "score": 1, "program": "def double(n):\n    return n * 2",
    }  # fmt: skip


def test_the_failing_test_is_named():
    """A wrong program fails with the test, its error and what was printed; the others still count."""
    ctx = FakeContext()
    result = run_node(verify_by_test, {"program": WRONG, "tests": TESTS}, ctx)
    assert result.outcome == "failed"
    assert result.outputs["failing"] == "assert double(3) == 6, 'three'"
    assert "AssertionError: three" in result.outputs["report"] and "It printed: at 3" in result.outputs["report"]
    assert result.outputs["score"] == 0.5
    assert [row[1] for row in ctx.views[-1]["rows"]] == [True, False]


def test_one_hanging_test_stops_no_other():
    """A loop without end fails its own test alone, within its time."""
    tests = ["while True: pass", "double(2) == 4", "double(2) == 5"]
    result = run_node(verify_by_test, {"program": RIGHT, "tests": tests}, seconds=1)
    assert result.outputs["score"] == pytest.approx(1 / 3)
    assert "longer than 1 s" in result.outputs["report"] and "last line is False" in result.outputs["report"]


def test_tests_of_several_lines_are_parted_by_empty_lines():
    """A test may prepare something first."""
    tests = "x = double(4)\nassert x == 8\n\nassert double(1) == 2"
    assert run_node(verify_by_test, {"program": RIGHT, "tests": tests}).outputs["score"] == 1


@pytest.mark.parametrize(("program", "tests", "missing"), [(" ", TESTS, "program"), (RIGHT, [], "test")])
def test_program_and_tests_are_needed(program: str, tests: Any, missing: str):
    """Nothing passes by default."""
    with pytest.raises(NodeError, match=f"no {missing} to run"):
        run_node(verify_by_test, {"program": program, "tests": tests})


CHECKS = [
    {"condition": "value.total == other.total", "hint": "The totals differ."},
    {"condition": "size(value.items) <= 3"},
    {"condition": "visit < 3 && state.open"},
]


def check(value: Any, **inputs: Any) -> Any:
    given = {"value": value, "other": {"total": 5}, "state": {"open": True}, **inputs}
    return run_node(verify_by_condition, given, checks=CHECKS)


def test_all_conditions_hold():
    """Value, the other value, state and visit can be read."""
    result = check({"total": 5, "items": [1]})
    assert (result.outcome, result.outputs) == ("passed", {"report": "", "failed": [], "score": 1})


def test_what_fails_is_told_with_its_hint():
    """The hint where there is one, else the condition; a missing entry has failed."""
    result = check({"total": 6, "items": [1, 2, 3, 4]})
    assert result.outcome == "failed"
    assert result.outputs["report"] == "- The totals differ.\n- size(value.items) <= 3 is false"
    missing = check({"total": 5})
    assert missing.outputs["failed"] == ["size(value.items) <= 3"] and "items" in missing.outputs["report"]
    assert missing.outputs["score"] == pytest.approx(2 / 3)


def test_the_default_check_refuses_nothing_at_all():
    """A node just dropped says that the value is empty."""
    assert run_node(verify_by_condition, {"value": ""}).outputs["report"] == "- The value is empty."
    assert run_node(verify_by_condition, {"value": "x"}).outcome == "passed"


def test_a_condition_that_cannot_be_read_is_refused():
    """Before the run, with its position."""
    with pytest.raises(ValueError, match="line 1"):
        verify_by_condition.config.model_validate({"checks": [{"condition": "value >"}]})


def answer(call: ModelCall) -> str:
    return "It adds the tax.\nYES" if "tax" in call.text.split("Question:")[1] else "1 + 1 is not 3.\n**No.**"


def test_each_question_is_answered_alone_and_all_must_be_yes():
    """The one answered no is reported with why; no question sees another."""
    model = ScriptedModel(answer, answer)
    ctx = FakeContext(model=model)
    asked = ["Is the tax in it?", "Is the sum right?"]
    result = run_node(verify_by_model, {"value": "3", "task": "bill"}, ctx, questions=asked)
    assert result.outcome == "failed"
    assert result.outputs["report"] == "Is the sum right? No.\n1 + 1 is not 3."
    assert result.outputs["score"] == 0.5
    assert all(("tax" in call.text) != ("sum" in call.text) for call in model.calls)
    assert ctx.views[-1]["rows"][0] == ["Is the tax in it?", True, "It adds the tax."]
    model = ScriptedModel(answer, answer)
    assert (
        run_node(verify_by_model, {"value": "3"}, FakeContext(model=model), questions=asked, share=0.5).outcome
        == "passed"
    )


def test_questions_can_be_made_from_the_task():
    """Without a checklist the model writes one, as long as the setting says."""
    model = ScriptedModel({"questions": ["tax?", "sum?", "more?"]}, "YES", "YES")
    result = run_node(verify_by_model, {"value": "3", "task": "bill"}, FakeContext(model=model), made=2)
    assert result.outcome == "passed" and len(model.calls) == 3
    with pytest.raises(NodeError, match="no task to write them for"):
        run_node(verify_by_model, {"value": "3"})


def test_an_answer_without_a_last_word_is_asked_for_it():
    """Prose that does not end with yes or no is put into the form."""
    model = ScriptedModel("No doubt the sum is right, as I see it", {"answer": "yes"})
    result = run_node(verify_by_model, {"value": "3"}, FakeContext(model=model), questions=["right?"])
    assert result.outcome == "passed" and result.outputs["answers"][0]["why"].startswith("No doubt")


def test_an_empty_answer_is_refused():
    """There is nothing to verify in nothing."""
    with pytest.raises(NodeError, match="answer is empty"):
        run_node(verify_by_model, {"value": " "})
