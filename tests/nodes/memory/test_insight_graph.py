"""memory.insight_graph_add and memory.insight_graph_recall"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.memory.insight_graph_add import insight_graph_add
from nodes.memory.insight_graph_recall import insight_graph_recall
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node


def add(
    memory: ListMemory, task: str, steps: str, *insights: str, **inputs: Any
) -> tuple[dict[str, Any], ScriptedModel]:
    model = ScriptedModel(steps, {"insights": list(insights)})
    given = {"task": task, "transcript": "a long talk", **inputs}
    return run_node(insight_graph_add, given, FakeContext(model=model, memory=memory)), model


def graph() -> ListMemory:
    """heat water - heat soup - serve soup: a chain of like tasks, the ends of which are unlike."""
    memory = ListMemory()
    add(memory, "heat water", "Ann lit the stove.", "Look for the stove first", succeeded=True)
    add(memory, "heat soup", "Bob took a pot.", "Look for the stove first", "Take a pot", succeeded=True)
    add(memory, "serve soup", "Cleo forgot plates.", "Count the plates", succeeded=False)
    return memory


def test_hops_reach_insights_that_no_likeness_would():
    """From a task like the last one, two hops reach the first; the insight two queries support stands first."""
    memory = graph()
    ctx = FakeContext(memory=memory)
    out = run_node(insight_graph_recall, {"task": "serve dinner"}, ctx, top_k=1, hops=2)
    assert out["insights"][0]["text"] == "Look for the stove first" and out["insights"][0]["support"] == 2
    assert {hit["text"] for hit in out["insights"]} == {"Look for the stove first", "Take a pot", "Count the plates"}
    assert [hit["text"] for hit in out["interactions"]] == ["serve soup (not solved):\nCleo forgot plates."]
    assert "serve soup (not solved):\nCleo forgot plates." in out["text"]
    near = run_node(insight_graph_recall, {"task": "serve dinner"}, ctx, top_k=1, hops=0)
    assert [hit["text"] for hit in near["insights"]] == ["Count the plates"]


def test_the_view_has_three_tiers():
    """Queries, insights and interactions, each link once."""
    ctx = FakeContext(memory=graph())
    run_node(insight_graph_recall, {"task": "heat soup"}, ctx, top_k=3, interactions=3)
    view = ctx.views[-1]
    assert {each["group"] for each in view["nodes"]} == {"query", "insight", "interaction"}
    similar = [edge for edge in view["edges"] if edge["label"] == "similar"]
    assert len(similar) == 2


def test_an_insight_is_there_once_with_its_supporters():
    """The same insight from two episodes is one record, more important than before."""
    memory = graph()
    [insight] = [hit for hit in memory.hits.values() if hit.text == "Look for the stove first"]
    assert len(insight.data["queries"]) == 2 and insight.rated == 7


def test_a_task_done_again_is_one_query():
    """Its interactions gather under it, the newest first when recalled; its like are told to the model."""
    memory = graph()
    out, model = add(memory, "heat  soup", "Dan used the microwave.", "Take a pot")
    assert [hit.data["task"] for hit in memory.hits.values() if hit.kind == "query"] == [
        "heat water",
        "heat soup",
        "serve soup",
    ]
    assert "- heat water" in model.calls[1].text and "- heat soup" not in model.calls[1].text
    assert "Result: unknown" in model.calls[0].text
    found = run_node(insight_graph_recall, {"task": "heat soup"}, FakeContext(memory=memory), top_k=1, hops=0)
    assert [hit["text"] for hit in found["interactions"]] == ["heat  soup (unknown):\nDan used the microwave."]
    assert memory.hits[out["query"]].data["interactions"] == ["m5", memory.hits[out["query"]].data["interactions"][1]]


def test_links_can_be_off_and_gone_records_are_passed_over():
    """Without links nothing is similar; what was forgotten is not recalled."""
    memory = ListMemory()
    model = ScriptedModel(" ", {"insights": ["Be calm", " "]})
    run_node(insight_graph_add, {"task": "t one", "transcript": "x"}, FakeContext(model=model, memory=memory), links=0)
    [insight] = [hit.id for hit in memory.hits.values() if hit.kind == "insight"]
    del memory.hits[insight]
    out = run_node(insight_graph_recall, {"task": "t one"}, FakeContext(memory=memory))
    assert out["insights"] == [] and [hit["text"] for hit in out["interactions"]] == ["t one (unknown):\nx"]


def test_nothing_known_is_empty():
    """An empty graph gives nothing to say."""
    out = run_node(insight_graph_recall, {"task": "t"}, FakeContext(memory=ListMemory()))
    assert out == {"insights": [], "interactions": [], "text": ""}


def test_an_empty_episode_is_refused():
    """Task and transcript are needed."""
    with pytest.raises(NodeError, match="The transcript is empty"):
        run_node(insight_graph_add, {"task": "t", "transcript": " "}, FakeContext(memory=ListMemory()))
