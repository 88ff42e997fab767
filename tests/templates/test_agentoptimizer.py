"""AgentOptimizer: tools are trained on tasks, and a change that lowers the score is taken back."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

EXAMPLES = [{"task": "Double two.", "expected": "4"}, {"task": "Double ten.", "expected": "20"}]


def answers(two: str, ten: str) -> list[Reply]:
    """What the agent says to the two tasks."""
    return [said("solve", two, match="Double two"), said("solve", ten, match="Double ten")]


def makes(name: str, body: str = "2 * n") -> list[Reply]:
    """A tool and its function."""
    design = {"name": name, "description": f"The tool {name}.", "tests": [f"assert {name}(0) == 0"]}
    return [said("change", design), said("change", f"```python\ndef {name}(n: int) -> int:\n    return {body}\n```")]


def run(lab: Lab, *replies: Reply) -> Ran:
    return lab.run(*replies, workflow=lab.document.inputs["workflow"].examples[0], examples=EXAMPLES)


def test_a_tool_that_lowers_the_score_is_taken_back_and_a_better_one_kept(tmp_path: Path):
    """From one half to nothing: forgotten. From one half to all: kept, and training stops early."""
    lab = Lab("agentoptimizer", tmp_path)
    ran = run(
        lab, *answers("4", "12"), *makes("bad"), *answers("0", "0"), *makes("good"), *answers("4", "20"),
    )  # fmt: skip
    assert ran.outputs["score"] == 1 and ran.visits["change"] == 2
    assert ran.outputs["rounds"] == ["before: 0.5", "bad: 0, taken back", "good: 1, kept"]
    assert ran.outcomes("back") == ["removed"]
    assert [hit.data["name"] for hit in lab.spaces["agentoptimizer-tools"].hits.values()] == ["good"]


def test_a_changed_tool_becomes_what_it_was(tmp_path: Path):
    """The second version of a tool does harm: the first one is put back in its place."""
    lab = Lab("agentoptimizer", tmp_path)
    ran = run(
        lab, *answers("0", "0"), *makes("double", "2 * n"), *answers("4", "0"), *makes("double", "3 * n"),
        *answers("0", "0"), *makes("other"), *answers("4", "0"),
    )  # fmt: skip
    assert ran.outcomes("back") == ["restored"] and ran.outputs["score"] == 0.5
    kept = {hit.data["name"]: hit.data["code"] for hit in lab.spaces["agentoptimizer-tools"].hits.values()}
    assert "2 * n" in kept["double"]


def test_the_optimiser_reads_what_went_wrong(tmp_path: Path):
    """The mistakes of the last score stand in the next need, and three rounds are the most."""
    ran = run(
        Lab("agentoptimizer", tmp_path), *answers("7", "20"),
        *(each for n in range(3) for each in (*makes(f"tool_{n}"), *answers(f"{n}{n}{n}"[:2], "20"))),
    )  # fmt: skip
    first, *_, last = [each for each in ran.prompts("change") if "An agent answers" in each]
    assert "Answered: 7" in first and "Answered: 7" not in last and ran.visits["change"] == 3
    assert ran.outputs["score"] == 0.5
