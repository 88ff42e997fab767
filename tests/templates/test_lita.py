"""Lita: one loop that the model drives; hidden tests measure it and steer nothing."""

from pathlib import Path

from templates import catalogue
from tests.templates.running import Lab, Reply, calls, said

TASK = catalogue.load("lita").examples[0]["inputs"]["task"]
STOCK = catalogue.load("lita").document.inputs["files"].default[1]["text"]
RIGHT = STOCK.replace(
    "    stock[name] = stock[name] - quantity\n",
    "    if quantity > stock[name]:\n        raise ValueError(name)\n    stock[name] -= quantity\n"
    "    if not stock[name]:\n        stock.pop(name)\n",
)


def writes(text: str, match: str | None = None) -> Reply:
    """The agent writes the file."""
    return calls("lita", "files", match, action="write", path="stock.py", text=text)


def test_the_agent_drives_the_loop_itself(tmp_path: Path):
    """It reads the laid-out file, is told what its snippet came to, writes the file, and the hidden tests pass."""
    ran = Lab("lita", tmp_path).run(
        calls("lita", "files", action="read", path="stock.py"),
        calls("lita", "python", "stock.get", code="[][1]"),
        writes(RIGHT, "IndexError"),
        said("lita", "Done."),
        task=TASK,
    )
    assert ran.outputs["score"] == 1 and "raise ValueError" in ran.outputs["code"] and ran.outputs["answer"] == "Done."
    assert ran.visits["lita"] == 1 and len(ran.prompts("lita")) == 4


def test_it_never_sees_the_tests(tmp_path: Path):
    """What it will be measured by stands in none of its prompts."""
    ran = Lab("lita", tmp_path).run(writes(RIGHT), said("lita", "Done."), task=TASK)
    assert not any("assert" in prompt for prompt in ran.prompts("lita"))


def test_a_wrong_file_is_scored_and_not_sent_back(tmp_path: Path):
    """No structure around the agent: an unchanged file costs one call, passes some tests, and is the end."""
    ran = Lab("lita", tmp_path).run(said("lita", "It is fine as it is."), task=TASK)
    assert 0 < ran.outputs["score"] < 1 and "ValueError" in ran.outputs["report"]
    assert ran.outcomes("check") == ["failed"] and len(ran.bench.spans.of("chat")) == 1
