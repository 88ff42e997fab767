"""simulation.network"""

from itertools import pairwise
from typing import Any

import pytest

from nodes.simulation.network import network
from tests.fakes import FakeContext, run_node

PEOPLE = [{"name": f"p{number}", "persona": "x"} for number in range(30)]


def follows(**config: Any) -> dict[str, list[str]]:
    out = run_node(network, {"population": PEOPLE}, FakeContext(), **config)
    return {person["name"]: person["follows"] for person in out["population"]}


@pytest.mark.parametrize("shape", ["random", "small_world", "preferential"])
def test_nobody_follows_themselves_or_anybody_twice(shape: str):
    """Each follows as many others as asked, and the seed decides whom."""
    found = follows(shape=shape, follows=4, rewiring=0.5)
    for name, others in found.items():
        assert name not in others and len(set(others)) == len(others) <= 4
    if shape != "preferential":
        assert {len(others) for others in found.values()} == {4}
    assert found == follows(shape=shape, follows=4, rewiring=0.5) != follows(shape=shape, follows=4, seed=2)


def test_a_ring_without_shortcuts_is_the_neighbours():
    """Small world without rewiring: the two before and the two after."""
    assert set(follows(rewiring=0, follows=4)["p0"]) == {"p1", "p2", "p28", "p29"}


def test_the_popular_become_more_popular():
    """By preference some have many followers; by chance nobody has nearly as many."""

    def most(shape: str) -> int:
        others = [other for each in follows(shape=shape, follows=2).values() for other in each]
        return max(others.count(name) for name in set(others))

    assert most("preferential") > most("random")


def test_friends_follow_back():
    """Both ways: whoever is followed follows back, and the edges say so."""
    found = follows(shape="random", follows=2, mutual=True)
    assert all(name in found[other] for name, others in found.items() for other in others)


def test_edges_and_a_graph_come_out_for_small_groups_too():
    """Of two people one follows the other; one alone follows nobody; texts are people."""
    ctx = FakeContext()
    out = run_node(network, {"population": ["a baker", "a nurse"]}, ctx, follows=9)
    assert out["edges"] == [{"source": a, "target": b} for a, b in pairwise(["Person 1", "Person 2", "Person 1"])]
    assert out["population"][0]["persona"] == "a baker" and ctx.views[-1]["type"] == "graph"
    assert run_node(network, {"population": ["alone"]}, FakeContext())["edges"] == []
