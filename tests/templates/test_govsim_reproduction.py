"""GovSim: catches are made side by side, the lake regrows or dies, the talk reaches the next catch."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

NAMES = ("kim", "lars", "mona")


def catches(*tons: float) -> list[Reply]:
    """What the three catch in a month."""
    each = zip(NAMES, tons, strict=True)
    return [said(f"{name}_catches", {"answer": {"why": "", "tons": many}}) for name, many in each]


def fish(tmp_path: Path, *replies: Reply, **inputs: Any) -> Ran:
    """A run with these inputs, the rest as in the example."""
    lab = Lab("govsim_reproduction", tmp_path)
    return lab.run(*replies, **lab.changed(inputs))


def test_what_is_left_doubles_and_the_talk_reaches_the_next_catch(tmp_path: Path):
    """After 60 of 100 tons the lake has 80; what was agreed stands before the second catch, not the first."""
    talk = [said("talk", text) for text in ("Less for all.", "Yes.", "Yes, 10 each.", "10 each")]
    ran = fish(tmp_path, *catches(20, 20, 20), *talk, *catches(10, 10, 10), months=2)
    assert [result["world"]["fish"] for result in ran.results("lake")] == [100, 80, 100]
    assert ran.outputs["survived"] == 2
    first, second = ran.prompts("lars_catches")
    assert "Yes, 10 each." in second and "Yes" not in first and "20" not in first
    assert "kim caught 20 tons" in ran.prompts("talk")[0]


def test_an_overfished_lake_dies_out_and_ends_the_run(tmp_path: Path):
    """Below 5 tons nothing regrows: the second month is never fished, nobody takes what is not there."""
    ran = fish(tmp_path, *catches(60, 60, 60), months=5)
    assert ran.outputs["lake"]["fish"] == 0 and ran.outputs["survived"] == 0
    assert ran.outputs["lake"]["caught"] == {"kim": 60, "lars": 40, "mona": 0}
    assert ran.visits["kim_catches"] == 1


def test_the_universal_question_is_asked_only_where_it_is_wished(tmp_path: Path):
    """Everyone is told the catch above which the lake shrinks if all take it."""
    without = fish(tmp_path / "without", *catches(1, 1, 1), months=1)
    ran = fish(tmp_path / "with", *catches(1, 1, 1), months=1, universal=True)
    assert all("if each of you catches more than 16" in ran.prompts(f"{name}_catches")[0] for name in NAMES)
    assert "if each of you" not in without.prompts("kim_catches")[0]
