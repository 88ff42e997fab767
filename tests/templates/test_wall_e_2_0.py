"""WALL-E: rules as code veto imagined actions, and a failure they let pass teaches new ones."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

STONE = 'def rule(situation, action):\n    if action == "mine stone":\n        return situation["pickaxe"] >= 1'
PICKAXE = (
    'def rule(situation, action):\n    if action == "make pickaxe" and not situation["table"]:\n        return False'
)
WRONG = "def rule(situation, action):\n    return True"
HERE = {"wood": 3, "table": 0, "pickaxe": 0, "stone": 0}


def tried(**more: int) -> list[dict[str, Any]]:
    """Mining fails without a pickaxe and works with one."""
    empty = {"wood": 0, "table": 0, "pickaxe": 0, "stone": 0}
    return [
        {"situation": empty, "action": "mine stone", "success": False},
        {"situation": {**empty, "pickaxe": 1, **more}, "action": "mine stone", "success": True},
    ]


def learns(*codes: str, match: str | None = None) -> Reply:
    """Rules as the model writes them."""
    return said("learn", {"rules": [{"says": f"Rule {n}.", "code": code} for n, code in enumerate(codes)]}, match=match)


def proposes(*actions: str) -> Reply:
    """What the agent would do next."""
    return said("look", {"steps": list(actions)}, match="^(?![\\s\\S]*Judge it)")


GOOD = said("look", {"reason": "So.", "score": 9}, match="Judge it", repeat=True)


def test_what_the_rules_call_impossible_is_not_taken(tmp_path: Path):
    """Mining is proposed first, but the learned rule vetoes it: the table is built, and no surprise comes of it."""
    ran = Lab("wall_e_2_0", tmp_path).run(
        learns(STONE), proposes("mine stone", "build table"), proposes("make pickaxe"), GOOD, goal="Have a pickaxe.",
        tries=tried(), begin=HERE,
    )  # fmt: skip
    assert ran.outputs["way"] == ["build table worked", "make pickaxe worked"]
    assert ran.outputs["reached"] is True and ran.outputs["surprises"] == 0


def test_a_surprise_is_learned_from_and_not_made_twice(tmp_path: Path):
    """No rule tells of pickaxes: the failure becomes a try, a rule comes of it, and the same proposal is vetoed."""
    ran = Lab("wall_e_2_0", tmp_path).run(
        learns(STONE), proposes("make pickaxe"), learns(STONE, PICKAXE, match="make pickaxe"),
        proposes("make pickaxe", "build table"), proposes("make pickaxe"), GOOD, goal="Have a pickaxe.", tries=tried(),
        begin=HERE,
    )  # fmt: skip
    assert ran.outputs["way"] == ["make pickaxe failed", "build table worked", "make pickaxe worked"]
    assert ran.outputs["surprises"] == 1 and ran.visits["learn"] == 2


def test_a_rule_that_does_not_hold_is_not_kept(tmp_path: Path):
    """One that is wrong about a try is written again, told which; only what holds is in the store."""
    ran = Lab("wall_e_2_0", tmp_path).run(
        learns(WRONG), learns(STONE, match="It says True"), proposes("build table"), proposes("make pickaxe"), GOOD,
        goal="Have a pickaxe.", tries=tried(), begin=HERE,
    )  # fmt: skip
    assert ran.results("learn")[0]["code"].count("return True") == 0 and ran.outputs["reached"] is True
