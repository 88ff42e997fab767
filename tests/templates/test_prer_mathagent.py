"""MathAgent: the planner picks from the pool, code computes, and what the reflector rejects is not built upon."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said


def action(label: str, node: str, text: str, sound: bool = True) -> list[Reply]:
    """One round: the planner's choice, what comes of it, the reflector's word."""
    return [said("planner", {"label": label}), said(node, text),
            said("reflect", {"answer": {"why": f"Word on {text[:9]}", "sound": sound}})]  # fmt: skip


END = [said("planner", {"label": "conclude"}), said("conclude", "It is 28.")]


def test_what_is_rejected_is_known_as_wrong_and_not_as_found(tmp_path: Path):
    """The second inference is made knowing that the first was wrong and why."""
    ran = Lab("prer_mathagent", tmp_path).run(
        *action("infer", "infer", "x is 30.", sound=False), *action("infer", "infer", "x is 28."), *END, problem="p",
    )  # fmt: skip
    assert "x is 30." not in ran.prompts("infer")[0]
    assert "(wrong: x is 30. Because: Word on x is 30." in ran.prompts("infer")[1]
    assert ran.outputs["steps"][1] == "x is 28." and ran.outputs["answer"] == "It is 28."


def test_numbers_are_computed_by_a_program(tmp_path: Path):
    """The executor's finding is what its program printed, and the reflector checks that."""
    ran = Lab("prer_mathagent", tmp_path).run(
        *action("compute", "compute", '```python\nprint("x", 26 + 2)\n```'), *END, problem="p",
    )  # fmt: skip
    assert ran.outputs["steps"] == ["x 28"] and "New: x 28" in ran.prompts("reflect")[0]
    assert ran.visits["infer"] == 0


def test_each_action_of_the_pool_has_its_node(tmp_path: Path):
    """The planner's label decides who works, in the order it gives."""
    ran = Lab("prer_mathagent", tmp_path).run(
        *action("analyse", "analyse", "Given."), *action("infer", "infer", "So."), *END, problem="p",
    )  # fmt: skip
    worked = [node for node in ran.order if node in ("analyse", "infer", "compute", "conclude")]
    assert worked == ["analyse", "infer", "conclude"]


def test_it_concludes_after_eight_actions(tmp_path: Path):
    """A planner that never concludes is stopped, and the answer is written from what there is."""
    rounds = [reply for _ in range(8) for reply in action("infer", "infer", "So.")]
    ran = Lab("prer_mathagent", tmp_path).run(*rounds, said("planner", {"label": "infer"}), END[1], problem="p")
    assert ran.visits["infer"] == 8 and ran.outputs["answer"] == "It is 28."
