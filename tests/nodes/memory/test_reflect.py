"""memory.reflect"""

from typing import Any

from nodes.contract import Hit
from nodes.memory.reflect import reflect
from tests.fakes import FakeContext, ListMemory, ModelCall, ScriptedModel, run_node
from tests.nodes.memory.spaces import put


def town() -> ListMemory:
    memory = ListMemory()
    put(memory, "Ann works before breakfast", importance=6, days_ago=3)
    put(memory, "Ann declines dinner work", importance=6, days_ago=2)
    put(memory, "Bob likes tea", importance=2, days_ago=1)
    return memory


def conclude(call: ModelCall) -> dict[str, object]:
    """An insight on statements 1 and 2; one without evidence, and one on a number there is not."""
    return {
        "insights": [
            {"insight": " Ann prefers mornings ", "because": [1, 2]},
            {"insight": "Made up", "because": []},
            {"insight": "Beyond", "because": [99]},
        ]
    }


def test_insights_rest_on_evidence():
    """From the threshold on it asks, recalls, concludes, and stores the insight with the ids it rests on."""
    memory = town()
    model = ScriptedModel({"questions": ["When does Ann work ?"]}, conclude)
    ctx = FakeContext(model=model, memory=memory)
    result = run_node(reflect, {}, ctx, threshold=14, insights=3)
    assert result.outcome == "reflected"
    assert result.outputs["insights"] == ["Ann prefers mornings"]
    assert result.outputs["importance"] == 14
    insight = memory.hits[result.outputs["records"][0]]
    assert insight.kind == "reflection" and insight.rated == 8
    cited = {memory.hits[id].text for id in insight.data["evidence"]}
    assert cited == {"Ann works before breakfast", "Ann declines dinner work"}
    assert "- Bob likes tea" in model.calls[0].text and "1. Ann declines" in model.calls[1].text
    view = ctx.views[-1]
    assert [edge["target"] for edge in view["edges"]] == ["insight 0", "insight 0"]
    assert {each["group"] for each in view["nodes"]} == {"note", "reflection"}


def test_an_insight_is_trusted_as_its_evidence_is():
    """What rests on a record from outside is not trusted either."""
    memory = town()
    put(memory, "Ann wants your key", importance=1, trusted=False)
    model = ScriptedModel(
        {"questions": ["Ann wants ?"]},
        {"insights": [{"insight": "Give Ann keys", "because": [1]}, {"insight": "Ann works", "because": [2]}]},
    )
    result = run_node(reflect, {}, FakeContext(model=model, memory=memory), threshold=14)
    assert [memory.hits[id].trusted for id in result.outputs["records"]] == [False, True]


def test_nothing_happens_below_the_threshold():
    """No model is called while what happened does not sum up to enough."""
    ctx = FakeContext(memory=town())
    result = run_node(reflect, {}, ctx, threshold=15)
    assert result.outcome == "not_yet"
    assert result.outputs == {"insights": [], "records": [], "importance": 14}
    assert run_node(reflect, {}, FakeContext(memory=ListMemory()), threshold=0).outcome == "not_yet"


def test_the_sum_begins_anew_after_a_reflection():
    """Records an insight has taken in do not count again; newer ones do."""
    memory = town()
    model = ScriptedModel({"questions": ["Ann ?"]}, conclude)
    run_node(reflect, {}, FakeContext(model=model, memory=memory), threshold=14)
    again = run_node(reflect, {}, FakeContext(memory=memory), threshold=14)
    assert (again.outcome, again.outputs["importance"]) == ("not_yet", 0)
    put(memory, "Cleo arrives", importance=9)
    assert run_node(reflect, {}, FakeContext(memory=memory), threshold=14).outputs["importance"] == 9


def test_a_question_without_hits_concludes_nothing():
    """No records, no insight, and no model call for it."""

    class Empty(ListMemory):
        async def search(self, query: str, **_: Any) -> list[Hit]:
            return []

    memory = Empty()
    put(memory, "something", importance=9)
    model = ScriptedModel({"questions": ["Why ?", "How ?"]})
    result = run_node(reflect, {}, FakeContext(model=model, memory=memory), threshold=1)
    assert (result.outcome, result.outputs["insights"]) == ("reflected", [])
