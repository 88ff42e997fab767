"""memory.knowledge_graph_add and memory.knowledge_graph_query"""

from typing import Any

from nodes.memory.knowledge_graph_add import knowledge_graph_add
from nodes.memory.knowledge_graph_query import knowledge_graph_query
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node


def add(memory: ListMemory, *triples: tuple[str, str, str], **config: Any) -> tuple[dict[str, Any], FakeContext]:
    said = {"triples": [dict(zip(("subject", "relation", "object"), each, strict=True)) for each in triples]}
    ctx = FakeContext(model=ScriptedModel(said), memory=memory)
    return run_node(knowledge_graph_add, {"text": "some text", "topic": "people"}, ctx, **config), ctx


def graph() -> ListMemory:
    memory = ListMemory()
    add(memory, ("Ann", "leads", "Acme"), ("Bob", "likes", "tea"))
    add(memory, ("acme", "is in", "Oslo"), ("Oslo", "lies in", "Norway"))
    return memory


def test_facts_of_several_texts_are_joined():
    """Two hops from a name reach a fact that came from another text and does not mention it."""
    ctx = FakeContext(memory=graph())
    result = run_node(knowledge_graph_query, {"query": "Ann"}, ctx, hops=2, top_k=1, min_similarity=0.9)
    assert result.outcome == "found"
    assert [(fact["text"], fact["hops"]) for fact in result.outputs["facts"]] == [
        ("Ann leads Acme", 1), ("Acme is in Oslo", 2),
    ]  # fmt: skip
    assert result.outputs["text"] == "- Ann leads Acme\n- Acme is in Oslo"
    view = ctx.views[-1]
    assert [each["label"] for each in view["nodes"]] == ["Ann", "Acme", "Oslo"]
    assert [edge["label"] for edge in view["edges"]] == ["leads", "is in"]


def test_hops_bound_the_walk():
    """One hop gives the facts of the beginnings alone, three the whole chain; facts are bounded too."""
    ctx = FakeContext(memory=graph())
    asked = {"top_k": 1, "min_similarity": 0.9}
    assert len(run_node(knowledge_graph_query, {"query": "Ann"}, ctx, hops=1, **asked).outputs["facts"]) == 1
    assert len(run_node(knowledge_graph_query, {"query": "Ann"}, ctx, hops=3, **asked).outputs["facts"]) == 3
    assert (
        len(run_node(knowledge_graph_query, {"query": "Ann"}, ctx, hops=3, max_facts=2, **asked).outputs["facts"]) == 2
    )


def test_a_walk_may_begin_at_a_fact():
    """A question that is like a fact has that fact at once."""
    result = run_node(knowledge_graph_query, {"query": "who likes tea"}, FakeContext(memory=graph()), hops=1)
    assert [fact["text"] for fact in result.outputs["facts"]] == ["Bob likes tea"]


def test_nothing_like_the_question_is_none():
    """No beginning, no facts."""
    result = run_node(knowledge_graph_query, {"query": "zebras"}, FakeContext(memory=graph()))
    assert (result.outcome, result.outputs) == ("none", {"facts": [], "text": ""})


def test_names_are_merged():
    """A name that differs in case is the same entity; one like it becomes an alias."""
    memory = graph()
    assert sorted(hit.text for hit in memory.hits.values() if hit.kind == "entity") == [
        "Acme", "Ann", "Bob", "Norway", "Oslo", "tea",
    ]  # fmt: skip
    out, _ = add(memory, ("Acme Inc", "sells", "anvils"), same_from=0.5)
    assert out["merged"] == 1 and out["triples"][0]["subject"] == "Acme"
    [acme] = [hit for hit in memory.hits.values() if hit.text == "Acme"]
    assert acme.data["aliases"] == ["Acme Inc"] and len(acme.data["facts"]) == 3


def test_equal_names_only():
    """With likeness 1 only equal names are merged."""
    memory = graph()
    assert add(memory, ("Acme Inc", "sells", "anvils"), same_from=1)[0]["merged"] == 0


def test_broken_and_repeated_triples_are_dropped():
    """Each fact once, none without all three parts; the advice may use what is wired in."""
    memory = ListMemory()
    out, ctx = add(memory, ("a", "is", "b"), ("A", "is ", "b"), ("a", " ", "b"), advice="Only on {{topic}}.")
    assert [(each["subject"], each["object"]) for each in out["triples"]] == [("a", "b")]
    assert "Only on people." in ctx.model.calls[0].text
    assert [edge["label"] for edge in ctx.views[-1]["edges"]] == ["is"]


def test_untrusted_facts_can_be_kept_out():
    """What a stranger's text says is marked, and the walk can avoid it."""
    memory = graph()
    add(memory, ("Ann", "owes", "Mallory"), trusted=False)
    asked = {"top_k": 1, "min_similarity": 0.9, "hops": 1}
    ctx = FakeContext(memory=memory)
    assert len(run_node(knowledge_graph_query, {"query": "Ann"}, ctx, **asked).outputs["facts"]) == 2
    trusted = run_node(knowledge_graph_query, {"query": "Ann"}, ctx, only_trusted=True, **asked).outputs["facts"]
    assert [fact["text"] for fact in trusted] == ["Ann leads Acme"]


def test_an_empty_text_costs_nothing():
    """No text, no model call."""
    ctx = FakeContext(memory=ListMemory())
    assert run_node(knowledge_graph_add, {"text": " "}, ctx) == {"triples": [], "merged": 0}


def test_what_was_forgotten_is_passed_over():
    """A fact whose record is gone does not break the walk."""
    memory = graph()
    [gone] = [hit.id for hit in memory.hits.values() if hit.text == "Ann leads Acme"]
    del memory.hits[gone]
    asked = {"top_k": 1, "min_similarity": 0.9}
    assert run_node(knowledge_graph_query, {"query": "Ann"}, FakeContext(memory=memory), **asked).outcome == "none"
