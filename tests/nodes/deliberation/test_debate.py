"""deliberation.debate"""

import pytest

from nodes.contract import NodeError
from nodes.deliberation.debate import debate
from tests.fakes import FakeContext, ScriptedModel, role, run_node


def test_members_mend_their_answers_by_reading_each_other():
    """Alone only one is right; having read its argument, another comes over, and the majority is right."""
    ann, bob, cleo = role("Ann", "A 3\nAnswer: 3", "Answer: 4"), role("Bob", "because 2+2\nAnswer: 4", "Answer: 4"), \
        role("Cleo", "Answer: 5", "Answer: 5")  # fmt: skip
    ctx = FakeContext(roles=[ann, bob, cleo])
    out = run_node(debate, {"question": "2+2?"}, ctx)
    assert (out["answer"], out["agreement"], out["baseline"]) == ("4", pytest.approx(2 / 3), {})
    second = ann.model.calls[1]  # type: ignore[attr-defined]
    assert "because 2+2" in second.text and "Answer: 5" in second.text
    assert second.messages[-2] == {"role": "assistant", "content": "A 3\nAnswer: 3"}
    assert "A 3" not in second.messages[-1]["content"]
    assert [(said["round"], said["speaker"], said["answer"]) for said in out["rounds"]][3:] == [
        (2, "Ann", "4"), (2, "Bob", "4"), (2, "Cleo", "5"),
    ]  # fmt: skip
    view = ctx.views[-1]
    assert view["type"] == "debate" and len(view["rounds"]) == 2 and view["verdict"] == "4 (67% of the members)"


def test_consensus_ends_it_early():
    """Where all agree after the first round, nobody is asked again."""
    model = ScriptedModel("Answer: 4", "Answer: 4.0", "Answer: 4")
    out = run_node(debate, {"question": "2+2?"}, FakeContext(model=model), rounds=5)
    assert out["agreement"] == 1 and len(model.calls) == 3
    assert {call.temperature for call in model.calls} == {0.7}


def test_consensus_may_be_put_to_the_test():
    """Without the early stop every round is held."""
    model = ScriptedModel(*["Answer: 4"] * 4)
    run_node(debate, {"question": "2+2?"}, FakeContext(model=model), members=2, stop_at_consensus=False)
    assert len(model.calls) == 4


def test_the_attached_judge_decides_where_they_differ():
    """A judge reads the last answers and overrules the majority; an agreed answer is not put to it."""
    judge = ScriptedModel("Answer: 4")
    members = [role("Ann", "Answer: 5"), role("Bob", "Answer: 4"), role("Cleo", "Answer: 5")]
    ctx = FakeContext(roles=members, at={"judge": [judge]})
    out = run_node(debate, {"question": "2+2?"}, ctx, rounds=1)
    assert out["answer"] == "4" and out["agreement"] == pytest.approx(1 / 3)
    assert "Cleo:\nAnswer: 5" in judge.calls[0].text
    assert ctx.views[-1]["verdict"] == "4 (the judge)"
    agreed = [role("Ann", "Answer: 4"), role("Bob", "Answer: 4")]
    run_node(debate, {"question": "2+2?"}, FakeContext(roles=agreed, at={"judge": [judge]}))
    assert len(judge.calls) == 1


def test_the_baseline_costs_exactly_as_many_calls():
    """Beside the debate a vote is held over as many samples as it took calls, early stop included."""
    model = ScriptedModel(*["Answer: 5", "Answer: 4"] * 2, *["Answer: 4"] * 3, "Answer: 5")
    ctx = FakeContext(model=model)
    out = run_node(debate, {"question": "2+2?"}, ctx, members=2, baseline=True)
    assert out["baseline"] == {"answer": "4", "agreement": 0.75, "calls": 4}
    assert len(model.calls) == 8
    assert all(len(call.messages) == 1 for call in model.calls[4:])
    assert "a vote with 4 calls: 4" in ctx.views[-1]["verdict"]


def test_a_member_without_an_answer_counts_against_agreement():
    """What cannot be read is no vote."""
    model = ScriptedModel("no idea at all", "Answer: 7", "", "")
    with pytest.raises(NodeError, match="None of 2 replies"):
        run_node(debate, {"question": "q"}, FakeContext(model=model), members=2, reading="last_number")
    model = ScriptedModel("no idea at all", "Answer: 7")
    out = run_node(debate, {"question": "q"}, FakeContext(model=model), members=2, rounds=1, reading="last_number")
    assert (out["answer"], out["agreement"]) == ("7", 0.5)


def test_nothing_to_debate():
    """An empty question is an error before any call."""
    with pytest.raises(NodeError, match="question is empty"):
        run_node(debate, {"question": ""}, FakeContext())
