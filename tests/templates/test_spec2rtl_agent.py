"""Spec2RTL: a failed test goes back to the stage in which the error began, and no further."""

from pathlib import Path

import pytest

from tests.templates.running import Lab, Reply, said

SPECIFICATION = "Input: level. State: last. rise is 1 when level is 1 and last was 0."
TESTS = ['assert step({"last": 0}, {"level": 1})["rise"] == 1', 'assert step({"last": 1}, {"level": 1})["rise"] == 0']
WRONG = '```python\ndef step(state, inputs):\n    return {"rise": inputs["level"], "last": inputs["level"]}\n```'
RIGHT = (
    "```python\ndef step(state, inputs):\n"
    '    return {"rise": int(inputs["level"] and not state["last"]), "last": inputs["level"]}\n```'
)
STAGES = ["understand", "plan", "instruct", "code"]


def stages(match: str | None = None) -> list[Reply]:
    """What the stages before the code say; ``match``: what their prompts must hold."""
    return [
        said("understand", "rise by level and last", match=match),
        said("plan", {"steps": ["rise is level without last"]}, match=match),
        said("instruct", "Write step.", match=match),
    ]


@pytest.mark.parametrize("label, at", [("reading", 0), ("plan", 1), ("prompt", 2), ("code", 3)])
def test_work_goes_back_to_the_stage_at_fault(tmp_path: Path, label: str, at: int):
    """That stage and all after it are done anew, told what is wrong; those before it are not."""
    ran = Lab("spec2rtl_agent", tmp_path).run(
        *stages(), said("code", WRONG), said("reflect", "last was forgotten", match="last"),
        said("where", {"label": label}), *stages(), said("code", RIGHT), specification=SPECIFICATION, tests=TESTS,
    )  # fmt: skip
    assert [ran.visits[stage] for stage in STAGES] == [1] * at + [2] * (4 - at)
    assert "last was forgotten" in ran.prompts(STAGES[at])[1]
    assert ran.outputs["score"] == 1 and ran.outcomes("check") == ["failed", "passed"]


def test_the_tracer_sees_every_stage(tmp_path: Path):
    """Specification, reading, plan, instruction, code and the failed test stand in its prompt."""
    ran = Lab("spec2rtl_agent", tmp_path).run(
        *stages(), said("code", WRONG), said("reflect", "The code."), said("where", {"label": "code"}),
        said("code", RIGHT), specification=SPECIFICATION, tests=TESTS,
    )  # fmt: skip
    for part in (SPECIFICATION, "rise by level", "without last", "Write step.", 'inputs["level"]', TESTS[1]):
        assert part in ran.prompts("reflect")[0]


def test_after_four_returns_it_says_what_fails(tmp_path: Path):
    """Code that never passes is reported with its score."""
    ran = Lab("spec2rtl_agent", tmp_path).run(
        *stages(), said("code", WRONG, repeat=True), said("reflect", "The code.", repeat=True),
        said("where", {"label": "code"}, repeat=True), specification=SPECIFICATION, tests=TESTS,
    )  # fmt: skip
    assert ran.visits["code"] == 5 and ran.outputs["score"] == 0.5 and "rise" in ran.outputs["report"]
