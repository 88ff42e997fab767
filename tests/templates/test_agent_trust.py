"""Agent Trust: coins are tripled and booked, nobody gives more than there is, and what was returned is known later."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said


def says(node: str, item: int, coins: Any) -> Reply:
    """What a sender or receiver of a pair decides."""
    return said(node, {"answer": {"why": "", "coins": coins}}, item=item)


def test_what_is_sent_is_tripled_and_booked(tmp_path: Path):
    """Ada sends 7 of 10, Dan has 21 and gives 10 back; the other pair plays at the same time."""
    lab = Lab("agent_trust", tmp_path)
    ran = lab.run(
        says("send", 0, 7), says("give_back", 0, 10), says("send", 1, 0), says("give_back", 1, 0),
        **lab.changed({"rounds": 1}),
    )  # fmt: skip
    result = ran.outputs["result"]
    assert result["purses"] == {"Ada": 13, "Dan": 11, "Ben": 10, "Cleo": 0}
    assert result["history"][0] == "Round 1: Ada sent Dan 7 of 10. Dan got 21 and returned 10."


def test_nobody_sends_or_returns_more_than_there_is(tmp_path: Path):
    """50 coins become 10, and of the 30 that arrive at most 30 are given back."""
    lab = Lab("agent_trust", tmp_path)
    ran = lab.run(
        says("send", 0, 50), says("give_back", 0, 99), says("send", 1, -3), says("give_back", 1, -1),
        **lab.changed({"rounds": 1}),
    )  # fmt: skip
    assert ran.outputs["result"]["purses"] == {"Ada": 30, "Dan": 0, "Ben": 10, "Cleo": 0}


def test_a_sender_knows_what_the_receiver_did_before(tmp_path: Path):
    """In round 2 Ada meets Ben, and is told of Ben's game alone; in round 1 nothing was known."""
    lab = Lab("agent_trust", tmp_path)
    rounds = [says(node, item, 1) for _ in range(2) for item in (0, 1) for node in ("send", "give_back")]
    ran = lab.run(*rounds, **lab.changed({"told": "The receiver is a machine."}))
    asked = [text for text in ran.prompts("send") if "You are Ada" in text]
    assert "Round 1" not in asked[0] and "The receiver is a machine." in asked[0]
    assert "Round 1: Ben sent Cleo 1 of 10." in asked[1] and "Ada sent Dan" not in asked[1]
