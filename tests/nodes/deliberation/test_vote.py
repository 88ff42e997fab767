"""deliberation.vote"""

import pytest

from nodes.contract import AnswerError, NodeError
from nodes.deliberation.vote import vote
from tests.fakes import FakeContext, ScriptedModel, role, run_node


def test_the_majority_outvotes_a_wrong_first_answer():
    """Five samples at a temperature: three right ones win over a wrong first."""
    model = ScriptedModel("Answer: 17", "so 18\nAnswer: 18", "Answer: 18.0", "Answer: 19", "Answer: $18")
    ctx = FakeContext(model=model)
    out = run_node(vote, {"question": "How much?"}, ctx)
    assert (out["answer"], out["agreement"], out["reply"]) == ("18", 0.6, "so 18\nAnswer: 18")
    assert [ballot["choice"] for ballot in out["ballots"]] == ["17", "18", "18.0", "19", "$18".strip("$")]
    assert {call.temperature for call in model.calls} == {0.8}
    assert all("How much?" in call.text for call in model.calls)
    assert ctx.views[-1]["type"] == "ballots" and ctx.views[-1]["winner"] == "18"
    assert len(ctx.views) == 6 and len(ctx.views[0]["ballots"]) == 1
    assert ctx.lines[-1] == "60% for '18'"


def test_attached_roles_vote_once_each():
    """Roles vote instead of copies, each with its persona and its own model."""
    members = [role("Ann", "Answer: yes"), role("Bob", "Answer: no"), role("Cleo", "Answer: No")]
    out = run_node(vote, {"question": "Ship it?"}, FakeContext(roles=members), samples=9)
    assert out["answer"] == "no"
    assert [ballot["voter"] for ballot in out["ballots"]] == ["Ann", "Bob", "Cleo"]
    assert "You are Bob." in members[1].model.calls[0].text  # type: ignore[attr-defined]


def test_open_answers_are_voted_by_similarity():
    """No two programs are the same: the one most like the others wins, whole."""
    model = ScriptedModel("print('hello moon')", "def add(a, b):\n    return a + b", "def add(a, b):\n    return b + a")
    out = run_node(vote, {"question": "add"}, FakeContext(model=model), samples=3, reading="similarity")
    assert out["answer"].startswith("def add")
    assert 0 < out["agreement"] < 1


def test_reading_by_schema_costs_a_second_call():
    """The answer is drawn from each reply by schema."""
    model = ScriptedModel("It is blue.", {"answer": "blue"})
    out = run_node(vote, {"question": "Colour?"}, FakeContext(model=model), samples=1, reading="schema")
    assert out["answer"] == "blue" and len(model.calls) == 2


def test_the_prompt_is_the_designers():
    """Other variables in the prompt are inputs."""
    model = ScriptedModel("Answer: b")
    run_node(vote, {"question": "q", "choices": ["a", "b"]}, FakeContext(model=model), samples=1,
             prompt="{{question}} of {{choices}}")  # fmt: skip
    assert model.calls[0].text == "q of - a\n- b"


def test_who_is_surer_counts_more():
    """Two unsure ballots for one answer weigh less than a sure one; who cannot say how sure it is counts least."""
    ann = role("Ann", "Answer: a", {"confidence": 2})
    bob = role("Bob", "Answer: a", AnswerError("no", text="?"), AnswerError("no", text="?"))
    cleo = role("Cleo", "Answer: b", {"confidence": 9})
    ctx = FakeContext(roles=[ann, bob, cleo])
    out = run_node(vote, {"question": "q"}, ctx, weighted=True)
    assert [each["weight"] for each in ctx.views[-1]["ballots"]] == [2, 1, 9]
    assert (out["answer"], out["agreement"]) == ("b", 0.75)


def test_nothing_asked():
    """An empty question is an error before any call."""
    with pytest.raises(NodeError, match="question is empty"):
        run_node(vote, {"question": " "}, FakeContext())


def test_nothing_answered():
    """Empty replies are an error, whichever way they are read."""
    with pytest.raises(NodeError, match="None of 2 replies"):
        run_node(vote, {"question": "q"}, FakeContext(model=ScriptedModel("", "")), samples=2)
    with pytest.raises(NodeError, match="All 2 replies are empty"):
        run_node(vote, {"question": "q"}, FakeContext(model=ScriptedModel("", "")), samples=2, reading="similarity")


def test_a_failing_voter_fails_the_vote():
    """What the model cannot do is not swallowed."""
    model = ScriptedModel("Answer: 1", NodeError("The model is gone", mend="Start it."))
    with pytest.raises(NodeError, match="model is gone"):
        run_node(vote, {"question": "q"}, FakeContext(model=model), samples=2)


def test_answers_made_elsewhere_are_counted_not_asked_for():
    """The majority of wired answers wins, whatever made them, without a model call."""
    model = ScriptedModel()
    answers = ["Answer: 7", "I think\nAnswer: 8", "Answer: 8.0"]
    out = run_node(vote, {"question": "How many?", "answers": answers}, FakeContext(model=model))
    assert (out["answer"], out["reply"]) == ("8", "I think\nAnswer: 8")
    assert [ballot["voter"] for ballot in out["ballots"]] == ["answer 1", "answer 2", "answer 3"]
    assert model.calls == []


def test_no_wired_answers_is_said():
    """An empty list cannot be voted over."""
    with pytest.raises(NodeError, match="no answers to vote over"):
        run_node(vote, {"question": "How many?", "answers": []}, FakeContext())
