"""Agentless: a fixed way from issue to patch; the vote decides, and nothing is tried again."""

from pathlib import Path

from templates import catalogue
from tests.templates.running import Lab, said

INPUTS = catalogue.load("agentless").examples[0]["inputs"]
SLUG = 'def slug(title):\n    return title.lower().replace(" ", "-")\n\n'
WRONG = f"```python\n{SLUG}def shorten(text, limit):\n    return text[:limit]\n```"
RIGHT = (
    f'```python\n{SLUG}def shorten(text, limit):\n    return text if len(text) <= limit else text[:limit] + "..."\n```'
)
WAY = ["start", "file", "place", "repair", "check", "finish"]


def located():
    """Answers of the two phases of localisation."""
    return said("file", "text_tools.py"), said("place", "shorten adds dots always.", match="in text_tools.py")


def test_the_dissenting_patch_loses_the_vote(tmp_path: Path):
    """The first of four patches is outvoted by two that agree, and what wins passes all tests."""
    other = "```python\ndef shorten(text, limit):\n    return text\n```"
    ran = Lab("agentless", tmp_path).run(
        *located(), said("repair", WRONG), said("repair", RIGHT), said("repair", other), said("repair", RIGHT), **INPUTS
    )
    assert ran.outputs["score"] == 1 and "len(text) <= limit" in ran.outputs["patch"]
    assert ran.outputs["file"] == "text_tools.py" and ran.results("repair")[0]["agreement"] == 0.5


def test_each_phase_hands_its_finding_to_the_next(tmp_path: Path):
    """The prompt for a patch holds the file and the fault that were found, and the issue."""
    ran = Lab("agentless", tmp_path).run(*located(), said("repair", RIGHT, repeat=True), **INPUTS)
    prompt = ran.prompts("repair")[0]
    assert "text_tools.py: shorten adds dots always." in prompt and INPUTS["issue"] in prompt


def test_a_patch_that_fails_is_reported_and_not_tried_again(tmp_path: Path):
    """The control flow is the same whether the tests pass or fail: six model calls, then the end."""
    ran = Lab("agentless", tmp_path).run(*located(), said("repair", WRONG, repeat=True), **INPUTS)
    assert ran.order == WAY and len(ran.bench.spans.of("chat")) == 6
    assert 0 < ran.outputs["score"] < 1 and 'shorten("abcdef", 3)' in ran.outputs["report"]
