"""FunCoder: helpers are divided off, and behaviour, not the first answer, decides which program is kept."""

from pathlib import Path

from tests.templates.running import Lab, said

TASK = "Write double_sum(a, b), which returns twice the sum."
HELPER = "Write a Python function add(a, b) that returns the sum."
WRONG = "```python\ndef add(a, b):\n    return a * b\n```"
RIGHT = "```python\ndef add(a, b):\n    return a + b\n```"
SAME = "```python\ndef add(a, b):\n    return sum([a, b])\n```"
WHOLE = "```python\ndef add(a, b):\n    return a + b\n\ndef double_sum(a, b):\n    return 2 * add(a, b)\n```"
OFF = "```python\ndef double_sum(a, b):\n    return a + b\n```"


def test_the_helper_that_behaves_like_most_is_kept_though_another_came_first(tmp_path: Path):
    """Two candidates add in different words, the first multiplies: it is outvoted, and Compose is shown the winner."""
    ran = Lab("funcoder", tmp_path).run(
        said("divide", {"answer": [HELPER]}),
        said("conquer", {"calls": ["add(1, 2)", "add(5, 4)"]}, match="different calls"),
        said("conquer", WRONG), said("conquer", RIGHT), said("conquer", SAME),
        said("compose", {"calls": ["double_sum(1, 2)", "double_sum(3, 4)"]}, match="different calls"),
        said("compose", OFF), said("compose", WHOLE), said("compose", WHOLE),
        task=TASK,
    )  # fmt: skip
    (helper,) = ran.results("conquer")
    assert "return a + b" in helper["program"] and helper["agreement"] == 0.5
    assert "def add(a, b):\n    return a + b" in ran.prompts("compose")[0] and "a * b" not in ran.prompts("compose")[0]
    assert "2 * add(a, b)" in ran.outputs["program"] and ran.outputs["agreement"] == 0.5


def test_a_function_that_needs_no_helpers_is_not_divided(tmp_path: Path):
    """With an empty list nothing is conquered; three programs are written for the whole at once."""
    ran = Lab("funcoder", tmp_path).run(
        said("divide", {"answer": []}), said("compose", {"calls": ["add(1, 2)"]}, match="different calls"),
        said("compose", RIGHT, repeat=True), task=HELPER,
    )  # fmt: skip
    assert ran.visits["conquer"] == 0
    assert ran.outputs == {"program": "def add(a, b):\n    return a + b", "agreement": 1}
    assert "helper function:" not in ran.prompts("compose")[0]
