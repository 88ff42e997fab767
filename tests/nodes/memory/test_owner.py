"""The owner of memories: every kind that keeps or finds them can keep to one's own."""

import asyncio
from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.memory.case_keep import case_keep
from nodes.memory.case_retrieve import case_retrieve
from nodes.memory.forget import forget
from nodes.memory.recall import recall
from nodes.memory.reflect import reflect
from nodes.memory.remember import remember
from nodes.registry import KINDS
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node


def keep(memory: ListMemory, owner: Any, text: str) -> str:
    return run_node(remember, {"text": text, "owner": owner}, FakeContext(memory=memory))["record"]


def found(memory: ListMemory, query: str, **inputs: Any) -> list[str]:
    return [hit["text"] for hit in run_node(recall, {"query": query, **inputs}, FakeContext(memory=memory))["hits"]]


def test_everyone_recalls_what_is_theirs():
    """One space holds private streams: a name, or a record with one, finds its own; without owner all is found."""
    memory = ListMemory()
    keep(memory, "Ann", "tea is hot")
    keep(memory, {"name": "Ben", "age": 3}, "tea is cold")
    assert found(memory, "tea", owner={"name": "Ann"}) == ["tea is hot"]
    assert found(memory, "tea", owner="Ben") == ["tea is cold"]
    assert len(found(memory, "tea")) == 2


def test_equal_texts_of_two_owners_are_two_memories():
    """What both saw both keep; one's own equal text is one record."""
    memory = ListMemory()
    ids = [keep(memory, owner, "the bell rang") for owner in ("Ann", "Ben", "Ann")]
    assert ids[0] == ids[2] != ids[1] and len(memory.hits) == 2


def test_nobody_changes_what_is_anothers():
    """Forgetting, reflecting and cases keep to the owner, too."""
    memory = ListMemory()
    keep(memory, "Ann", "one")
    keep(memory, "Ben", "two")
    model = ScriptedModel({"questions": ["one"]}, {"insights": [{"insight": "It was one.", "because": [1]}]})
    ctx = FakeContext(memory=memory, model=model)
    result = run_node(reflect, {"owner": "Ann"}, ctx, threshold=0)
    assert result.outcome == "reflected" and "two" not in model.calls[0].text
    assert found(memory, "It was one.", owner="Ben") == ["two"]
    run_node(case_keep, {"state": "s", "plan": "p", "reward": 1, "owner": "Ann"}, FakeContext(memory=memory))
    assert not run_node(case_retrieve, {"state": "s", "owner": "Ben"}, FakeContext(memory=memory))["good"]
    assert asyncio.run(memory.owned_by("Ben").forget(list(memory.hits))) == 1


def test_every_kind_on_a_space_takes_an_owner():
    """Kinds that rest on an attached space offer it, but for those that only look at what is wired in."""
    kinds = [
        k
        for k, s in KINDS.items()
        if k.startswith("memory.") and any(a.required and a.sort == "memory" for a in s.attaches)
    ]
    assert len(kinds) >= 18
    for kind in kinds:
        assert "owner" in [port.name for port in KINDS[kind].inputs], kind


@pytest.mark.parametrize("owner", ["  ", {}, {"name": ""}])
def test_an_owner_has_a_name(owner: Any):
    """Who has none is an error, for nobody's memories would be found instead."""
    with pytest.raises(NodeError, match="has no name"):
        run_node(forget, {"owner": owner}, FakeContext(memory=ListMemory()))
