"""Agent K: rewards are measured on rows kept back, and steer this run and the next."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, said

TASK = "Predict y from x."
TABLE = "x,y\n" + "\n".join(f"{n},{3 * n}" for n in range(1, 17))
MEAN = "```python\ndef predict(train, row):\n    return sum([each['y'] for each in train]) / len(train)\n```"
BROKEN = "```python\nimport numpy\ndef predict(train, row):\n    return 1\n```"
RIGHT = "```python\ndef predict(train, row):\n    return 3 * row['x']\n```"
PEEKS = "```python\ndef predict(train, row):\n    return row['y']\n```"
GIVEN: dict[str, Any] = {"task": TASK, "table": TABLE, "target": "y"}


def test_the_loop_turns_until_the_reward_is_good(tmp_path: Path):
    """The mean earns 0, a program that fails 0 with its error in the next prompt, the right one 1 and ends it."""
    ran = Lab("agent_k_v1_0", tmp_path).run(
        said("model", MEAN), said("model", BROKEN), said("model", RIGHT, match="numpy"), **GIVEN
    )
    assert ran.outputs["curve"] == [0, 0, 1] and ran.outputs["reward"] == 1
    assert "3 * row" in ran.outputs["program"] and "Reward 0" in ran.prompts("model")[1]
    assert "ModuleNotFoundError" in ran.prompts("model")[2]


def test_rows_kept_back_do_not_tell_the_answer(tmp_path: Path):
    """A program that reads the target of the row it is to predict fails, and earns nothing."""
    ran = Lab("agent_k_v1_0", tmp_path).run(said("model", PEEKS), said("model", RIGHT, match="KeyError"), **GIVEN)
    assert ran.outputs["curve"] == [0, 1]


def test_the_best_of_all_tries_is_given_out(tmp_path: Path):
    """Five tries in which the second was the best: it is the one that is given out."""
    near = "```python\ndef predict(train, row):\n    return 2 * row['x']\n```"
    ran = Lab("agent_k_v1_0", tmp_path).run(
        said("model", MEAN), said("model", near), said("model", BROKEN, repeat=True), **GIVEN
    )
    assert ran.outcomes("more")[-1] == "exhausted" and "2 * row" in ran.outputs["program"]
    assert ran.outputs["reward"] == max(ran.outputs["curve"]) > 0


def test_what_earned_much_is_there_in_the_next_run(tmp_path: Path):
    """The second run's first prompt holds the first run's best program as one that worked."""
    lab = Lab("agent_k_v1_0", tmp_path)
    first = lab.run(said("model", RIGHT), **GIVEN)
    second = lab.run(said("model", RIGHT), **GIVEN)
    assert "From earlier tasks" not in first.prompts("model")[0]
    assert "3 * row['x']" in second.prompts("model")[0]
