"""Memory of an exported program: a space on Chroma alone."""

import asyncio
import hashlib
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pytest

from graphs.export.runtime.memory import Space
from graphs.export.runtime.workspace import Workspace
from nodes.contract import NodeError, Weights

T = TypeVar("T")
MEANING = Weights(similarity=1, recency=0, importance=0, keyword=0)


def _embed(texts: Sequence[str]) -> list[list[float]]:
    """Texts with words in common are near each other."""
    return [
        [1e-3 + sum(hashlib.sha256(word.encode()).digest()[0] % 32 == place for word in text.lower().split())
         for place in range(32)]
        for text in texts
    ]  # fmt: skip


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


@pytest.fixture
def space(tmp_path: Path) -> Space:
    """An empty one."""
    return Space(Workspace(memory=tmp_path / "memory", embed=_embed), "notes", {"node": "n"})


def _found(space: Space, query: str, weights: Weights = MEANING, **more: Any) -> list[str]:
    found = _run(space.search(query, top_k=more.pop("top_k", 3), weights=weights, half_life_days=30, **more))  # pyright: ignore
    return [hit.text for hit in found]


def test_an_empty_space_finds_nothing(space: Space):
    """Neither by a query nor in its list."""
    assert _found(space, "anything") == [] and _run(space.records()) == []
    assert _run(space.get("none")) is None


def test_the_nearest_comes_first_and_its_parts_sum_to_its_score(space: Space):
    """And it says where it came from."""
    for text in ("green tea leaves", "a red car", "tea"):
        _run(space.add(text))
    hits = _run(space.search("tea leaves", top_k=2, weights=Weights(), half_life_days=30))
    assert hits[0].text == "green tea leaves" and len(hits) == 2
    parts = hits[0].similarity + hits[0].recency + hits[0].importance + hits[0].keyword
    assert parts == pytest.approx(hits[0].score) and 0 < hits[0].score <= 1
    assert hits[0].source == {"node": "n"}


def test_importance_and_words_count_by_their_weights(space: Space):
    """Each alone decides where the other weights are 0."""
    _run(space.add("dull but dear", importance=9))
    _run(space.add("zebra crossing", importance=2))
    assert _found(space, "zebra", Weights(0, 0, 1, 0))[0] == "dull but dear"
    assert _found(space, "zebra", Weights(0, 0, 0, 1))[0] == "zebra crossing"


def test_an_equal_text_updates_its_record(space: Space):
    """Of its kind and owner; spaces within do not matter."""
    first = _run(space.add("the same text", importance=3, data={"a": 1}))
    assert _run(space.add("the  same text", importance=7, data={"a": 2})) == first
    assert _run(space.add("the same text", kind="other")) != first
    hit = _run(space.get(first))
    assert hit is not None and (hit.rated, hit.data) == (7, {"a": 2})


def test_filters_hold(space: Space):
    """Kinds, layers and trust, in searches and lists."""
    _run(space.add("one", kind="fact", layer="deep"))
    _run(space.add("two", kind="note", trusted=False))
    assert _found(space, "one two", kinds=["note"]) == ["two"]
    assert _found(space, "one two", layers={"deep": 1.0}) == ["one"]
    assert _found(space, "one two", only_trusted=True) == ["one"]
    assert [hit.text for hit in _run(space.records(kinds=["fact"], layer="deep"))] == ["one"]


def test_the_last_written_is_listed_first(space: Space):
    """Up to the limit."""
    for text in ("a", "b", "c"):
        _run(space.add(text))
    assert [hit.text for hit in _run(space.records(limit=2))] == ["c", "b"]


def test_an_owner_sees_its_own_and_nobody_elses(space: Space):
    """Without one, all records are found."""
    ada, ben = space.owned_by("Ada"), space.owned_by("Ben")
    id = _run(ada.add("of Ada"))
    _run(ben.add("of Ben"))
    assert [hit.text for hit in _run(ada.records())] == ["of Ada"]
    assert _run(ben.get(id)) is None and _run(ben.forget([id])) == 0
    assert {hit.text for hit in _run(space.records())} == {"of Ada", "of Ben"}
    with pytest.raises(NodeError, match="cannot own memories"):
        space.owned_by(" ")


def test_a_record_is_changed_and_forgotten(space: Space):
    """Only what is given changes; what is gone cannot be changed."""
    id = _run(space.add("old", importance=4, layer="shallow"))
    _run(space.update(id, text="new", trusted=False))
    hit = _run(space.get(id))
    assert hit is not None and (hit.text, hit.rated, hit.layer, hit.trusted) == ("new", 4, "shallow", False)
    assert _run(space.forget([id, "none"])) == 1
    with pytest.raises(NodeError, match="There is no record"):
        _run(space.update(id, text="again"))


def test_a_recall_counts_as_a_use(space: Space):
    """The next search tells how often and when."""
    id = _run(space.add("used"))
    _found(space, "used")
    hit = _run(space.get(id))
    assert hit is not None and hit.uses == 1 and hit.used_at is not None


def test_a_record_ends_when_its_time_is_over(space: Space):
    """It is neither found nor listed then."""
    _run(space.add("brief", ttl_days=1e-9))
    assert _found(space, "brief") == [] and _run(space.records()) == []


def test_spaces_are_apart_and_outlive_the_process(space: Space, tmp_path: Path):
    """What is in one is not in another; opened again it is there."""
    _run(space.add("kept"))
    workspace = Workspace(memory=tmp_path / "memory", embed=_embed)
    assert _run(Space(workspace, "x", {}).records()) == []
    assert [hit.text for hit in _run(Space(workspace, "notes", {}).records())] == ["kept"]


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_is_not_remembered(space: Space, text: str):
    """A text has to have a word."""
    with pytest.raises(NodeError, match="no text to remember"):
        _run(space.add(text))
