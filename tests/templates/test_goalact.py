"""GoalAct: the plan of the whole changes by what a step brings to light, and each step goes to its skill."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said


def revised(*steps: str) -> Reply:
    """What is left of the plan; nothing: the goal is reached."""
    return said("replan", {"thought": "", "reached": not steps, "steps": list(steps)})


def led(skill: str) -> Reply:
    """Where a step is led."""
    return said("skill", {"label": skill})


PLAN, END = said("plan", {"steps": ["Find the rule", "Write it"]}), said("answer", "Done.")


def test_the_plan_is_revised_by_what_a_step_brings_to_light(tmp_path: Path):
    """After the search a step is put in that was not planned; the one it replaces is never done."""
    lab = Lab("goalact", tmp_path)
    ran = lab.run(
        PLAN, led("search"), said("read", "Three months' rent."), revised("Compute 3 * 640"),
        led("code"), said("code", "```python\nprint(3 * 640)\n```"), revised(), END, **lab.example,
    )  # fmt: skip
    assert [step["title"] for step in ran.outputs["plan"]["steps"]] == ["Find the rule", "Compute 3 * 640"]
    assert [result["changed"] for result in ran.results("replan")] == [False, True, False]
    assert "Three months' rent." in ran.prompts("code")[0] and ran.visits["write"] == 0
    assert "1920" in ran.prompts("answer")[0]


def test_each_step_is_led_to_a_skill_with_its_own_tools(tmp_path: Path):
    """Searching reads the best finds of the library and no others; writing searches nothing."""
    lab = Lab("goalact", tmp_path)
    ran = lab.run(
        said("plan", {"steps": ["Search the small repairs paid by the tenant", "Write it"]}), led("search"),
        said("read", "Up to 75 euros."), revised("Write it"), led("write"), said("write", "The tenant."), revised(),
        END, **lab.example,
    )  # fmt: skip
    assert "Small repairs" in ran.prompts("read")[0] and "Flat 14" not in ran.prompts("read")[0]
    assert (ran.visits["find"], ran.visits["write"], ran.visits["code"]) == (1, 1, 0)


def test_it_ends_after_eight_steps(tmp_path: Path):
    """A plan that never ends is cut, and the answer is written from what there is."""
    lab = Lab("goalact", tmp_path)
    rounds = [reply for _ in range(8) for reply in (led("write"), said("write", "More."), revised("Write more"))]
    ran = lab.run(said("plan", {"steps": ["Write"]}), *rounds, END, **lab.example)
    assert ran.visits["write"] == 8 and ran.outcomes("replan")[-1] == "exhausted"
