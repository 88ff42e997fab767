"""control.pick"""

from typing import Any

import pytest

from nodes.contract import NodeError, Route
from nodes.control.pick import pick
from tests.fakes import FakeContext, run_node

TESTS = [
    {"id": "a", "passed": 2, "by": "x"}, {"id": "b", "passed": 5, "by": "x"}, {"id": "c", "passed": 5, "by": "y"},
    {"id": "d", "passed": 0, "by": "y"},
]  # fmt: skip


def picked(items: list[Any], other: Any = None, state: Any = None, **config: Any) -> Route:
    inputs = {"items": items, **({"other": other} if other is not None else {}), **({"state": state} if state else {})}
    return run_node(pick, inputs, FakeContext(), **config)


def ids(items: list[dict[str, Any]]) -> str:
    return "".join(each["id"] for each in items)


def test_the_best_few_are_kept_in_their_rank():
    """Weak candidates go; of equals the earlier stands first; the rest stays in its order."""
    out = picked(TESTS, by="item.passed", best="highest", most=2)
    assert out.outcome == "found"
    assert (ids(out.outputs["items"]), ids(out.outputs["rest"]), out.outputs["best"]["id"]) == ("bc", "ad", "b")
    assert ids(picked(TESTS, by="item.passed", best="lowest", most=9).outputs["items"]) == "dabc"


def test_what_does_not_hold_is_left_out():
    """The condition may look at a value beside the list and at the state."""
    assert ids(picked(TESTS, other=3, where="item.passed > other").outputs["items"]) == "bc"
    assert ids(picked(TESTS, state={"who": "y"}, where="item.by == state.who").outputs["items"]) == "cd"
    nothing = picked(TESTS, where="item.passed > 9")
    assert (nothing.outcome, nothing.outputs["best"], len(nothing.outputs["rest"])) == ("none", None, 4)
    assert picked([]).outcome == "none"


def test_each_groups_own_best():
    """One of each author: a candidate's own best."""
    out = picked(TESTS, by="item.passed", best="highest", most=1, group="item.by")
    assert ids(out.outputs["items"]) == "bc" and ids(out.outputs["rest"]) == "ad"


def test_ranks_must_compare():
    """Texts rank by letters; texts among numbers, and records, are errors that name the value."""
    assert picked(["pear", "fig"], by="item").outputs["items"] == ["fig", "pear"]
    with pytest.raises(NodeError, match="texts beside numbers"):
        picked(["pear", 3], by="item")
    with pytest.raises(NodeError, match="cannot be ranked"):
        picked([{"a": 1}], by="item")
