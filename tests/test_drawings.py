"""Mechanisms of the literature as drawings: small workflows that prove what the table of mechanisms says of their rows.

``drawings/<id>.yaml`` draws the row of that id out of installed kinds. Each can run as it stands; some do here, with a
scripted model, to show the mechanism at work.
"""

import csv
import json
from pathlib import Path
from typing import Any, Final

import pytest

from graphs.document import Document
from graphs.validate import validate
from graphs.yaml_format import parse
from tests.graphs.engine.reaching import SPACES, opened

HERE: Final = Path(__file__).parent
DRAWINGS: Final = sorted((HERE / "drawings").glob("*.yaml"))
COMMON: Final = {"start", "finish", "resource.subworkflow", "resource.memory_space", "resource.model"}
"""Kinds that hold the others together, and that a row need not name."""
GLUE: Final = {
    "tool.calculator",
    "control.set_state",
    "control.record",
    "control.compute",
    "control.route",
    "control.for_each",
}

with (HERE.parent / "docs" / "mechanisms.tsv").open(encoding="utf-8", newline="") as file:
    ROWS: Final = {row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def drawing(id: str) -> Document:
    return parse((HERE / "drawings" / f"{id}.yaml").read_text(encoding="utf-8"))


def ran(tmp_path: Path, id: str, inputs: dict[str, Any], *replies: dict[str, Any]) -> Any:
    """The outputs of a run with these answers, by node."""
    bench = opened(tmp_path, *replies)
    row = bench.run(drawing(id), inputs)
    bench.runner.close()
    assert row.status == "done", row.error
    return row.outputs, bench


def says(node: str, answer: Any, **when: Any) -> dict[str, Any]:
    """What a node's model answers: a text, or what fits a schema."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return {"node": node, "text": text, "repeat": True, **when}


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_drawing_can_run_and_is_of_its_row(path: Path):
    """It has no finding at all; the row says that it is drawn, and names the kinds that do the work in it."""
    document, row = drawing(path.stem), ROWS[path.stem]
    assert [str(each) for each in validate(document)] == []
    assert row["status"] == "drawn"
    used, named = {node.kind for node in document.nodes.values()}, set(row["kinds"].split())
    assert used - COMMON - GLUE <= named, used - COMMON - GLUE - named
    assert used & named


def test_the_recruited_discuss_and_are_recruited_anew(tmp_path: Path):
    """AgentVerse: the written team speaks in the chat; the evaluation leads to another, told why."""
    teams = [
        says("recruit", {"experts": [{"name": name, "persona": f"You are {name}.", "skills": "", "job": ""}]}, visit=at)
        for at, name in ((1, "Ann"), (2, "Bo"))
    ]
    outputs, bench = ran(
        tmp_path, "agentverse", {"task": "t"}, *teams,
        says("discuss", "We agree.\nDONE"), says("act", "```python\nfinal_answer('bread')\n```"),
        says("evaluate", {"verdict": "revise", "score": 2}, visit=1, match="judgement into the form"),
        says("evaluate", {"verdict": "accept", "score": 9}, visit=2, match="judgement into the form"),
        says("evaluate", "Use rye."),
    )  # fmt: skip
    assert outputs == {"answer": "bread"}
    chats = {json.dumps(span["input"]) for span in bench.spans.of("chat") if span["node_id"] == "discuss"}
    assert any("You are Ann." in chat for chat in chats) and any("You are Bo." in chat for chat in chats)
    recruited = [json.dumps(span["input"]) for span in bench.spans.of("chat") if span["node_id"] == "recruit"]
    assert "An earlier team fell short: Use rye." in recruited[-1]


def test_everyone_sees_whom_they_follow(tmp_path: Path):
    """OASIS: posts run along the network; nobody's feed holds a post of somebody they do not follow."""
    outputs, bench = ran(tmp_path, "oasis", {}, says("post", "I like it."))
    follows = {person["name"]: person["follows"] for person in outputs["people"]}
    assert len(outputs["events"]) == 6 and all(len(others) == 1 for others in follows.values())
    feeds = [span["input"] for span in bench.spans.of("invoke_node") if span["node_id"] == "feed"]
    for feed in feeds:
        name = feed["interests"]["name"]
        assert {item["actor"] for item in feed["items"]} <= {name, *follows[name]}
    assert any(feed["items"] for feed in feeds)


def test_orders_meet_in_the_market(tmp_path: Path):
    """StockAgent: the orders of two days are matched, accounts and price go on from day to day."""
    orders = [
        says("decide", {"answer": {"trader": "Ann", "side": "sell", "price": 12, "quantity": 2}}, item=0),
        says("decide", {"answer": {"trader": "Bo", "side": "buy", "price": 12, "quantity": 1}}, item=1),
    ]
    accounts = {"Ann": {"cash": 0, "shares": 5}, "Bo": {"cash": 30, "shares": 0}}
    inputs = {"traders": [{"name": "Ann"}, {"name": "Bo"}], "accounts": accounts, "news": ["calm", "storm"]}
    outputs, bench = ran(tmp_path, "stockagent", inputs, *orders)
    assert outputs["price"] == 12
    assert outputs["accounts"] == {"Ann": {"cash": 24, "shares": 3}, "Bo": {"cash": 6, "shares": 2}}
    asked = [json.dumps(span["input"]) for span in bench.spans.of("chat")]
    assert "Last price: 10" in asked[0] and any("storm" in each and "Last price: 12" in each for each in asked)


def test_the_generous_are_paid_and_survive(tmp_path: Path):
    """Donor game: gifts are doubled on their way; whoever has most in the end hands on a strategy."""
    inputs = {"people": [{"name": name, "strategy": "give"} for name in ("Ann", "Bo", "Cy", "Di")]}
    replies = says("give", {"answer": 1}), says("inherit", "Give.")
    outputs, bench = ran(tmp_path, "donor-game-cultural-evolution", inputs, *replies)
    moved = [span["output"]["world"]["purses"] for span in bench.spans.of("invoke_node") if span["node_id"] == "move"]
    assert outputs == {"people": ["Give.", "Give."]}
    assert sorted(moved[0].values()) == [0, 0, 2, 2] and moved[0] != moved[1]
    survivors = next(span for span in bench.spans.of("invoke_node") if span["node_id"] == "survive")["output"]["items"]
    ranked = sorted(moved[-1], key=lambda name: -moved[-1][name])
    assert moved[-1][survivors[0]["name"]] == moved[-1][ranked[0]]


def test_everyone_has_a_stream_of_their_own(tmp_path: Path):
    """Generative agents: what happens at the inn is remembered at the inn alone."""
    ruling = {"thought": "", "possible": True, "event": "Something happens."}
    ran(tmp_path, "generative-agents", {}, says("do", "I rest."), says("live", ruling))
    owners = set(SPACES["streams"].owners.values())
    assert owners == {"Ada", "Ben"} and len(SPACES["streams"].hits) == 2


def test_rules_that_hold_foresee_a_failure(tmp_path: Path):
    """WALL-E 2.0: a rule learned from tries, run as code in the world model, keeps an action from being taken."""
    tries = [
        {"situation": {"axe": False}, "action": "cut", "success": False},
        {"situation": {"axe": True}, "action": "cut", "success": True},
    ]
    code = "def rule(situation, action):\n    if action == 'cut':\n        return situation['axe']"
    outputs, _ = ran(
        tmp_path, "wall-e-2-0", {"goal": "wood", "situation": {"axe": False}, "tries": tries},
        says("learn", {"rules": [{"says": "Cutting needs an axe.", "code": code}]}),
        says("ahead", {"steps": ["cut", "look for an axe"]}, match="Propose"),
        says("ahead", {"reason": "good", "score": 8}),
    )  # fmt: skip
    assert outputs["action"] == "look for an axe"


def test_a_task_may_do_what_was_drafted_for_it(tmp_path: Path):
    """Progent: the drafted rule lets the sum of the task through and nothing else; the designer's rule stays."""
    rule = {"reason": "The sum.", "when": "args.expression == '6 * 7'", "effect": "allow", "tool": "calculator"}
    calls = [
        {"node": "work", "tool_calls": [{"name": "calculator", "arguments": {"expression": expression}}]}
        for expression in ("6 * 8", "6 * 7")
    ]
    answers = says("draft", {"rules": [rule]}), *calls, says("work", "42")
    _, bench = ran(tmp_path, "progent", {"task": "6 x 7?"}, *answers)
    spans = bench.spans.of("execute_tool")
    assert [(span["input"]["expression"], (span.get("error") or {}).get("type")) for span in spans] == [
        ("6 * 8", "PolicyDenied"), ("6 * 7", None),
    ]  # fmt: skip
