"""SwarmBrain: reflexes act in every tick without a model; the strategist's orders change what the swarm is for."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

RAID = [{"tick": 2, "size": 1}]


def orders(build: str, stance: str, *, tick: int | None = None) -> Reply:
    """What the strategist says: at one tick, or each time."""
    answer = {"answer": {"why": "So be it.", "build": build, "stance": stance}}
    more: dict[str, Any] = {"repeat": True} if tick is None else {"match": f"Tick {tick}\\."}
    return said("strategist", answer, **more)


def play(folder: Path, *replies: Reply, **inputs: Any) -> Ran:
    """A match of at most 30 ticks."""
    given: dict[str, Any] = {"mission": "Win.", "every": 5, "ticks": 30, "raids": RAID, **inputs}
    return Lab("swarmbrain", folder).run(*replies, **given)


def reflexes(ran: Ran, state: str) -> list[int]:
    """The ticks in which a unit did that."""
    acted = [entry.partition("; lost ")[0] for entry in ran.outputs["log"]]
    return [tick for tick, told in enumerate(acted, start=1) if f" {state} " in told]


def test_the_strategist_is_asked_every_few_ticks_and_the_reflexes_act_in_all(tmp_path: Path):
    """Ten ticks, a plan at 0, 4 and 8: three calls, ten moves, and no other node calls a model."""
    ran = play(tmp_path, orders("save", "defend"), every=4, ticks=10, raids=[])
    assert ran.visits["strategist"] == 3 and ran.visits["reflex"] == 10
    assert [entry["seen"].split(".")[0] for entry in ran.outputs["orders"]] == ["Tick 0", "Tick 4", "Tick 8"]
    assert {row["node_id"] for row in ran.bench.spans.of("chat")} == {"strategist"}


def test_drones_flee_in_the_very_tick_in_which_raiders_are_near(tmp_path: Path):
    """No order says so, and none is asked for: the strategist spoke once, long before, and no drone is lost."""
    ran = play(tmp_path, orders("ling", "defend"), every=30, ticks=20)
    assert ran.visits["strategist"] == 1 and reflexes(ran, "flee")
    before = ran.outputs["log"][reflexes(ran, "flee")[0] - 2]
    assert "Raiders: 1" in before and " flee " not in before
    assert all("; lost 0." in entry for entry in ran.outputs["log"])


def test_nobody_marches_until_the_orders_say_attack_and_then_the_match_is_won(tmp_path: Path):
    """Defending alone wins nothing; the same swarm marches from the order on and destroys the nest."""
    waiting = play(tmp_path / "a", orders("ling", "defend"))
    at_last = (orders("ling", "defend", tick=0), orders("ling", "defend", tick=5), orders("ling", "attack"))
    ran = play(tmp_path / "b", *at_last)
    assert waiting.outputs["outcome"].startswith("undecided") and reflexes(waiting, "march") == []
    assert ran.outputs["outcome"].startswith("won") and min(reflexes(ran, "march")) == 11


def test_the_orders_decide_what_is_built(tmp_path: Path):
    """Who builds drones alone has one fighter from first to last, and loses the hive to the raiders."""
    ran = play(tmp_path, orders("drone", "defend"), raids=[{"tick": 2, "size": 3}], ticks=40)
    assert ran.outputs["outcome"].startswith("lost")
    assert " 1 lings" in ran.outputs["log"][-1]


def test_an_order_that_cannot_be_read_leaves_the_one_before_in_force(tmp_path: Path):
    """The second plan names nothing there is: the swarm still builds lings and attacks."""
    ran = play(tmp_path, orders("ling", "attack", tick=0), orders("a castle", "dance"), ticks=8, raids=[])
    assert [(entry["build"], entry["stance"]) for entry in ran.outputs["orders"]] == [("ling", "attack")] * 2
