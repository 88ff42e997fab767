"""memory.forget"""

import math

import pytest

from nodes.memory.forget import forget
from tests.fakes import NOW, FakeContext, ListMemory, run_node
from tests.nodes.memory.spaces import DAY, put


def filled() -> ListMemory:
    memory = ListMemory()
    put(memory, "old and never recalled", days_ago=30)
    put(memory, "old and recalled often", days_ago=30, uses=10, used_at=NOW - 14 * DAY)
    put(memory, "old and vital", days_ago=300, importance=10)
    put(memory, "new")
    return memory


def test_what_is_recalled_stays_and_what_is_not_fades():
    """Of two records of the same age the recalled one stays; vital and new ones stay too."""
    memory = filled()
    ctx = FakeContext(memory=memory)
    out = run_node(forget, {}, ctx)
    assert [document["text"] for document in out["forgotten"]] == ["old and never recalled"]
    assert out["forgotten"][0]["retention"] == pytest.approx(math.exp(-30 / 7))
    assert out["kept"] == 3 and len(memory.hits) == 3
    shown = {row[0]: row[1] for row in ctx.views[-1]["rows"]}
    assert shown["old and recalled often"] == pytest.approx(math.exp(-14 / 77), abs=1e-4)
    assert shown["old and vital"] == shown["new"] == 1


def test_a_dry_run_changes_nothing():
    """It says what would be forgotten and archived, and leaves the memory as it was."""
    memory = filled()
    before = dict(memory.hits)
    out = run_node(forget, {}, FakeContext(memory=memory), dry_run=True, archive_below=0.9)
    assert (len(out["forgotten"]), out["archived"], out["kept"]) == (1, 1, 2)
    assert memory.hits == before


def test_fading_records_are_archived():
    """Between the two thresholds a record moves to the archive layer, once."""
    memory = filled()
    out = run_node(forget, {}, FakeContext(memory=memory), archive_below=0.9)
    assert out["archived"] == 1
    assert [hit.text for hit in memory.hits.values() if hit.layer == "archive"] == ["old and recalled often"]
    assert run_node(forget, {}, FakeContext(memory=memory), archive_below=0.9)["archived"] == 0


def test_other_kinds_are_not_touched():
    """Only records of the named kinds fade."""
    memory = filled()
    put(memory, "an old lesson", kind="lesson", days_ago=99)
    out = run_node(forget, {}, FakeContext(memory=memory), kinds=["lesson"])
    assert [document["text"] for document in out["forgotten"]] == ["an old lesson"]
    assert len(memory.hits) == 4


def test_what_was_not_looked_at_is_said():
    """A bound that was reached is no silent one."""
    ctx = FakeContext(memory=filled())
    run_node(forget, {}, ctx, max_records=4)
    assert "newest 4 were not looked at" in ctx.lines[1]


def test_thresholds_are_in_order():
    """Archiving below the threshold of forgetting could never happen, and is refused."""
    with pytest.raises(ValueError, match="must be above forget_below"):
        forget.config.model_validate({"forget_below": 0.5, "archive_below": 0.2})
