"""deliberation.behaviour_consensus"""

import pytest

from nodes.contract import NodeError
from nodes.deliberation.behaviour_consensus import behaviour_consensus
from tests.fakes import FakeContext, ScriptedModel, run_node

WRONG = "def add(a, b):\n    return a - b"
RIGHT = "def add(a, b):\n    return a + b"
RIGHT_TOO = "def add(x, y):\n    return sum([y, x])"
BROKEN = "def add(a, b):\n    return a +"
CALLS = ["add(1, 2)", "add(0, 0)", "add('a', 'b')", "add(-1, 5)"]


def test_the_program_that_behaves_like_the_others_wins():
    """A wrong and a broken program lose to two that are written differently and do the same."""
    ctx = FakeContext()
    out = run_node(
        behaviour_consensus, {"task": "add", "programs": [WRONG, BROKEN, RIGHT_TOO, RIGHT], "calls": CALLS}, ctx
    )
    assert out["program"] == RIGHT and not ctx.model.calls  # both agree alike, but RIGHT_TOO fails on text
    # with RIGHT_TOO it shares 3 of 4 results, with WRONG 1 (0 - 0), with BROKEN none
    assert out["agreement"] == pytest.approx((3 + 1 + 0) / 12)
    assert [each["results"][0] for each in out["results"][2:]] == ["3", "3"]
    assert out["results"][1]["similarity"] == 0 and out["results"][1]["results"][0].startswith("failed: ")
    view = ctx.views[-1]
    assert view["columns"][4] == "program 4 (wins)" and view["rows"][-1][0] == "similarity"


def test_failing_alike_is_no_agreement():
    """Two programs that both fail do not outvote one that works."""
    out = run_node(behaviour_consensus, {"task": "add", "programs": [BROKEN, BROKEN, RIGHT], "calls": CALLS[:1]})
    assert out["program"] == RIGHT and out["agreement"] == 0


def test_programs_and_calls_are_the_models_where_none_are_wired():
    """The model writes the candidates, fenced, and the calls; what is no expression is left out."""
    fenced = f"Here it is:\n```python\n{RIGHT}\n```\nDone."
    model = ScriptedModel(fenced, f"```python\n{WRONG}\n```", fenced,
                          {"calls": ["add(2, 3)", "add(2, 3)", "x = add(1, 1)", "add(4, 4)", "add(9, 9)"]})  # fmt: skip
    out = run_node(behaviour_consensus, {"task": "add"}, FakeContext(model=model), samples=3, cases=4)
    assert out["program"] == RIGHT and out["agreement"] == 0.5
    assert out["results"][0]["results"] == ["5", "8"]


def test_a_single_program_is_taken():
    """One candidate has nobody to agree with: its agreement is the share of calls it ran."""
    out = run_node(behaviour_consensus, {"task": "", "programs": [RIGHT], "calls": ["add(1, 2)", "add(1, None)"]})
    assert (out["program"], out["agreement"]) == (RIGHT, 0.5)


def test_an_endless_program_is_stopped():
    """A call that takes too long counts as failed."""
    endless = "def add(a, b):\n    while True:\n        pass"
    out = run_node(behaviour_consensus, {"task": "", "programs": [endless, RIGHT], "calls": ["add(1, 2)"]}, seconds=0.2)
    assert out["program"] == RIGHT and "longer than 0.2 s" in out["results"][0]["results"][0]


def test_nothing_to_go_by():
    """No task, no calls: errors that say so."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(behaviour_consensus, {"task": " "})
    with pytest.raises(NodeError, match="None of the calls is a Python expression"):
        run_node(behaviour_consensus, {"task": "", "programs": [RIGHT], "calls": ["add(", "x = 1"]})
