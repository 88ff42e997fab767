"""CodeCoR: what is rated low goes no further, and the best program of all is repaired and kept."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

TASK = "Write top(numbers), the largest number, or None for an empty list."
LAST = "```python\ndef top(numbers):\n    return numbers[-1]\n```"
FIRST = "```python\ndef top(numbers):\n    return numbers[0] if numbers else None\n```"
RIGHT = "```python\ndef top(numbers):\n    return max(numbers) if numbers else None\n```"
TESTS = ["assert top([1, 2]) == 2", "assert top([3, 1]) == 3", "assert top([]) is None", "assert top([]) == 0"]


def until_the_programs() -> list[Reply]:
    """Three instructions of which one is rated low, four tests of which one is wrong."""
    return [
        said("prompts", {"answer": ["plan A", "plan B", "muddle"]}), said("rate_prompt", {"answer": 2}, match="muddle"),
        said("rate_prompt", {"answer": 8}, repeat=True), said("tests", {"answer": TESTS}),
        said("rate_test", {"answer": 1}, match="== 0"), said("rate_test", {"answer": 9}, repeat=True),
    ]  # fmt: skip


def test_what_is_rated_low_goes_no_further(tmp_path: Path):
    """The muddled instruction gets no program, and the wrong test judges none: a right program passes all."""
    ran = Lab("codecor", tmp_path).run(
        *until_the_programs(), said("write", LAST, match="plan A"), said("write", RIGHT, match="plan B"), task=TASK
    )
    assert ran.outputs["score"] == 1 and "max(numbers)" in ran.outputs["program"]
    assert ran.outputs["tests"] == TESTS[:3]
    assert not any("muddle" in prompt for prompt in ran.prompts("write")) and ran.visits["advise"] == 0


def test_the_best_is_repaired_by_the_advice_that_was_kept(tmp_path: Path):
    """The better of two failing programs is shown to the adviser; pruned advice is followed by nobody."""
    ran = Lab("codecor", tmp_path).run(
        *until_the_programs(), said("write", LAST, match="plan A"), said("write", FIRST, match="plan B"),
        said("advise", {"answer": ["use max", "sort it", "give up"]}), said("rate_one", {"answer": 1}, match="give up"),
        said("rate_one", {"answer": 8}, repeat=True), said("rewrite", RIGHT, match="use max"),
        said("rewrite", LAST, match="sort it"), task=TASK,
    )  # fmt: skip
    assert "numbers[0]" in ran.prompts("advise")[0] and "numbers[-1]" not in ran.prompts("advise")[0]
    assert not any("give up" in prompt for prompt in ran.prompts("rewrite"))
    assert ran.outputs["score"] == 1 and len(ran.outputs["candidates"]) == 4


def test_a_repair_that_makes_it_worse_loses(tmp_path: Path):
    """After two repairs in vain the best program of all is given out, not the last."""
    worse = "```python\ndef top(numbers):\n    return 7\n```"
    ran = Lab("codecor", tmp_path).run(
        *until_the_programs(), said("write", LAST, match="plan A"), said("write", FIRST, match="plan B"),
        said("advise", {"answer": ["one", "two"]}, repeat=True), said("rate_one", {"answer": 5}, repeat=True),
        said("rewrite", worse, repeat=True), task=TASK,
    )  # fmt: skip
    assert "numbers[0]" in ran.outputs["program"] and 0.6 < ran.outputs["score"] < 0.7
    assert ran.outcomes("repair") == ["again", "again", "exhausted"]
