"""planning.ledger"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.planning.ledger import ledger
from tests.fakes import FakeContext, ScriptedModel, role, run_node

FACTS = {"given": ["a pump"], "to_find": ["its price"], "plan": ["web looks it up"]}


def said(*, progress: bool = True, solved: bool = False, repeating: bool = False, next: str = "web") -> dict[str, Any]:
    return {"reason": "because", "solved": solved, "repeating": repeating, "progress": progress, "next": next,
            "instruction": "Look it up"}  # fmt: skip


def turns(reports: list[str], answers: list[Any], **config: Any) -> tuple[list[Any], FakeContext]:
    """The loop: the node, then each report in turn."""
    ctx = FakeContext(model=ScriptedModel(*answers), roles=[role("web", skills="search"), role("coder")])
    routes = [run_node(ledger, {"task": "Price of the pump?"}, ctx, **config)]
    for report in reports:
        wired = {"task": "Price of the pump?", "ledger": routes[-1].outputs["ledger"], "report": report}
        routes.append(run_node(ledger, wired, ctx, **config))
    return routes, ctx


def test_the_team_is_led_until_the_task_is_solved():
    """Facts and plan first, then a member with an instruction, then the end when the report solves it."""
    routes, ctx = turns(["It costs 20"], [FACTS, said(), said(solved=True)])
    assert [route.outcome for route in routes] == ["continue", "done"]
    assert (routes[0].outputs["next"], routes[0].outputs["instruction"]) == ("web", "Look it up")
    assert routes[0].outputs["facts"].startswith("Given:\n- a pump\nTo find:\n- its price")
    assert routes[1].outputs["next"] == "" and routes[1].outputs["instruction"] == "because"
    assert "- web: search\n- coder: You are coder." in ctx.model.calls[0].text
    assert "web was told: Look it up\nand said: It costs 20" in ctx.model.calls[2].text
    assert ctx.views[-1]["rows"] == [[1, "web", "Look it up", "It costs 20"]]


def test_at_the_stall_it_plans_anew():
    """Two rounds without progress make facts and plan anew, told what happened, and the stalls begin at 0."""
    stuck = said(progress=False)
    anew = {**FACTS, "plan": ["coder reads the list"]}
    routes, ctx = turns(["nothing", "nothing"], [FACTS, said(), stuck, stuck, anew, said(next="coder")], max_stalls=2)
    assert [route.outcome for route in routes] == ["continue", "continue", "replan"]
    assert routes[2].outputs["next"] == "coder"
    book = routes[2].outputs["ledger"]
    assert (book["plan"], book["stalls"], book["replans"]) == (["coder reads the list"], 0, 1)
    assert "The last plan did not work" in ctx.model.calls[4].text


def test_progress_takes_a_stall_back():
    """A good round between two bad ones keeps it from planning anew."""
    bad = said(repeating=True)
    routes, _ = turns(["a", "b", "c"], [FACTS, said(), bad, said(), bad], max_stalls=2)
    assert [route.outcome for route in routes] == ["continue"] * 4
    assert [route.outputs["ledger"]["stalls"] for route in routes] == [0, 1, 0, 1]


def test_it_gives_up_after_the_last_plan_or_round():
    """Stuck again with no new plan left, or out of rounds, it is exhausted and says why."""
    stuck = said(progress=False)
    routes, _ = turns(["x"], [FACTS, said(), stuck], max_stalls=1, max_replans=0)
    assert routes[-1].outcome == "exhausted" and "planned anew 0 times" in routes[-1].outputs["instruction"]
    routes, _ = turns(["x"], [FACTS, said(), said()], max_rounds=1)
    assert routes[-1].outcome == "exhausted" and "1 rounds are spent" in routes[-1].outputs["instruction"]


def test_a_ledger_that_ended_begins_afresh():
    """The same task again, after the loop ended, has new ledgers."""
    routes, _ = turns(["It costs 20", ""], [FACTS, said(), said(solved=True), FACTS, said()])
    assert routes[-1].outcome == "continue" and len(routes[-1].outputs["ledger"]["rounds"]) == 1


def test_the_team_can_be_written_down():
    """Without roles the setting names the members; without either there is no team."""
    ctx = FakeContext(model=ScriptedModel(FACTS, said(next="clerk")))
    route = run_node(ledger, {"task": "t"}, ctx, team="clerk: files\ncook: cooks\n")
    assert route.outputs["next"] == "clerk" and "- cook: cooks" in ctx.model.calls[0].text
    with pytest.raises(NodeError, match="There is no team"):
        run_node(ledger, {"task": "t"}, team=" ")


def test_only_members_can_be_called():
    """A name outside the team does not fit the form: asked again, then an error."""
    ctx = FakeContext(model=ScriptedModel(FACTS, said(next="boss"), said(next="boss")), roles=[role("web")])
    with pytest.raises(NodeError, match="next"):
        run_node(ledger, {"task": "t"}, ctx)


def test_an_empty_task_is_refused():
    """There is nothing to lead a team to."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(ledger, {"task": " "})
