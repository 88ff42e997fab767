"""AucArena: only covered bids count, the highest wins, the plain rule bids too, and plans are mended afterwards."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

LOT: dict[str, Any] = {"name": "a clock", "start": 20, "estimate": 50, "worth": 45}
CHART: dict[str, Any] = {"name": "a chart", "start": 90, "estimate": 100, "worth": 95}


def bids(*pairs: tuple[float, float]) -> list[Reply]:
    """What Ann and Bo bid, round by round."""
    return [said("bid", {"answer": {"why": "", "bid": sum}}, item=at) for pair in pairs for at, sum in enumerate(pair)]


def auction(tmp_path: Path, items: list[Any], *replies: Reply) -> Ran:
    """An auction between Ann with 120, Bo with 90, and the plain rule with 100."""
    lab = Lab("aucarena", tmp_path)
    plans = [said(node, f"{node} of {name}", item=at, repeat=True)
             for node in ("plan", "replan") for at, name in enumerate(("Ann", "Bo"))]  # fmt: skip
    return lab.run(*replies, *plans, **lab.changed({"items": items}))


def test_the_highest_covered_bid_wins_and_pays(tmp_path: Path):
    """Bo's bid above his budget does not count; Ann wins at her own price, and books worth less price."""
    ran = auction(tmp_path, [LOT], *bids((60, 95), (0, 0)))
    house = ran.outputs["auction"]
    assert house["log"] == ["Ann won a clock for 60; it is worth 45"]
    assert house["budgets"] == {"Plain": 100, "Ann": 60, "Bo": 90}
    assert house["profits"] == {"Plain": 0, "Ann": -15, "Bo": 0}


def test_the_plain_rule_bids_up_to_its_limit(tmp_path: Path):
    """Alone it takes the item at the first price; against Ann it follows to eight tenths of the estimate, 40."""
    assert auction(tmp_path / "one", [LOT], *bids((0, 0), (0, 0))).outputs["auction"]["profits"]["Plain"] == 25
    ran = auction(tmp_path / "two", [LOT], *bids((30, 0), (0, 0), (40, 0), (0, 0)))
    assert ran.outputs["auction"]["log"] == ["Ann won a clock for 40; it is worth 45"]
    highest = [result["world"]["highest"] for result in ran.results("house")]
    assert 35 in highest  # the rule's answer to Ann's 30


def test_plans_are_mended_by_what_was_sold(tmp_path: Path):
    """The new plan is made with who won what, and stands before the bids on the next item."""
    ran = auction(tmp_path, [LOT, CHART], *bids((60, 0), (0, 0), (0, 0)))
    assert ran.outputs["auction"]["log"][1] == "a chart was not sold"
    assert "Ann won a clock for 60" in ran.prompts("replan")[0]
    assert "replan of Ann" in ran.prompts("bid")[-2] and "replan" not in ran.prompts("bid")[0]
