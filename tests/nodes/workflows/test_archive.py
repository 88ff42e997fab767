"""workflows.archive_keep and workflows.archive_sample"""

from collections import Counter
from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.workflows.archive_keep import archive_keep
from nodes.workflows.archive_sample import archive_sample
from tests.fakes import FakeContext, ListMemory, run_node
from tests.nodes.workflows.shop import Shop, workflow


def keep(memory: ListMemory, title: str, score: float, **more: Any) -> Any:
    config = more.pop("config", {})
    inputs = {"workflow": workflow(title=title), "score": score, **more}
    return run_node(archive_keep, inputs, FakeContext(memory=memory, shop=Shop()), **config)


def sample(memory: ListMemory, visit: int = 1, **config: Any) -> Any:
    return run_node(archive_sample, {}, FakeContext(memory=memory, visit=visit), **config)


def test_kept_with_score_and_descent():
    """A kept workflow counts as a child of its parent; the best is told; the tree is shown."""
    memory = ListMemory()
    first = keep(memory, "First", 0.4).outputs["id"]
    ctx = FakeContext(memory=memory, shop=Shop())
    inputs = {"workflow": workflow(title="Second"), "score": 0.9, "parent": first, "change": "a critique"}
    result = run_node(archive_keep, inputs, ctx)
    assert result.outcome == "kept" and result.outputs["best"]["title"] == "Second"
    assert memory.hits[first].data["children"] == 1
    assert [(node["parent"], node["value"]) for node in ctx.views[-1]["nodes"]] == [(None, 0.4), (first, 0.9)]


def test_kept_again_is_the_same_record():
    """A workflow that is there gets the new score and keeps its place."""
    memory = ListMemory()
    first = keep(memory, "First", 0.4).outputs["id"]
    child = keep(memory, "Second", 0.5, parent=first).outputs["id"]
    assert keep(memory, "Second", 0.7, parent=child).outputs["id"] == child
    assert (memory.hits[child].data["score"], memory.hits[child].data["parent"]) == (0.7, first)
    assert (len(memory.hits), memory.hits[child].data["children"]) == (2, 0)


def test_too_weak_is_refused():
    """Below the least score nothing is kept; an empty archive's best is the workflow itself."""
    memory = ListMemory()
    result = keep(memory, "Broken", 0.1, config={"min_score": 0.2})
    assert (result.outcome, result.outputs["id"], result.outputs["best_score"]) == ("refused", "", 0.1)
    assert not memory.hits


def test_sampling_prefers_good_and_new_ones():
    """A good one is drawn most, a weak one hardly, a good one with many children less than a fresh one."""
    memory = ListMemory()
    weak, fresh, used = (
        keep(memory, title, score).outputs["id"] for title, score in [("A", 0.1), ("B", 0.8), ("C", 0.8)]
    )
    for number in range(4):
        keep(memory, f"child {number}", 0.0, parent=used)
    drawn = Counter(sample(memory, visit).outputs["id"] for visit in range(1, 201))
    assert drawn[fresh] > 2 * drawn[used] > 2 * drawn[weak]


def test_best_and_known():
    """With best the best is taken; all are listed, best first."""
    memory = ListMemory()
    for title, score in [("A", 0.5), ("B", 0.9), ("C", 0.1)]:
        keep(memory, title, score)
    result = sample(memory, choose="best")
    assert (result.outputs["workflow"]["title"], result.outputs["score"]) == ("B", 0.9)
    assert [line.split(":")[0] for line in result.outputs["known"].splitlines()] == [
        "- score 0.9", "- score 0.5", "- score 0.1",
    ]  # fmt: skip


def test_empty_archive_leads_on_and_a_missing_one_is_an_error():
    """Nothing there is an outcome, no archive is an error."""
    assert sample(ListMemory()).outcome == "empty"
    with pytest.raises(NodeError, match="No archive is attached"):
        run_node(archive_sample, {}, FakeContext())
