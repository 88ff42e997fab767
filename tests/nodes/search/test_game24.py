"""The searchers on the Game of 24, where what they find can be checked."""

import asyncio

import pytest

from benchmarks.search import SEARCHERS, puzzles, search, solvable, unsolvable

BY_NAME = {searcher.name: searcher for searcher in SEARCHERS}
SAMPLE = puzzles()[::57]


def expanded(name: str, sample: list[str]) -> int:
    """Situations looked into over the sample; every puzzle must be solved."""
    results = [asyncio.run(search(BY_NAME[name], puzzle)) for puzzle in sample]
    assert all(result.solved for result in results), name
    return sum(result.expanded for result in results)


def test_informed_search_looks_into_less():
    """Best-first and A* solve all that breadth-first solves, and look into fewer situations."""
    breadth = expanded("breadth-first", SAMPLE)
    assert expanded("best-first", SAMPLE) < breadth / 2
    assert expanded("A*", SAMPLE) < breadth / 2


@pytest.mark.parametrize("name", list(BY_NAME))
def test_unsolvable_puzzles_are_reported_unsolved(name: str):
    """Where 24 cannot be made no searcher says that it was."""
    for puzzle in unsolvable(3):
        assert not solvable(tuple(map(int, puzzle.split())))
        assert not asyncio.run(search(BY_NAME[name], puzzle)).solved


def test_searches_are_repeatable():
    """The same puzzle twice is the same search."""
    for searcher in SEARCHERS:
        first, second = (asyncio.run(search(searcher, SAMPLE[0])) for _ in range(2))
        assert first == second
