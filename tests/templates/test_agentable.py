"""Agentable: graph and words are checked before a run, and words are mended by what was found."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said


def finds(*sorts: str) -> Reply:
    """What is wrong with the words of the one prompt."""
    return said("check", {"defects": [{"why": f"It is {sort}.", "sort": sort, "mend": "Mend it."} for sort in sorts]})


def mends(prompt: str) -> list[Reply]:
    """The prompt written anew."""
    return [
        said("mend", {"reason": "So.", "change": "reword", "step": "answer"}, match="Which one change"),
        said("mend", {"why": "So.", "prompt": prompt}),
    ]


def run(lab: Lab, example: int, *replies: Reply) -> Ran:
    return lab.run(*replies, workflow=lab.document.inputs["workflow"].examples[example])


def test_a_contradiction_is_found_and_mended_before_anything_runs(tmp_path: Path):
    """The second check finds the mended prompt sound; the workflow itself is never run."""
    ran = run(
        Lab("agentable", tmp_path), 0, finds("contradictory"), *mends("Answer {{name}} shortly: {{letter}}"), finds()
    )
    assert ran.outputs["left"] == "" and "It is contradictory." in ran.outputs["defects"][0]
    assert ran.outputs["workflow"]["nodes"]["answer"]["config"]["prompt"] == "Answer {{name}} shortly: {{letter}}"
    assert ran.prompts("answer") == [] and "It is contradictory." in ran.prompts("mend")[0]


def test_the_model_reads_a_prompt_with_what_comes_in_and_who_reads_it(tmp_path: Path):
    """The check of words knows the ports that are wired, so that it can tell what is missing."""
    ran = run(Lab("agentable", tmp_path), 0, finds())
    (prompt,) = ran.prompts("check")
    assert "letter, name" in prompt and "finish.answer" in prompt and "as the guideline says" in prompt


def test_a_broken_graph_is_told_without_a_model(tmp_path: Path):
    """A kind that is misspelt is named with its node and the nearest one; no prompt is read."""
    ran = run(Lab("agentable", tmp_path), 1, *mends("{{task}}"), *mends("{{task}}"))
    assert "promt" in ran.outputs["left"] and "solve" in ran.outputs["left"]
    assert ran.prompts("check") == []


def test_what_stays_is_told_after_two_mendings(tmp_path: Path):
    """Defects that are found again and again are given out as those that are left."""
    ran = run(
        Lab("agentable", tmp_path), 0, finds("ambiguous"), *mends("One {{name}} {{letter}}"), finds("ambiguous"),
        *mends("Two {{name}} {{letter}}"), finds("no_end"),
    )  # fmt: skip
    assert "It is no_end." in ran.outputs["left"] and ran.visits["check"] == 3
