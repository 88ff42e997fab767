"""The score of a hit and its four parts."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import StoreError
from store.memory_scoring import PARTS, Hit, Scorer, Weights, as_hit, cosines, normalised, packed, recency

DAY = 86_400.0


@dataclass
class Record:
    """As much of a record as a score needs."""

    importance: float = 5.0
    updated_at: float = 0.0
    id: str = "id"
    text: str = "text"
    kind: str = "note"
    created_at: float = 0.0
    source: dict[str, Any] = field(default_factory=dict[str, Any])
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    layer: str = ""
    trusted: bool = True
    uses: int = 0
    last_used_at: float | None = None


def score(weights: Weights, *, importance: float = 5.0, age: float = 0.0, **more: float) -> Hit:
    """A hit on a record of that age in seconds, half-life 7 days."""
    record = Record(importance)
    parts = Scorer(weights, 7.0, now=age).parts(record, similarity=more.get("s", 0.0), keyword=more.get("k", 0.0))
    return as_hit(record, parts)


def test_parts_are_weighted_and_explain_the_score() -> None:
    """The example of the memory page: 0.84, two hours old, importance 8, half of the words."""
    hit = score(Weights(0.55, 0.15, 0.20, 0.10), importance=8, age=7_200, s=0.84, k=0.5)
    assert (round(hit.similarity, 2), round(hit.recency, 2), round(hit.importance, 2)) == (0.46, 0.15, 0.16)
    assert round(hit.keyword, 2) == 0.05
    assert math.isclose(hit.score, hit.similarity + hit.recency + hit.importance + hit.keyword)


@pytest.mark.parametrize(("days", "expected"), [(0, 1.0), (7, 0.5), (14, 0.25), (3.5, 0.5**0.5), (-1, 1.0), (1e9, 0.0)])
def test_recency_halves_every_half_life(days: float, expected: float) -> None:
    """1 when new, half after each half-life; a clock that was set back does not raise it over 1."""
    assert math.isclose(recency(days * DAY, 7.0), expected, abs_tol=1e-12)


@pytest.mark.parametrize("part", PARTS)
def test_one_weight_ranks_by_its_part_alone(part: str) -> None:
    """With all weight on one part the others are 0."""
    hit = score(Weights(**{name: 3.0 * (name == part) for name in PARTS}), importance=10, s=1.0, k=1.0)
    assert {name: getattr(hit, name) for name in PARTS} == {name: float(name == part) for name in PARTS}
    assert hit.score == 1.0


weight = st.floats(0, 1)
unit = st.floats(0, 1)


@given(weight, weight, weight, weight, unit, unit, st.floats(1, 10), st.floats(0, 1e9))
def test_score_is_the_sum_of_its_parts_and_within_bounds(
    a: float, b: float, c: float, d: float, s: float, k: float, importance: float, age: float
) -> None:
    """For any weights and record: every part 0 to its weight, their sum the score, 0 to 1."""
    if not a + b + c + d > 0:
        return
    hit = score(Weights(a, b, c, d), importance=importance, age=age, s=s, k=k)
    limits = normalised(Weights(a, b, c, d))
    assert math.isclose(sum(limits.values()), 1.0)
    assert all(0 <= getattr(hit, part) <= limits[part] + 1e-12 for part in PARTS)
    assert math.isclose(hit.score, sum(getattr(hit, part) for part in PARTS), abs_tol=1e-12)
    assert 0 <= hit.score <= 1 + 1e-9


@pytest.mark.parametrize("bad", [Weights(0, 0, 0, 0), Weights(-0.1, 1, 1, 1), Weights(float("inf"), 0, 0, 0)])
def test_weights_that_cannot_rank_are_refused(bad: Weights) -> None:
    """All 0, negative, or infinite: the error shows them."""
    with pytest.raises(StoreError, match="cannot rank memories: similarity"):
        normalised(bad)


@pytest.mark.parametrize("days", [0.0, -1.0, float("nan")])
def test_half_life_that_cannot_be_is_refused(days: float) -> None:
    """A half-life is more than 0 days."""
    with pytest.raises(StoreError, match="too short"):
        Scorer(Weights(), days, now=0.0)


def test_cosines_are_exact_and_never_negative() -> None:
    """As numpy says, cut at 0; vectors of any length and none at all."""
    vectors = [[3.0, 4.0], [4.0, -3.0], [-3.0, -4.0], [0.0, 0.0]]
    found = cosines([6.0, 8.0], [packed(vector) for vector in vectors])
    assert np.allclose(found, [1.0, 0.0, 0.0, 0.0], atol=1e-6)
    assert cosines([1.0], []) == []
