"""ResearchCodeAgent: a failed experiment changes the plan, is remembered for the next step, and for later tasks."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, calls, said

FILES = [
    {"path": "area.py", "text": "def area(a, b):\n    return a + b"},
    {"path": "box.py", "text": "from area import area\n\n\ndef volume(a, b, c):\n    return None"},
]
CHECKS = ["assert area(2, 5) == 10", "assert volume(2, 5, 3) == 30"]
AREA = "def area(a, b):\n    return a * b"
BOX = "from area import area\n\n\ndef volume(a, b, c):\n    return area(a, b) * c"


def plan(*steps: str) -> Reply:
    """The planner's steps at first."""
    return said("plan", {"steps": list(steps)})


def writes(path: str, text: str) -> tuple[Reply, Reply]:
    """The executor writes a file and says so."""
    return calls("executor", "files", action="write", path=path, text=text), said("executor", f"Wrote {path}.")


def left(*steps: str, reached: bool = False) -> Reply:
    """What the dynamic planner leaves."""
    return said("planner", {"thought": "So be it.", "reached": reached, "steps": list(steps)})


def run(lab: Lab, *replies: Reply) -> Ran:
    """On two files, one of which imports the other."""
    return lab.run(*replies, method="An area is a times b, a volume area times c.", files=FILES, checks=CHECKS)


def test_a_failed_experiment_changes_the_plan_and_the_next_step_knows_why(tmp_path: Path):
    """The failing check and its reason reach the planner, the new step the executor, and then all holds."""
    ran = run(
        Lab("researchcodeagent", tmp_path), plan("Write volume in box.py"), *writes("box.py", BOX),
        said("lesson", "The area is a sum."), left("Multiply in area of area.py"), *writes("area.py", AREA),
        left(reached=True),
    )  # fmt: skip
    assert "assert area(2, 5) == 10" in ran.prompts("planner")[0] and "The area is a sum." in ran.prompts("planner")[0]
    second = ran.prompts("executor")[2]
    assert (
        "Multiply in area of area.py" in second and "Failed: assert area(2, 5) == 10 Why: The area is a sum." in second
    )
    assert "What happened last" not in ran.prompts("executor")[0]
    assert ran.outputs["score"] == 1 and "return a * b" in ran.outputs["program"]
    assert "from area import" not in ran.outputs["program"]
    assert [step["title"] for step in ran.outputs["plan"]["steps"]] == [
        "Write volume in box.py", "Multiply in area of area.py",
    ]  # fmt: skip


def test_success_asks_for_no_lesson(tmp_path: Path):
    """Both files right at once: no sentence on what went wrong, nothing into the long-term memory."""
    lab = Lab("researchcodeagent", tmp_path)
    both = (
        calls("executor", "files", action="write", path="area.py", text=AREA), *writes("box.py", BOX),
    )  # fmt: skip
    ran = run(lab, plan("Mend both"), *both, left(reached=True))
    assert ran.visits["lesson"] == 0 and ran.outputs["report"] == "" and ran.visits["lesson_keep"] == 0


def test_the_short_memory_holds_the_last_four_and_the_long_one_outlives_the_run(tmp_path: Path):
    """The fourth step is told the second action and not the first; the next run begins with the lesson."""
    lab = Lab("researchcodeagent", tmp_path)
    idle = [(said("executor", f"Tried {n}."), said("lesson", "Guesses do not help.")) for n in ("one", "two", "three")]
    ran = run(
        lab, plan("Step A"), *idle[0], left("Step B"), *idle[1], left("Step C"), *idle[2], left(reached=True),
    )  # fmt: skip
    told = ran.prompts("executor")
    assert "Tried one." in told[1] and "Tried one." in told[2] and ran.outputs["score"] == 0
    assert "Tried one." in ran.outputs["actions"] and "Lessons from earlier work" not in told[0]
    more = run(
        lab, plan("Step A"), *idle[0], left("Step B"), *idle[1], left("Step C"), *idle[2], left("Step D"),
        said("executor", "Tried four."), said("lesson", "Guesses do not help."), left(reached=True),
    )  # fmt: skip
    assert "Guesses do not help." in more.prompts("executor")[0] and "Guesses do not help." in more.prompts("plan")[0]
    assert "Tried one." not in more.prompts("executor")[3] and "Tried two." in more.prompts("executor")[3]


def test_eight_steps_are_the_end(tmp_path: Path):
    """A planner that never calls it done is stopped, and what does not hold is said."""
    each = (said("executor", "Looked at it."), said("lesson", "Looking changes nothing."), left("Look again"))
    ran = run(Lab("researchcodeagent", tmp_path), plan("Look"), *[reply for _ in range(8) for reply in each])
    assert len(ran.prompts("executor")) == 8 and ran.outputs["score"] == 0 and "area(2, 5)" in ran.outputs["report"]
