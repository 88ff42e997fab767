"""planning.decompose_on_failure"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.planning.decompose_on_failure import decompose_on_failure
from tests.fakes import FakeContext, FakeSubworkflow, ScriptedModel, run_node


def solve(can: set[str], *breakdowns: Any, **config: Any) -> tuple[Any, FakeContext]:
    """Try "Dinner" with a worker that can do what is in ``can``."""

    def act(given: dict[str, Any]) -> dict[str, Any]:
        return {"result": f"{given['step']} done", "failed": given["step"] not in can}

    ctx = FakeContext(model=ScriptedModel(*breakdowns), parts={"act": FakeSubworkflow(act)})
    return run_node(decompose_on_failure, {"goal": "Dinner"}, ctx, **config), ctx


def test_what_works_at_once_is_not_planned():
    """A task that can be done whole costs no breakdown."""
    route, ctx = solve({"Dinner"})
    assert (route.outcome, route.outputs["answer"]) == ("done", "Dinner done")
    assert ctx.model.calls == [] and len(route.outputs["plan"]["steps"]) == 1


def test_only_what_fails_is_broken_down():
    """Dinner fails and is broken down; of its parts only the soup is broken down again."""
    route, ctx = solve(
        {"Table", "Cut", "Cook"},
        {"steps": ["1. Table", "Soup"], "join": "all"}, {"steps": ["Cut", "Cook"], "join": "all"},
    )  # fmt: skip
    assert route.outcome == "done"
    steps = {step["id"]: (step["title"], step["status"], step.get("parent")) for step in route.outputs["plan"]["steps"]}
    assert steps == {
        "1": ("Dinner", "done", None), "1.1": ("Table", "done", "1"), "1.2": ("Soup", "done", "1"),
        "1.2.1": ("Cut", "done", "1.2"), "1.2.2": ("Cook", "done", "1.2"),
    }  # fmt: skip
    assert route.outputs["answer"] == "Table: Table done\nSoup: Cut: Cut done\nCook: Cook done"
    assert "Soup" in ctx.model.calls[1].text and "Whole goal: Dinner" in ctx.model.calls[1].text
    assert "1. Table: Table done" in ctx.parts["act"].inputs[3]["done"]


def test_all_stops_at_the_first_part_that_fails():
    """When every part is needed, the later ones are not tried after a failure."""
    route, ctx = solve({"Eat"}, {"steps": ["Shop", "Eat"], "join": "all"}, max_depth=1)
    assert (route.outcome, route.outputs["answer"]) == ("failed", "Shop done")
    assert [given["step"] for given in ctx.parts["act"].inputs] == ["Dinner", "Shop"]
    assert [step["status"] for step in route.outputs["plan"]["steps"]] == ["failed", "failed", "skipped"]


def test_any_stops_at_the_first_part_that_is_done():
    """When one way is enough, ways are tried until one works."""
    route, ctx = solve({"Pizza", "Pasta"}, {"steps": ["Soup", "Pizza", "Pasta"], "join": "any"}, max_depth=1)
    assert (route.outcome, route.outputs["answer"]) == ("done", "Pizza done")
    assert [given["step"] for given in ctx.parts["act"].inputs] == ["Dinner", "Soup", "Pizza"]
    none, _ = solve(set(), {"steps": ["Soup", "Pizza"], "join": "any"}, max_depth=1)
    assert (none.outcome, none.outputs["answer"]) == ("failed", "none of the ways could be gone")


def test_depth_and_attempts_are_bounded():
    """At depth 0 nothing is broken down; without attempts left nothing is tried."""
    assert solve(set(), max_depth=0)[0].outcome == "failed"
    route, ctx = solve(
        set(), {"steps": ["A", "B"], "join": "any"}, {"steps": ["C", "D"], "join": "any"}, max_attempts=2
    )
    assert len(ctx.parts["act"].inputs) == 2
    assert "2 attempts are spent" in str(route.outputs["plan"])


def test_bad_answers_and_empty_goals_are_errors():
    """A breakdown into nothing, and nothing to do, are said."""
    with pytest.raises(NodeError, match="broke 'Dinner' down into nothing"):
        solve(set(), {"steps": [" "], "join": "all"})
    with pytest.raises(NodeError, match="goal is empty"):
        run_node(decompose_on_failure, {"goal": ""})
