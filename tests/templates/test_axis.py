"""AXIS: the interface where no API is known, an API made of what was done there, and the API from then on."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

TASK = "Put the lines in alphabetical order."
DOCUMENT = "b\na"
SORT = "```python\ndef sort_lines(lines):\n    'Put the lines in alphabetical order.'\n    return sorted(lines)\n```"


def steps(*names: str) -> list[Reply]:
    """What is pressed in the interface."""
    return [said("step", name) for name in names]


def test_without_an_api_the_interface_is_used_and_an_api_made(tmp_path: Path):
    """The steps change the document one by one; the function that does the same is kept."""
    lab = Lab("axis", tmp_path)
    ran = lab.run(*steps("down", "finish"), said("explore", SORT), task=TASK, document=DOCUMENT)
    assert (ran.outputs["document"], ran.outputs["way"]) == ("a\nb", "interface")
    assert ran.outputs["path"] == ["down", "finish"] and ran.outcomes("keep") == ["kept"]


def test_with_an_api_one_call_does_it(tmp_path: Path):
    """The second run, on other lines, finds the API and never touches the interface."""
    lab = Lab("axis", tmp_path)
    lab.run(*steps("down", "finish"), said("explore", SORT), task=TASK, document=DOCUMENT)
    ran = lab.run(said("call", "sort_lines(lines)", match="sort_lines"), task=TASK, document="d\nc\ne")
    assert (ran.outputs["document"], ran.outputs["way"]) == ("c\nd\ne", "API")
    assert ran.visits["step"] == 0 and len(ran.bench.spans.of("chat")) == 1


def test_a_call_that_fails_falls_back_to_the_interface(tmp_path: Path):
    """The error of the call is known to the first step, and the task is done by hand."""
    lab = Lab("axis", tmp_path)
    lab.run(*steps("down", "finish"), said("explore", SORT), task=TASK, document=DOCUMENT)
    ran = lab.run(
        said("call", "order_lines(lines)"), said("step", "down", match="order_lines"), *steps("finish"),
        said("explore", SORT), task=TASK, document=DOCUMENT,
    )  # fmt: skip
    assert ran.outputs["document"] == "a\nb" and ran.outputs["way"] == "interface"


def test_an_api_that_does_something_else_is_not_kept(tmp_path: Path):
    """A function that does not turn before into after is rejected, and the next run finds none."""
    lab = Lab("axis", tmp_path)
    wrong = "```python\ndef sort_lines(lines):\n    return lines\n```"
    first = lab.run(*steps("down", "finish"), said("explore", wrong), task=TASK, document=DOCUMENT)
    second = lab.run(*steps("down", "finish"), said("explore", SORT), task=TASK, document=DOCUMENT)
    assert first.outcomes("keep") == ["rejected"] and second.outcomes("find") == ["none"]
