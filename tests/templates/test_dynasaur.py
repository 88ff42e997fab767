"""Agent that grows its own actions: a tested function is there for the next task, an untested one is not."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

TASK = "Sum of the digits of 2 to the power of 50"
LIKE = "Sum of the digits of 3 to the power of 40"
HEAD = '```python\ndef digit_sum(n):\n    """Sum of the digits of a number."""\n    '
FUNCTION = HEAD + "return sum(int(d) for d in str(n))\n```"
WRONG = HEAD + "return len(str(n))\n```"
TESTS = ["assert digit_sum(12) == 3", "assert digit_sum(0) == 0"]


def episode(program: str, function: str) -> list[Reply]:
    return [
        said("act", f"```python\n{program}\n```"), said("generalise", function), said("tests", {"answer": TESTS}),
    ]  # fmt: skip


def test_a_function_that_passes_its_tests_serves_the_next_task(tmp_path: Path) -> None:
    """The first run keeps it; the second is shown its code, calls it, and gets the right answer."""
    lab = Lab("dynasaur", tmp_path)
    first = lab.run(*episode("final_answer(sum(int(d) for d in str(2 ** 50)))", FUNCTION), task=TASK)
    assert first.outputs == {"answer": "76", "skill": "digit_sum"}
    assert first.outcomes("find") == ["none"] and "def digit_sum" not in first.prompts("act")[0]
    copied = FUNCTION.strip("`").removeprefix("python\n")
    second = lab.run(*episode(f"{copied}\nfinal_answer(digit_sum(3 ** 40))", FUNCTION), task=LIKE)
    assert second.outcomes("find") == ["found"] and "return sum(int(d) for d in str(n))" in second.prompts("act")[0]
    assert second.outputs["answer"] == str(sum(int(digit) for digit in str(3**40)))


def test_a_function_that_fails_a_test_is_not_kept(tmp_path: Path) -> None:
    """The answer is still given out, but the library stays empty and the next task begins without it."""
    lab = Lab("dynasaur", tmp_path)
    ran = lab.run(*episode("final_answer(76)", WRONG), task=TASK)
    assert ran.outcomes("keep") == ["rejected"] and ran.outputs["answer"] == "76"
    assert not lab.spaces["skill-library"].hits
    assert lab.run(*episode("final_answer(1)", WRONG), task=LIKE).outcomes("find") == ["none"]


def test_a_program_that_fails_is_written_again_from_its_error(tmp_path: Path) -> None:
    """What came of an action is the observation for the next one."""
    ran = Lab("dynasaur", tmp_path).run(
        said("act", "```python\nfinal_answer(digits(2))\n```"),
        said("act", "```python\nfinal_answer(2)\n```", match="digits"),
        *episode("", FUNCTION)[1:], task=TASK,
    )  # fmt: skip
    assert ran.outputs["answer"] == "2" and len(ran.prompts("act")) == 2


def test_an_answer_in_words_leaves_no_skill(tmp_path: Path) -> None:
    """Where nothing was computed there is nothing to keep."""
    ran = Lab("dynasaur", tmp_path).run(said("act", "It is 76."), task=TASK)
    assert ran.visits["keep"] == 0 and ran.outputs["answer"] == "It is 76."
