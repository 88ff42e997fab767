"""reflection.falsify"""

import pytest

from nodes.contract import NodeError
from nodes.reflection.falsify import falsify
from tests.fakes import FakeContext, ScriptedModel, run_node

PROGRAM = "def largest(numbers):\n    best = 0\n    for n in numbers:\n        best = max(best, n)\n    return best"
FIXED = "def largest(numbers):\n    return max(numbers)"
CHECK = "def check(numbers):\n    return largest(numbers) == sorted(numbers)[-1]"
INPUTS = {"program": PROGRAM, "task": "Return the largest number.", "check": CHECK}


def propose(*examples: str) -> list[str | dict[str, str]]:
    return [part for example in examples for part in ("Think of signs.", {"arguments": example})]


def test_an_example_that_really_fails_is_found():
    """What the program gets right refutes nothing; the first example it gets wrong ends the search."""
    model = ScriptedModel(*propose("[1, 3, 2]", "[-1, -2]", "[0]"))
    ctx = FakeContext(model=model)
    result = run_node(falsify, INPUTS, ctx)
    assert result.outcome == "refuted"
    assert result.outputs["example"] == "[-1, -2]" and result.outputs["tried"] == ["[1, 3, 2]", "[-1, -2]"]
    assert result.outputs["report"] == "The program fails on [-1, -2]: the check is false"
    assert "It is right on these:\n[1, 3, 2] (the check holds)" in model.calls[2].text
    assert [row[1] for row in ctx.views[-1]["rows"]] == [False, True]


def test_the_snippet_decides_and_not_the_model():
    """Claimed counterexamples that a right program gets right leave it standing, within the rounds."""
    model = ScriptedModel(*propose("[-1, -2]", "[5]"))
    result = run_node(falsify, {**INPUTS, "program": FIXED}, FakeContext(model=model), max_rounds=2)
    assert result.outcome == "survived"
    assert (result.outputs["example"], result.outputs["report"]) == ("", "")


def test_a_crash_refutes_and_a_malformed_example_does_not():
    """An example must be literals; one on which the program raises is a failure with its error."""
    model = ScriptedModel(*propose("open('x')", "[3, 1", "[]"))
    result = run_node(falsify, {**INPUTS, "program": FIXED}, FakeContext(model=model))
    assert result.outcome == "refuted" and result.outputs["example"] == "[]"
    assert "ValueError" in result.outputs["report"] or "IndexError" in result.outputs["report"]
    assert len(result.outputs["tried"]) == 3


def test_the_check_can_be_written_by_the_model():
    """Without one wired in the model writes it first, and it is given out."""
    model = ScriptedModel(f"```python\n{CHECK}\n```", *propose("[-1]"))
    inputs = {"program": f"```python\n{PROGRAM}\n```", "task": "Return the largest number."}
    result = run_node(falsify, inputs, FakeContext(model=model))
    assert result.outcome == "refuted" and result.outputs["check"] == CHECK


def test_a_check_that_does_not_run_refutes_nothing():
    """Else every example would seem to refute."""
    with pytest.raises(NodeError, match="do not run: NameError"):
        run_node(falsify, {**INPUTS, "check": "def other(): pass"})
