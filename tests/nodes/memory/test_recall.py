"""memory.recall"""

import asyncio

import pytest

from nodes.contract import NodeError, Weights
from nodes.memory.recall import recall
from nodes.types import conforms
from tests.fakes import FakeContext, ListMemory, run_node


def filled() -> ListMemory:
    memory = ListMemory()
    for text, kind in (("check units twice", "lesson"), ("tea is at four", "note"), ("units are metric", "fact")):
        asyncio.run(memory.add(text, kind=kind))
    return memory


def test_best_hits_come_first():
    """Hits are documents with their score and its parts, and a text of bullets."""
    ctx = FakeContext(memory=filled())
    out = run_node(recall, {"query": "check units"}, ctx, top_k=2)
    assert [hit["text"] for hit in out["hits"]] == ["check units twice", "units are metric"]
    assert out["text"] == "- check units twice\n- units are metric"
    assert set(out["hits"][0]["parts"]) == {"similarity", "recency", "importance", "keyword"}
    assert conforms(out["hits"], "documents")
    assert ctx.lines == ["2 of 'lessons' recalled"]
    assert ctx.views[-1]["rows"][0] == ["check units twice", 1.0, 1.0, 0.0, 0.0, 0.0, "a person", True]


def test_low_scores_and_other_kinds_are_left_out():
    """The least score and the kinds narrow what comes back."""
    assert len(run_node(recall, {"query": "check units"}, FakeContext(memory=filled()), min_score=0.9)["hits"]) == 1
    hits = run_node(recall, {"query": "units"}, FakeContext(memory=filled()), kinds=["fact"])["hits"]
    assert [hit["kind"] for hit in hits] == ["fact"]


def test_settings_reach_the_memory():
    """Weights and half-life are handed over as they are set."""
    memory = filled()
    run_node(recall, {"query": " x "}, FakeContext(memory=memory), similarity=1, recency=0, half_life_days=2)
    assert memory.searches == [
        {"query": "x", "top_k": 5, "weights": Weights(1, 0, 0.2, 0.1), "half_life_days": 2, "kinds": (),
         "layers": None, "only_trusted": False}
    ]  # fmt: skip


def test_an_empty_query_finds_nothing():
    """Nothing to look for is not an error, and costs no search."""
    memory = filled()
    assert run_node(recall, {"query": " "}, FakeContext(memory=memory)) == {"hits": [], "text": ""}
    assert memory.searches == []


def test_a_memory_is_needed():
    """Without a memory attached the node says what to do."""
    with pytest.raises(NodeError, match="No memory is attached"):
        run_node(recall, {"query": "x"})


def test_some_weight_is_needed():
    """Four weights of nothing rank nothing."""
    with pytest.raises(ValueError, match="all four weights are 0"):
        recall.config.model_validate(dict.fromkeys(("similarity", "recency", "importance", "keyword"), 0))


def test_layers_and_provenance():
    """Only the named layers are searched, and a hit says where it comes from and whether it is trusted."""
    memory = ListMemory()
    asyncio.run(memory.add("check units", layer="deep", trusted=False, data={"unit": "km"}))
    asyncio.run(memory.add("check units too"))
    [hit] = run_node(recall, {"query": "check"}, FakeContext(memory=memory), layers=["deep"])["hits"]
    assert (hit["layer"], hit["trusted"], hit["source"], hit["data"]) == ("deep", False, {}, {"unit": "km"})
    trusted = run_node(recall, {"query": "check"}, FakeContext(memory=memory), only_trusted=True)["hits"]
    assert [hit["text"] for hit in trusted] == ["check units too"]
