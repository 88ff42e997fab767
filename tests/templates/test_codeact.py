"""CodeAct: programs are the actions, their output and mistakes the observations."""

from pathlib import Path

from tests.templates.running import Lab, said

LOOP = """```python
rates = [2, 3.5, 5]
ends = [float(calculator(expression=f"1000 * (1 + {rate} / 100) ** 20")) for rate in rates]
print([round(end) for end in ends])
```"""
ANSWER = "```python\nfinal_answer([rate for rate, end in zip(rates, ends) if end >= 2000][0])\n```"


def test_one_program_calls_a_tool_many_times_and_the_next_goes_on_from_it(tmp_path: Path):
    """Three tool calls are one action; the second program sees what was printed and uses the first one's names."""
    ran = Lab("codeact", tmp_path).run(
        said("act", LOOP), said("act", ANSWER, match=r"Output:\n\[1486, 1990, 2653\]"), task="Which rate doubles it?"
    )
    assert ran.outputs["answer"] == "5" and "final_answer" in ran.outputs["program"]
    assert len(ran.tool_results("calculator")) == 3 and len(ran.prompts("act")) == 2


def test_a_mistake_is_seen_and_mended(tmp_path: Path):
    """The error of the first program, with its line, is what the second turn answers to."""
    ran = Lab("codeact", tmp_path).run(
        said("act", "```python\nwords = 'a b c'\nprint(words.count_words())\n```"),
        said("act", "```python\nfinal_answer(len('a b c'.split()))\n```", match="Error on line 2"),
        task="How many words?",
    )  # fmt: skip
    assert ran.outputs["answer"] == "3"
    assert "without this mistake" in ran.prompts("act")[1]


def test_the_tools_on_the_canvas_are_named_as_functions(tmp_path: Path):
    """The model is told what the attached tools are called, and may answer without a program."""
    ran = Lab("codeact", tmp_path).run(said("act", "It is 4."), task="2 + 2")
    assert ran.outputs == {"answer": "It is 4.", "program": ""}
    assert "calculator(" in ran.prompts("act")[0] and "files(" in ran.prompts("act")[0]
