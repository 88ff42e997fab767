"""reflection.policy_rewrite"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.reflection.policy_rewrite import policy_rewrite
from tests.fakes import FakeContext, FakeSubworkflow, ListMemory, ScriptedModel, run_node

SCORES = {"Bet always.": 1.0, "Bet on aces.": 3.0, "Fold always.": 0.0, "Bet on kings.": 3.0}
EPISODE = {"episode": "I bet on a two and lost.", "outcome": "-5"}


def rewrite(
    memory: ListMemory, *said: str, policy: str = "", scored: bool = True, **config: Any
) -> tuple[Any, FakeContext]:
    evaluate = FakeSubworkflow(lambda inputs: {"score": SCORES[inputs["policy"]]})
    ctx = FakeContext(model=ScriptedModel(*said), memory=memory, parts={"evaluate": evaluate} if scored else {})
    return run_node(policy_rewrite, {**EPISODE, "policy": policy}, ctx, **config), ctx


def test_a_better_policy_is_kept():
    """It is one record, with its version, its score and what it replaced."""
    memory = ListMemory()
    result, ctx = rewrite(memory, "Weak hands lose.", "Bet on aces.", policy="Bet always.")
    assert result.outcome == "kept"
    assert result.outputs == {"policy": "Bet on aces.", "version": 2, "analysis": "Weak hands lose."}
    [record] = memory.hits.values()
    assert record.kind == "policy" and record.data["score"] == 3
    assert record.data["earlier"] == [{"version": 1, "policy": "Bet always.", "score": 1}]
    assert "Bet always." in ctx.model.calls[0].text and "How it ended: -5" in ctx.model.calls[0].text
    assert [each["score"] for each in ctx.views[-1]["versions"]] == [1, 3]


def test_a_worse_policy_is_rejected():
    """The policy in force stays, in the memory too, and is not scored again."""
    memory = ListMemory()
    result, _ = rewrite(memory, "Losing is bad.", "Fold always.", policy="Bet on aces.")
    assert (result.outcome, result.outputs["policy"], result.outputs["version"]) == ("rejected", "Bet on aces.", 1)
    _, ctx = rewrite(memory, "Losing is bad.", "Fold always.", policy="ignored")
    assert ctx.parts["evaluate"].inputs == [{"policy": "Fold always."}]
    assert [hit.data["version"] for hit in memory.hits.values()] == [1]


def test_an_equal_score_is_enough_where_the_setting_says():
    """Not worse is kept then; the same text never is."""
    memory = ListMemory()
    assert rewrite(memory, "a", "Bet on kings.", policy="Bet on aces.")[0].outcome == "rejected"
    assert rewrite(memory, "a", "Bet on kings.", keep="not_worse")[0].outcome == "kept"
    assert rewrite(memory, "a", "bet  on kings.", scored=False)[0].outcome == "rejected"


def test_variants_are_tried_until_one_is_kept():
    """A rejected variant is told to the model before the next."""
    result, ctx = rewrite(
        ListMemory(), "a", "Fold always.", "b", "Bet on aces.", policy="Bet always.", variants=3
    )  # fmt: skip
    assert (result.outcome, result.outputs["analysis"]) == ("kept", "b")
    assert "These new policies were no better:\nFold always." in ctx.model.calls[2].text


def test_versions_count_up_and_are_bounded():
    """The oldest versions fall out; each name is a policy of its own."""
    memory = ListMemory()
    for text in ("Bet always.", "Bet on aces.", "Fold always."):
        result, _ = rewrite(memory, "a", text, scored=False, versions=1)
    assert result.outputs["version"] == 3
    assert [each["version"] for each in memory.hits["m1"].data["earlier"]] == [2]
    other, _ = rewrite(memory, "a", "Bet always.", scored=False, name="other")
    assert (other.outputs["version"], len(memory.hits)) == (1, 2)


def test_without_an_evaluation_it_is_kept_unproven():
    """The first policy may be written from nothing."""
    memory = ListMemory()
    result, ctx = rewrite(memory, "No rule yet.", "Bet on aces.", scored=False)
    assert result.outcome == "kept" and memory.hits["m1"].data["score"] is None
    assert "none yet" in ctx.model.calls[0].text and "score unknown over unknown" in ctx.lines[0]


def test_a_memory_and_a_policy_are_needed():
    """Without a memory there is no standing policy; an empty one is tried again."""
    with pytest.raises(NodeError, match="No memory is attached"):
        run_node(policy_rewrite, EPISODE)
    with pytest.raises(NodeError, match="empty policy"):
        rewrite(ListMemory(), "a", " ")
