"""MetaChain: tools that pass their tests are handed to the drafted workflow, and its mistakes change the draft."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, calls, said

EXAMPLES = [{"task": "two", "expected": "4"}, {"task": "ten", "expected": "20"}]
MADE = [
    said("needs", {"answer": ["Takes a word for a number, gives back twice the number."]}),
    said("make", {"name": "twice", "description": "Twice a number in words.", "tests": ["assert twice('two') == 4"]}),
    said("make", "```python\ndef twice(word: str) -> int:\n    return 2 * {'two': 2, 'ten': 10}[word]\n```"),
]


def drafts(does: str, title: str) -> Reply:
    """The outline of a workflow of one step."""
    steps: list[Any] = [{"does": does, "instruction": "Double it."}]
    return said("draft", {"idea": "So.", "title": title, "steps": steps})


def run(lab: Lab, *replies: Reply) -> Ran:
    return lab.run(*replies, description="Double a number in words.", examples=EXAMPLES)


def test_the_workflow_uses_the_tool_that_was_made_for_it(tmp_path: Path):
    """Its agent calls the kept tool on both examples, and both are right."""
    ran = run(
        Lab("metachain", tmp_path), *MADE, drafts("tools", "By tool"),
        calls("step_1", "kept_tools", "two", name="twice", arguments={"word": "two"}),
        calls("step_1", "kept_tools", "ten", name="twice", arguments={"word": "ten"}),
        said("step_1", "4", match="^4"), said("step_1", "20", match="^20"),
    )  # fmt: skip
    assert ran.outputs["score"] == 1 and ran.outputs["tools"] == ["twice"]
    assert "By tool" in ran.outputs["workflow"] and "tool.kept" in ran.outputs["workflow"]
    assert len(ran.tool_results("kept_tools")) == 2


def test_what_went_wrong_goes_into_the_next_draft(tmp_path: Path):
    """The first draft gets one example wrong; the second is drafted with that mistake in view."""
    ran = run(
        Lab("metachain", tmp_path), *MADE, drafts("think", "By heart"), said("step_1", "4", match="two"),
        said("step_1", "12", match="ten"), drafts("think", "Again"), said("step_1", "4", match="two"),
        said("step_1", "20", match="ten"),
    )  # fmt: skip
    assert ran.outputs["score"] == 1 and ran.visits["draft"] == 2
    first, second = ran.prompts("draft")
    assert "Answered: 12" not in first and "Answered: 12" in second
    assert "twice" in first  # the designer is told of the tool


def test_a_tool_that_fails_its_tests_is_not_offered(tmp_path: Path):
    """The workflow is drafted without it, and after three drafts the last one is given out with its score."""
    wrong = said("make", "```python\ndef twice(word: str) -> int:\n    return 7\n```")
    ran = run(
        Lab("metachain", tmp_path), *MADE[:2], wrong, wrong, wrong,
        *(drafts("think", f"Try {n}") for n in range(3)), said("step_1", "4", repeat=True),
    )  # fmt: skip
    assert "twice" not in ran.prompts("draft")[0]
    assert ran.outputs["score"] == 0.5 and "Try 2" in ran.outputs["workflow"]
