"""AWorld guard agent: the guard is called at critical steps alone, and its correction changes the result."""

from pathlib import Path

from tests.templates.running import Lab, calls, said

INPUTS = {"task": "How many seats?", "sources": "Page: about 240.\nFloor plan: 12 rows of 18 seats."}
REVISE, ACCEPT = {"verdict": "revise", "score": 2}, {"verdict": "accept", "score": 9}


def step(text: str, reached: bool = False, **more: str):
    """What the planner says."""
    return said("next", {"thought": "", "reached": reached, "text": text}, **more)


def test_the_guard_corrects_the_critical_step_and_its_advice_reaches_the_agent(tmp_path: Path):
    """The agent trusts the page; the guard objects, the step is done again with the calculator, and that counts."""
    ran = Lab("aworld_guard_agent", tmp_path).run(
        step("Count the seats"),
        said("act", "CHECK: 240 seats"),
        said("guard", "The page is hearsay: 12 x 18 = 216.", match="CHECK: 240"), said("guard", REVISE),
        calls("act", "calculator", "12 x 18 = 216", expression="12 * 18"), said("act", "CHECK: 216 seats"),
        said("guard", "216 is right.", match="CHECK: 216"), said("guard", ACCEPT),
        step("216", reached=True, match="216 seats"),
        **INPUTS,
    )  # fmt: skip
    assert ran.outputs["answer"] == "216" and len(ran.tool_results("calculator")) == 1
    assert "The page is hearsay: 12 x 18 = 216." in ran.prompts("act")[1]
    assert ran.outcomes("guard") == ["corrected", "passed"]
    assert [each["result"] for each in ran.outputs["steps"]["steps"]] == ["CHECK: 216 seats"]


def test_steps_that_are_not_critical_pass_without_a_call(tmp_path: Path):
    """Two ordinary steps cost the guard nothing; the third is checked though nobody asked for it."""
    ran = Lab("aworld_guard_agent", tmp_path).run(
        step("Read the page"), said("act", "a"), step("Read the plan"), said("act", "b"), step("Multiply"),
        said("act", "c"), said("guard", "Fine."), said("guard", ACCEPT), step("216", reached=True),
        **INPUTS,
    )  # fmt: skip
    assert [each["called"] for each in ran.results("guard")] == [False, False, True]
    assert ran.outputs["answer"] == "216" and len(ran.prompts("guard")) == 2


def test_after_five_steps_it_concludes_from_what_there_is(tmp_path: Path):
    """A planner that never ends is ended, and the answer is drawn from the last result."""
    ran = Lab("aworld_guard_agent", tmp_path).run(
        step("Go on", repeat=True), said("act", "216 seats", repeat=True),
        said("guard", "Fine."), said("guard", ACCEPT), said("conclude", "It has 216 seats.", match="216 seats"),
        **INPUTS,
    )  # fmt: skip
    assert ran.outputs["answer"] == "It has 216 seats." and ran.visits["act"] == 5
