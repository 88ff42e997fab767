"""Genesys: the review keeps designs from being programmed, the ladder keeps programs from long trials."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

TASK = "Predict the next letter."
DATA = ["ab", "ba", "bbbbbb"]
SAYS_A = "```python\ndef predict(before):\n    return 'a'\n```"
SAYS_B = "```python\ndef predict(before):\n    return 'b'\n```"
KNOWS = "```python\ndef predict(before):\n    return {'a': 'b', 'b': 'b'}.get(before[-1:], 'b')\n```"
BROKEN = "```python\ndef predict(before):\n    return missing\n```"


def proposes(*ideas: str, match: str | None = None) -> Reply:
    """The designs of a generation."""
    return said("propose", {"answer": list(ideas)}, match=match)


def reviewed(idea: str, score: int) -> Reply:
    """What the reviewer says of it."""
    return said("reviewer", {"answer": {"weakness": f"weak {idea}", "score": score}}, match=f"A design: {idea}")


def test_what_the_reviewer_refuses_is_not_programmed(tmp_path: Path):
    """Of two designs one is refused; the other's programmer is told its weakness."""
    ran = Lab("genesys", tmp_path).run(
        proposes("first", "second"), reviewed("first", 1), reviewed("second", 8), said("code", SAYS_B), task=TASK,
        data=["bb", "bb", "bb"],
    )  # fmt: skip
    assert len(ran.prompts("code")) == 1 and "weak second" in ran.prompts("code")[0]
    assert ran.outputs["design"]["idea"] == "second" and ran.outputs["design"]["score"] == 1


def test_only_the_best_of_the_first_rung_gets_the_long_trial(tmp_path: Path):
    """Three programs are tried on two texts, one that fails scores nothing, and one alone is tried on all."""
    ran = Lab("genesys", tmp_path).run(
        proposes("alpha", "beta", "gamma"), reviewed("alpha", 5), reviewed("beta", 6), reviewed("gamma", 7),
        said("code", SAYS_A, match="alpha"), said("code", BROKEN, match="beta"), said("code", KNOWS, match="gamma"),
        *(proposes("x") for _ in range(2)), said("reviewer", {"answer": {"weakness": "", "score": 1}}, repeat=True),
        task=TASK, data=DATA,
    )  # fmt: skip
    rungs = {each["idea"]: each["score"] for each in ran.outputs["ladder"]}
    assert rungs == {"alpha": 0.5, "beta": None, "gamma": 0.5}
    assert ran.visits["rung_2"] == 1 and ran.outputs["design"]["score"] > ran.outputs["design"]["first"]


def test_the_best_is_the_parent_of_the_next_generation(tmp_path: Path):
    """What was verified stands with its score before the proposer, and the best of all generations wins."""
    good = [reviewed("plain", 8), reviewed("crossed", 8)]
    ran = Lab("genesys", tmp_path).run(
        proposes("plain"), *good, said("code", SAYS_A, match="plain"),
        proposes("crossed", match=r"did well \(0\.2 of 1\): plain"), said("code", SAYS_B, match="crossed"),
        proposes("crossed"), reviewed("crossed", 8), said("code", SAYS_A), task=TASK, data=DATA,
    )  # fmt: skip
    assert ran.outputs["design"]["idea"] == "crossed" and ran.outputs["design"]["score"] == 0.8
    assert [each["score"] for each in ran.outputs["designs"]] == [0.2, 0.8]
