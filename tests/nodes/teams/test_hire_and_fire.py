"""teams.hire_and_fire"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.teams.hire_and_fire import HIRE, hire_and_fire
from tests.fakes import FakeContext, ScriptedModel, role, run_node


def jobs(*names: str) -> dict[str, Any]:
    return {"jobs": list(names)}


def member(name: str) -> dict[str, Any]:
    return {"member": name}


def rate(rating: int) -> dict[str, Any]:
    return {"rating": rating}


def events(out: Any) -> list[tuple[str, str]]:
    return [(row["event"], row["name"]) for row in out.outputs["ledger"]]


def test_a_full_team_fires_the_least_useful_for_somebody_new():
    """Two places: Ann is rated 9, Bob 2; for the third job somebody new is needed, and Bob goes."""
    ann, bob, cleo = role("Ann", "a"), role("Bob", "b"), role("Cleo", "c")
    model = ScriptedModel(
        jobs("one", "two", "three"),
        member("Ann"), rate(9),
        member(HIRE), member("Bob"), rate(2),
        member(HIRE), rate(5),
        "all of it",
    )  # fmt: skip
    ctx = FakeContext(roles=[ann, bob, cleo], model=model)
    out = run_node(hire_and_fire, {"task": "t"}, ctx, max_team=2, patience=9)
    assert out.outcome == "done" and out.outputs["answer"] == "all of it"
    assert events(out) == [
        ("hired", "Ann"), ("worked", "Ann"), ("hired", "Bob"), ("worked", "Bob"),
        ("fired", "Bob"), ("hired", "Cleo"), ("worked", "Cleo"),
    ]  # fmt: skip
    assert out.outputs["team"] == ["Ann", "Cleo"]
    assert out.outputs["spent"] == 3 + 1 + 3 + 2 + 3 + 2
    assert ctx.views[-1]["type"] == "table" and len(ctx.views[-1]["rows"]) == 7


def test_an_employee_that_fits_is_kept_and_the_idle_one_goes():
    """Ann does job after job; Bob, idle for two of them, is fired."""
    ann, bob = role("Ann", "1", "3", "4"), role("Bob", "2")
    model = ScriptedModel(
        jobs("a", "b", "c", "d"), member("Ann"), rate(5), member(HIRE), rate(9), member("Ann"), rate(5),
        member("Ann"), rate(5), "answer",
    )  # fmt: skip
    out = run_node(hire_and_fire, {"task": "t"}, FakeContext(roles=[ann, bob], model=model))
    assert ("fired", "Bob") in events(out) and out.outputs["team"] == ["Ann"]


def test_experts_are_written_where_no_role_is_free():
    """Without roles the manager writes the specialist, and gives a name that was used before a number."""
    cook = {"name": "Cook", "persona": "You cook.", "skills": "food"}
    model = ScriptedModel(jobs("a", "b"), cook, "soup", rate(5), member(HIRE), cook, "cake", rate(6), "menu")
    out = run_node(hire_and_fire, {"task": "t"}, FakeContext(model=model))
    assert out.outputs["team"] == ["Cook", "Cook 2"]
    assert model.calls[2].messages[0]["content"] == "You cook."


def test_a_spent_budget_ends_it_with_what_is_there():
    """Hiring 3 and three jobs at 1 are all of 6; the fourth job is not paid any more."""
    ann = role("Ann", "1", "2", "3")
    model = ScriptedModel(jobs("a", "b", "c", "d"), rate(5), member("Ann"), rate(5), member("Ann"), rate(5),
                          member("Ann"), "as far as it went")  # fmt: skip
    out = run_node(hire_and_fire, {"task": "t"}, FakeContext(roles=[ann], model=model), budget=6)
    assert (out.outcome, out.outputs["spent"], out.outputs["answer"]) == ("exhausted", 6, "as far as it went")
    assert "Ann: 3" in model.calls[-1].text


def test_short_money_fires_others_before_a_hire_or_a_job():
    """With 2 units left for two employees the one who is not needed goes; a hire that is too dear is not made."""
    ann, bob = role("Ann", "1", "3"), role("Bob", "2")
    model = ScriptedModel(
        jobs("a", "b", "c"), member("Ann"), rate(5), member(HIRE), rate(9), member("Ann"), rate(5), "x"
    )
    out = run_node(hire_and_fire, {"task": "t"}, FakeContext(roles=[ann, bob], model=model), budget=10)
    assert out.outcome == "done" and events(out)[-2:] == [("fired", "Bob"), ("worked", "Ann")]
    dear = ScriptedModel(jobs("a"), "nothing was done")
    out = run_node(hire_and_fire, {"task": "t"}, FakeContext(roles=[role("Ann")], model=dear), budget=3)
    assert (out.outcome, out.outputs["ledger"], out.outputs["spent"]) == ("exhausted", [], 0)


def test_an_unaffordable_hire_empties_the_team_first():
    """Somebody new is wanted and the money is short: the old one is fired, and it still is not enough."""
    ann, bob = role("Ann", "1"), role("Bob")
    model = ScriptedModel(jobs("a", "b"), member("Ann"), rate(5), member(HIRE), "half")
    out = run_node(hire_and_fire, {"task": "t"}, FakeContext(roles=[ann, bob], model=model), budget=7)
    assert out.outcome == "exhausted" and events(out)[-1] == ("fired", "Ann") and out.outputs["team"] == []


def test_nothing_to_do():
    """An empty task is an error."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(hire_and_fire, {"task": ""})
