"""deliberation.judge"""

import pytest

from nodes.contract import AnswerError, NodeError
from nodes.deliberation.judge import judge
from tests.fakes import FakeContext, ScriptedModel, run_node

RUBRIC = [
    {"name": "right", "description": "The sum is right.", "weight": 3},
    {"name": "short", "description": "No word too much.", "weight": 1},
]


def test_reasons_come_first_and_weights_count():
    """The judge writes prose before it scores, and the weighted mean decides: (3 x 9 + 1 x 3) / 4 = 7.5 passes."""
    model = ScriptedModel("The sum holds, but it rambles.", {"right": 9, "short": 3})
    ctx = FakeContext(model=model)
    out = run_node(judge, {"candidate": "17 + 26 = 43, you see"}, ctx, criteria=RUBRIC)
    assert (out.outcome, out.outputs["score"]) == ("pass", 7.5)
    assert out.outputs["reasons"] == "The sum holds, but it rambles."
    assert model.calls[0].schema is None and "right: The sum is right." in model.calls[0].text
    assert "it rambles" in model.calls[1].text
    assert ctx.views[-1]["rows"] == [["right", 3.0, 9], ["short", 1.0, 3], ["weighted mean", "", 7.5]]


def test_the_task_is_solved_before_the_candidate_is_seen():
    """With a task the judge has a solution of its own to compare with, unless that is turned off."""
    model = ScriptedModel("43", "The candidate says 45, it is 43.", {"right": 1, "short": 9})
    out = run_node(judge, {"candidate": "45", "task": "17 + 26"}, FakeContext(model=model), criteria=RUBRIC)
    assert out.outcome == "fail"
    assert "45" not in model.calls[0].text and "compare with (it may be wrong too):\n43" in model.calls[1].text
    model = ScriptedModel("fine", {"right": 9, "short": 9})
    run_node(
        judge, {"candidate": "45", "task": "17 + 26"}, FakeContext(model=model), criteria=RUBRIC, solve_first=False
    )
    assert len(model.calls) == 2 and "Task:\n17 + 26" in model.calls[0].text


def test_below_the_threshold_it_fails():
    """The same scores fail a higher threshold."""
    model = ScriptedModel("so so", {"right": 9, "short": 3})
    assert run_node(judge, {"candidate": "x"}, FakeContext(model=model), criteria=RUBRIC, threshold=8).outcome == "fail"


def test_scores_that_do_not_fit_are_asked_for_again():
    """A score out of bounds is refused once; twice is an error."""
    model = ScriptedModel("good", {"right": 11, "short": 3}, {"right": 10, "short": 10})
    assert run_node(judge, {"candidate": "x"}, FakeContext(model=model), criteria=RUBRIC).outputs["score"] == 10
    broken = ScriptedModel("good", {"right": 11}, {"right": 0})
    with pytest.raises(AnswerError, match="right"):
        run_node(judge, {"candidate": "x"}, FakeContext(model=broken), criteria=RUBRIC)


def test_nothing_to_judge():
    """An empty candidate is an error; two criteria of one name are refused."""
    with pytest.raises(NodeError, match="candidate is empty"):
        run_node(judge, {"candidate": ""})
    with pytest.raises(ValueError, match="two criteria have the same name"):
        run_node(judge, {"candidate": "x"}, criteria=[RUBRIC[0], RUBRIC[0]])
