"""PoAct: the router chooses the policy of each step, and a policy has only its own tools."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said

TASK = "Rent 800, deposit 3000. How much is too much?"
RULES = [{"path": "deposits.md", "text": "Rule 12. At most three times the rent."}]


def chooses(policy: str) -> Reply:
    """What the router says."""
    return said("policy", {"label": policy})


def test_policies_follow_each_other_by_what_is_known(tmp_path: Path):
    """The rule that was read stands in the computing step's prompt, and the number in the answering one's."""
    ran = Lab("poact", tmp_path).run(
        chooses("look_up"), calls("look_up", "files", action="read", path="deposits.md"), said("look_up", "Rule 12."),
        chooses("compute"), said("compute", "```python\nfinal_answer(3000 - 3 * 800)\n```", match="look_up: Rule 12"),
        chooses("answer"), said("answer", "600.", match="compute: 600"), task=TASK, rules=RULES,
    )  # fmt: skip
    assert ran.outputs["answer"] == "600." and ran.outputs["steps"] == ["look_up: Rule 12.", "compute: 600"]
    assert ran.outcomes("policy") == ["look_up", "compute", "answer"] and ran.visits["plan"] == 0


def test_a_policy_cannot_use_the_tools_of_another(tmp_path: Path):
    """A computing step that reads a file is told that there is no such name; one that looks up cannot write."""
    ran = Lab("poact", tmp_path).run(
        chooses("compute"), said("compute", '```python\nfiles(action="list")\n```'),
        said("compute", "It cannot be read here.", match="NameError|not defined"), chooses("look_up"),
        calls("look_up", "files", action="write", path="deposits.md", text="Rule 12 is void."),
        said("look_up", "It can only be read.", match="only be read"), chooses("answer"), said("answer", "Open."),
        task=TASK, rules=RULES,
    )  # fmt: skip
    assert ran.outputs["answer"] == "Open."
    assert (tmp_path / "run1" / "files" / "deposits.md").read_text() == RULES[0]["text"]


def test_after_six_steps_it_answers_with_what_is_known(tmp_path: Path):
    """A router that only plans is stopped, and the answer is written from the notes."""
    ran = Lab("poact", tmp_path).run(
        said("policy", {"label": "plan"}, repeat=True), said("plan", "Find the rule.", repeat=True),
        said("answer", "It stayed open."), task=TASK, rules=RULES,
    )  # fmt: skip
    assert ran.outputs["answer"] == "It stayed open." and ran.visits["plan"] == 7
