"""teams.topology"""

import pytest

from nodes.contract import NodeError
from nodes.teams.topology import topology
from tests.fakes import FakeContext, role, run_node


def test_in_a_star_the_last_reads_all():
    """Three speak alone, the last with all three in sight; a call for each."""
    team = [role(name, f"says {name}") for name in "abcd"]
    ctx = FakeContext(roles=team)
    out = run_node(topology, {"task": "t"}, ctx)
    assert out["answer"] == "says d"
    assert "Results of others" not in team[2].model.calls[0].text  # type: ignore[attr-defined]
    assert all(f"says {name}" in team[3].model.calls[0].text for name in "abc")  # type: ignore[attr-defined]
    assert [(each["member"], each["reads"]) for each in out["results"]][-1] == ("d", ["a", "b", "c"])
    view = ctx.views[-1]
    assert view["type"] == "graph" and len(view["edges"]) == 3 and view["nodes"][3]["group"] == "spoken"


def test_in_a_chain_each_reads_the_one_before():
    """The third sees the second's result and not the first's."""
    team = [role(name, f"says {name}") for name in "abc"]
    run_node(topology, {"task": "t"}, FakeContext(roles=team), shape="chain")
    asked = team[2].model.calls[0].text  # type: ignore[attr-defined]
    assert "says b" in asked and "says a" not in asked


def test_shapes_are_compared_at_equal_cost():
    """All shapes run over the same members with as many calls each; the chosen one gives the answer."""
    team = [role(name, *[f"{name}{n}" for n in range(5)]) for name in "abc"]
    edges = ["a -> b", "b -> c"]
    out = run_node(topology, {"task": "t"}, FakeContext(roles=team), shape="graph", edges=edges, compare=True)
    assert [(each["shape"], each["calls"]) for each in out["shapes"]] == [
        ("graph", 3), ("chain", 3), ("star", 3), ("tree", 3), ("complete", 3),
    ]  # fmt: skip
    assert out["answer"] == "c0"


def test_the_members_of_the_settings_work_as_dropped():
    """Without roles the written members speak on the node's model."""
    ctx = FakeContext()
    ctx.model = role("m", "1", "2", "3", "4").model  # type: ignore[assignment]
    assert run_node(topology, {"task": "t"}, ctx, shape="complete")["answer"] == "4"


def test_nothing_to_do():
    """An empty task is an error."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(topology, {"task": ""})
