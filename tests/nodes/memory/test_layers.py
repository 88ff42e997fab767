"""memory.layered_recall and memory.move_layers"""

import pytest

from nodes.contract import NodeError
from nodes.memory.layered_recall import layered_recall
from nodes.memory.move_layers import move_layers
from tests.fakes import NOW, FakeContext, ListMemory, run_node
from tests.nodes.memory.spaces import DAY, put

LAYERS = [{"name": "news", "half_life_days": 2, "top_k": 1}, {"name": "principles", "half_life_days": 365}]


def test_each_layer_gives_its_own_best():
    """Many fresh records of one layer do not crowd out the one of another."""
    memory = ListMemory()
    for text in ("rates rise", "rates rise again", "rates rise today"):
        put(memory, text, layer="news")
    put(memory, "when rates rise bonds fall", layer="principles")
    put(memory, "rates rise but in no layer")
    ctx = FakeContext(memory=memory)
    out = run_node(layered_recall, {"query": " rates rise "}, ctx, layers=LAYERS)
    assert out["text"] == "- (news) rates rise\n- (principles) when rates rise bonds fall"
    assert [hit["layer"] for hit in out["hits"]] == ["news", "principles"]
    assert [row[0] for row in ctx.views[-1]["rows"]] == ["news", "principles"]


def test_each_layer_has_its_own_half_life():
    """The memory is asked once for each layer, with that layer's decay."""
    memory = ListMemory()
    run_node(layered_recall, {"query": "x"}, FakeContext(memory=memory), layers=LAYERS, only_trusted=True)
    asked = [(search["layers"], search["half_life_days"], search["top_k"]) for search in memory.searches]
    assert asked == [({"news": 2}, 2, 1), ({"principles": 365}, 365, 3)]
    assert all(search["only_trusted"] for search in memory.searches)


def test_an_empty_query_finds_nothing():
    """Nothing to look for costs no search."""
    memory = ListMemory()
    assert run_node(layered_recall, {"query": " "}, FakeContext(memory=memory)) == {"hits": [], "text": ""}
    assert memory.searches == []


def test_layers_are_named_once():
    """A layer named twice is refused, in both kinds."""
    with pytest.raises(ValueError, match="named twice"):
        layered_recall.config.model_validate({"layers": [LAYERS[0], LAYERS[0]]})
    with pytest.raises(ValueError, match="named twice"):
        move_layers.config.model_validate({"layers": ["a", "a"]})


def test_used_records_sink_deeper_and_unused_ones_rise():
    """Recalls promote and raise the importance, idleness demotes; the ends of the order hold."""
    memory = ListMemory()
    used = put(memory, "used", layer="shallow", uses=3, used_at=NOW)
    idle = put(memory, "idle", layer="deep", days_ago=90)
    top = put(memory, "idle at the top", layer="shallow", days_ago=90)
    bottom = put(memory, "used at the bottom", layer="deep", uses=9, used_at=NOW)
    ctx = FakeContext(memory=memory)
    assert run_node(move_layers, {}, ctx, promote_uses=3, demote_days=60) == {"promoted": 1, "demoted": 1}
    layers = {id: memory.hits[id].layer for id in (used, idle, top, bottom)}
    assert layers == {used: "intermediate", idle: "intermediate", top: "shallow", bottom: "deep"}
    assert (memory.hits[used].rated, memory.hits[idle].rated) == (6, 5)
    assert ctx.views[-1]["rows"][0] == ["used", "shallow", "intermediate", 3]


def test_the_count_begins_anew_in_each_layer():
    """A record just promoted is not promoted again by the same uses, nor demoted for its age."""
    memory = ListMemory()
    id = put(memory, "used", layer="shallow", uses=3, used_at=NOW - 80 * DAY, days_ago=100, importance=10)
    ctx = FakeContext(memory=memory)
    run_node(move_layers, {}, ctx)
    assert run_node(move_layers, {}, ctx) == {"promoted": 0, "demoted": 0}
    assert (memory.hits[id].layer, memory.hits[id].rated) == ("intermediate", 10)


def test_a_memory_is_needed():
    """Without a memory attached both kinds say what to do."""
    for spec, inputs in ((layered_recall, {"query": "x"}), (move_layers, {})):
        with pytest.raises(NodeError, match="No memory is attached"):
            run_node(spec, inputs)
