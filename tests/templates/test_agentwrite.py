"""AgentWrite: paragraphs are written in order, each knowing the plan and what stands before it."""

from pathlib import Path

from tests.templates.running import Lab, said

PLAN = ["Paragraph 1 - Main point: the sea - Words: 50", "Paragraph 2 - Main point: the lamp - Words: 60"]


def test_each_paragraph_sees_the_plan_and_the_text_so_far(tmp_path: Path):
    """The first begins on an empty page; the second is told the first, and both are told the whole plan."""
    ran = Lab("agentwrite", tmp_path).run(
        said("plan", {"answer": PLAN}), said("write", "The sea is dark."), said("write", "A lamp turns."), task="Essay"
    )
    first, second = ran.prompts("write")
    assert "The sea is dark." not in first and "The sea is dark." in second
    assert all(line in prompt for line in PLAN for prompt in (first, second))
    assert first.count(PLAN[0]) == 2 and second.count(PLAN[1]) == 2


def test_the_parts_are_joined_in_the_order_of_the_plan_without_another_call(tmp_path: Path):
    """The text is what was written, word for word; no model shortens it at the end."""
    ran = Lab("agentwrite", tmp_path).run(
        said("plan", {"answer": PLAN}), said("write", "The sea is dark."), said("write", "A lamp turns."), task="Essay"
    )
    assert ran.outputs["text"].split("\n\n")[:2] == ["The sea is dark.", "A lamp turns."]
    assert ran.outputs["plan"] == PLAN
    assert len(ran.bench.spans.of("chat")) == 3


def test_a_long_text_is_not_cut(tmp_path: Path):
    """Ten paragraphs of two thousand characters come out whole."""
    lines = [f"Paragraph {number} - Words: 300" for number in range(1, 11)]
    ran = Lab("agentwrite", tmp_path).run(
        said("plan", {"answer": lines}),
        *(said("write", f"{number:03}" + "word " * 400) for number in range(10)),
        task="Book",
    )
    assert len(ran.outputs["text"]) > 20_000
    assert [ran.outputs["text"].index(f"{number:03}") for number in range(10)] == sorted(
        ran.outputs["text"].index(f"{number:03}") for number in range(10)
    )
