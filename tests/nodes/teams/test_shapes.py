"""Shapes of a team."""

import pytest

from nodes.contract import NodeError
from nodes.teams.shapes import SHAPES, readers, waves

NAMES = ["a", "b", "c", "d"]


def test_the_shapes():
    """Who reads whom in a chain, a star, a tree with the last as root, and where all read all before."""
    assert readers("chain", NAMES) == {"a": (), "b": ("a",), "c": ("b",), "d": ("c",)}
    assert readers("star", NAMES) == {"a": (), "b": (), "c": (), "d": ("a", "b", "c")}
    assert readers("tree", NAMES) == {"a": (), "b": (), "c": ("a",), "d": ("b", "c")}
    assert readers("complete", NAMES)["c"] == ("a", "b")


def test_a_graph_follows_its_edges():
    """Edges are read from the settings, each once."""
    assert readers("graph", NAMES, ["a -> c", "b->c", "a -> c", "c -> d"]) == {
        "a": (), "b": (), "c": ("a", "b"), "d": ("c",),
    }  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [1, 2, 5, 7])
def test_everybody_speaks_once_after_those_it_reads(shape: str, count: int):
    """In every shape each member is in exactly one wave, behind all it reads, and the last member is in the last."""
    names = [f"m{n}" for n in range(count)]
    reads, seen = readers(shape, names), list[str]()
    for wave in waves(reads):
        assert all(set(reads[name]) <= set(seen) for name in wave)
        seen += wave
    assert sorted(seen) == sorted(names) and seen[-1] == names[-1]


def test_wrong_edges():
    """An edge without an arrow or to nobody, and a circle, are errors that name what is wrong."""
    with pytest.raises(NodeError, match="'a > b' is no edge"):
        readers("graph", NAMES, ["a > b"])
    with pytest.raises(NodeError, match="'a -> z' is no edge"):
        readers("graph", NAMES, ["a -> z"])
    with pytest.raises(NodeError, match="b, c, d wait for each other in a circle"):
        readers("graph", NAMES, ["a -> b", "b -> c", "c -> b", "c -> d"])
