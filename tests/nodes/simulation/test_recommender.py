"""simulation.recommender"""

from typing import Any

import pytest
from pydantic import ValidationError

from nodes.simulation.recommender import recommender
from tests.fakes import FakeContext, run_node

POSTS = [
    {"id": "a", "text": "New bicycle lanes in the city", "likes": 0, "at": 0},
    {"id": "b", "text": "The best soup recipes", "likes": 900, "at": 0},
    {"id": "c", "text": "Football results of today", "likes": 3, "at": 48},
]
ALONE: dict[str, Any] = {"similarity": 0, "popularity": 0, "recency": 0}


def ids(inputs: dict[str, Any] | None = None, ctx: FakeContext | None = None, **config: Any) -> list[str]:
    result = run_node(recommender, {"items": POSTS, **(inputs or {})}, ctx, **config)
    return [item["id"] for item in result["items"]]


@pytest.mark.parametrize(("part", "first"), [("similarity", "a"), ("popularity", "b"), ("recency", "c")])
def test_each_part_ranks(part: str, first: str):
    """Alone, likeness puts the post on the interest first, popularity the liked one, newness the new one."""
    config: dict[str, Any] = {**ALONE, part: 1}
    assert ids({"interests": "I ride my bicycle in the city"}, **config)[0] == first


def test_parts_are_weighted_and_shown():
    """The parts are 0 to 1, and the score is their weighted mean."""
    ctx = FakeContext()
    result = run_node(
        recommender, {"items": POSTS, "interests": "soup"}, ctx, similarity=0.5, popularity=0.5, recency=0
    )
    best = result["items"][0]
    assert best["id"] == "b" and best["parts"]["popularity"] == 1
    assert best["score"] == pytest.approx((best["parts"]["similarity"] + 1) / 2, abs=1e-5)
    assert ctx.views[-1]["rows"][0][0].startswith("The best soup") and "soup" in result["text"]


def test_seen_items_are_left_out():
    """By id or by text; texts are items as well."""
    assert ids({"seen": ["b", "Football results of today"]}) == ["a"]
    result = run_node(recommender, {"items": ["one thing", "another"], "seen": ["another"]})
    assert [item["text"] for item in result["items"]] == ["one thing"]
    assert run_node(recommender, {"items": []})["items"] == []


def test_time_can_be_given():
    """Newness is against the given time, halved each half-life."""
    config: dict[str, Any] = {**ALONE, "recency": 1, "half_life": 24}
    result = run_node(recommender, {"items": POSTS[2:], "now": 96}, **config)
    assert result["items"][0]["score"] == 0.25


def test_chance_gives_places_to_others():
    """With all places by chance, the draws differ from visit to visit, and repeat with the seed."""
    many = {"items": [{"id": str(n), "text": f"post {n}", "likes": n} for n in range(30)]}
    draws = [ids(many, FakeContext(visit=visit), top_k=4, chance=0.5) for visit in (1, 1, 2)]
    assert draws[0] == draws[1] != draws[2]
    assert draws[0][:2] == ["29", "28"] == draws[2][:2]


def test_something_must_count():
    """All weights 0 is refused."""
    with pytest.raises(ValidationError, match="all weights are 0"):
        ids(**ALONE)
