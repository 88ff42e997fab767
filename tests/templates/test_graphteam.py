"""GraphTeam: code first with documentation and experience, reasoning only where the code keeps failing."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

PROBLEM = "Edges both ways: a-b, b-c, d-e. How many groups are there? Answer with the number."
ASKED = {"kind": "connected components", "graph": "[('a','b')]", "wanted": "number of groups", "form": "a number"}
FAILS = "```python\ncomponents([])\n```"
RUNS = "```python\n1 + 1\n```"
DOCUMENTS = [
    {"path": "components.md", "text": "connected components: join the groups of both ends"},
    {"path": "degree.md", "text": "degree: count neighbours"},
]


def asks() -> Reply:
    """What the question agent takes out."""
    return said("question", {"answer": ASKED})


def test_code_that_keeps_failing_leads_to_reasoning(tmp_path: Path):
    """The second program is told the error; when it fails too, the reasoning agent's result is what is answered."""
    ran = Lab("graphteam", tmp_path).run(
        asks(), said("code", FAILS), said("code", FAILS, match="components"), said("reason", "So 2.", match="a-b, b-c"),
        said("answer", "2", match="So 2"), problem=PROBLEM, documents=DOCUMENTS,
    )  # fmt: skip
    assert ran.outputs["answer"] == "2" and ran.outcomes("run") == ["failed", "failed"]
    assert "Your last program failed" in ran.prompts("code")[1] and ran.visits["learn"] == 0
    assert "A program computed" not in ran.prompts("answer")[0]


def test_a_program_that_runs_needs_no_reasoning(tmp_path: Path):
    """Its result goes to the answer agent, with the form that was asked for."""
    ran = Lab("graphteam", tmp_path).run(
        asks(), said("code", RUNS), said("answer", "2", match=r"computed: 2[\s\S]*as a number"), problem=PROBLEM,
        documents=DOCUMENTS,
    )  # fmt: skip
    assert ran.visits["reason"] == 0 and ran.outputs["answer"] == "2"


def test_the_page_that_fits_is_before_the_coder(tmp_path: Path):
    """Of the two pages the one on the named problem is found, and cited."""
    ran = Lab("graphteam", tmp_path).run(
        asks(), said("code", RUNS), said("answer", "2"), problem=PROBLEM, documents=DOCUMENTS
    )
    assert "join the groups" in ran.prompts("code")[0] and "count neighbours" not in ran.prompts("code")[0]
    assert "components.md" in ran.outputs["sources"][0]


def test_a_program_that_ran_is_experience_for_the_next_run(tmp_path: Path):
    """The second run on a like problem shows the coder the first one's program."""
    lab = Lab("graphteam", tmp_path)
    script = (asks(), said("code", RUNS), said("answer", "2"))
    first = lab.run(*script, problem=PROBLEM, documents=DOCUMENTS)
    second = lab.run(*script, problem=PROBLEM, documents=DOCUMENTS)
    assert "solved like problems" not in first.prompts("code")[0]
    assert "solved like problems" in second.prompts("code")[0] and "1 + 1" in second.prompts("code")[0]
