"""search.learn_rules"""

from typing import Any

import pytest

from nodes.contract import NodeError, Route
from nodes.search.learn_rules import Held, Rule, learn_rules, selected
from nodes.tools.run_code import run_code
from tests.fakes import FakeContext, ScriptedModel, run_node

TRIES = [
    {"situation": {"has": ["axe"], "at": "wood"}, "action": "cut", "success": True},
    {"situation": {"has": [], "at": "wood"}, "action": "cut", "success": False},
    {"situation": {"has": [], "at": "lake"}, "action": "drink", "success": True},
    {"situation": {"has": ["axe"], "at": "lake"}, "action": "cut", "success": False},
]
NEEDS_AXE = {"says": "Cutting needs an axe.", "code": "def rule(situation, action):\n"
             "    if action == 'cut' and 'axe' not in situation['has']:\n        return False"}  # fmt: skip
ONLY_WOOD = {"says": "One cuts in the wood.", "code": "```python\ndef rule(situation, action):\n"
             "    if action == 'cut' and situation['at'] != 'wood':\n        return False\n```"}  # fmt: skip
TOO_BOLD = {"says": "Cutting works.", "code": "def rule(situation, action):\n    return action == 'cut' or None"}
BREAKS = {"says": "x", "code": "def rule(situation, action):\n    return situation['gold'] > 1"}
SILENT = {"says": "y", "code": "def rule(situation, action):\n    return None"}


def learn(*rounds: list[dict[str, str]], **config: Any) -> tuple[Route, FakeContext]:
    ctx = FakeContext(model=ScriptedModel(*({"rules": each} for each in rounds)))
    return run_node(learn_rules, {"tries": TRIES}, ctx, **config), ctx


def test_only_rules_that_hold_are_kept():
    """A rule that is wrong once, breaks, or applies to nothing is not kept, and is given back with why."""
    out, ctx = learn([NEEDS_AXE, TOO_BOLD, BREAKS, SILENT], [ONLY_WOOD])
    assert out.outcome == "learned"
    assert [(each["says"], each["covers"]) for each in out.outputs["rules"]] == [
        ("Cutting needs an axe.", 1), ("One cuts in the wood.", 1),
    ]  # fmt: skip
    assert out.outputs["coverage"] == 0.5 and "- One cuts in the wood." in out.outputs["text"]
    again = ctx.model.calls[1].text
    assert "It says True of" in again and "It failed: KeyError" in again and "applies to none" in again
    assert "with the keys has, at" in ctx.model.calls[0].text


def test_the_rules_predict_what_was_not_tried():
    """The code that comes out runs as it is: a failure foreseen, and nothing said where no rule applies."""
    code = learn([NEEDS_AXE, ONLY_WOOD])[0].outputs["code"]
    for situation, action, said in [
        ({"has": [], "at": "wood"}, "cut", False),
        ({"has": [], "at": "lake"}, "swim", None),
    ]:
        values = {"situation": situation, "action": action}
        ran = run_node(run_code, {"code": code, "values": values}, FakeContext(), call="predict(situation, action)")
        assert ran.outputs["result"] is said


def test_the_fewest_rules_that_explain_most():
    """A rule that explains nothing new is left out, and so is what is over the limit."""
    held = [Held(Rule(says=name, code="x"), covers) for name, covers in (("a", {1}), ("b", {1, 2, 3}), ("c", {4}))]
    assert [each.rule.says for each in selected(held, 5)] == ["b", "c"]
    assert [each.rule.says for each in selected(held, 1)] == ["b"]


def test_nothing_learned():
    """Where no rule holds there is no code; the rounds are spent."""
    out, ctx = learn([TOO_BOLD], [TOO_BOLD], rounds=2)
    assert (out.outcome, out.outputs["code"], out.outputs["coverage"], len(ctx.model.calls)) == ("none", "", 0, 2)


@pytest.mark.parametrize(("tries", "match"), [([], "no tries"), ([{"action": "cut"}], "is no try")])
def test_bad_tries(tries: list[Any], match: str):
    """No experience, and records that do not say how it ended, are errors."""
    with pytest.raises(NodeError, match=match):
        run_node(learn_rules, {"tries": tries}, FakeContext())
