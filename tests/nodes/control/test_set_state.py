from typing import Any

import pytest

from nodes.control.set_state import set_state
from tests.fakes import run_node


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{{x}}", [1, 2]), ("{{gone}}", None), ("1", 1), ("-2.5", -2.5), ("true", True), ("[1]", [1]), ('"42"', "42"),
        ("NaN", "NaN"), ("so far {{state.n}}", "so far 3"), ("", ""),
    ],
)  # fmt: skip
def test_a_template_is_a_value(template: str, value: Any) -> None:
    """A wired value stays itself, JSON is read, everything else is text."""
    outputs = run_node(set_state, {"x": [1, 2], "state": {"n": 3}}, values={"v": template})
    assert outputs == {"written": {"v": value}, "state.v": value}


def test_nothing_is_written_without_values() -> None:
    """A fresh node does no harm."""
    assert run_node(set_state, {}) == {"written": {}}
