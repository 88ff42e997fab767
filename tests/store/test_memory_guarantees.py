"""The memory's guarantees at small sizes: the benchmark's parts, asserted where noise cannot reach."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.memory import Bench, beside, measure_spaces, queries, rebuilt
from benchmarks.memory_data import corpus

SIZE = 1_500


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A space of 1,500 varied records, and queries with their vectors."""
    bench = Bench(tmp_path_factory.mktemp("bench"))
    data = corpus(SIZE, seed=3)
    bench.load("all", data)
    asked = queries(data, 40, 3)
    bench.given.know([text for text, _ in asked], [vector for _, vector in asked])
    yield bench, [text for text, _ in asked]
    bench.close()


def test_corpus_is_varied_and_the_same_every_time() -> None:
    """No text twice, many words, unit vectors; another seed gives other texts."""
    data, again, other = corpus(300, seed=1), corpus(300, seed=1), corpus(300, seed=2)
    assert data.texts == again.texts
    assert (data.vectors == again.vectors).all()
    assert len(set(data.texts)) == 300
    assert not set(data.texts) & set(other.texts)
    assert len({word for text in data.texts for word in text.split()}) > 1_000
    assert abs((data.vectors**2).sum(axis=1) - 1).max() < 1e-5


def test_rebuild_gives_the_same_ids_and_scores(full: Any) -> None:
    """All of the queries answer as before, to the fourth digit."""
    bench, asked = full
    found = rebuilt(bench, "all", asked)
    assert (found["records"], found["identical"]) == (SIZE, len(asked))


def test_four_parts_sum_to_the_score(full: Any) -> None:
    """Of each hit of each query, whatever narrows the search."""
    bench, asked = full
    for text in asked:
        for narrow in ({}, {"kinds": ["fact"]}, {"only_trusted": True}):
            for hit in bench.memories.search("all", text, mark=False, **narrow):
                assert hit.score == pytest.approx(hit.similarity + hit.recency + hit.importance + hit.keyword, abs=1e-9)


def test_search_costs_a_small_multiple_of_bare_chroma(full: Any) -> None:
    """CPU time beside Chroma's own query, in turn; the bound is loose, the benchmark measures it closely."""
    bench, asked = full
    assert beside(bench, "all", asked)["ratio"]["cpu"] < 12


def test_a_space_among_others_costs_what_it_costs_alone(tmp_path: Path) -> None:
    """With five equal spaces beside it the CPU of a search is not twice that of one alone; answers are its own."""
    found = measure_spaces(tmp_path, 6, 400, 60)
    assert found["among"]["search"]["cpu"] < 2 * found["alone"]["search"]["cpu"]
