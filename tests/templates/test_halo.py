"""HALO: subtasks one at a time, roles for each alone, and a tree search over what these roles propose."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

ROLES = said("design", {"experts": [
    {"name": "Ann", "persona": "You add.", "skills": "sums", "job": "add"},
    {"name": "Bob", "persona": "You check.", "skills": "checks", "job": "check"},
]})  # fmt: skip


def plans(text: str, *, reached: bool = False, match: str | None = None) -> Reply:
    """The next subtask, or the answer."""
    return said("planner", {"thought": "So.", "reached": reached, "text": text}, match=match)


def scores(match: str, score: int) -> Reply:
    """What the search's judge says."""
    return said("search", {"reason": "So.", "score": score}, match=match)


def test_every_role_of_the_subtask_proposes_and_the_better_proposal_goes_up(tmp_path: Path):
    """Both written roles speak with their own persona; the higher-scored step is what the planner is told."""
    ran = Lab("halo", tmp_path).run(
        said("refine", "Add 1 and 1."), plans("What is 1 + 1?", match="Add 1 and 1"), ROLES, said("speak", "It is 3."),
        said("speak", "It is 2."), scores("It is 3", 2), scores("It is 2", 10),
        plans("Two.", reached=True, match="It is 2"), task="1 and 1??",
    )  # fmt: skip
    assert ran.outputs["answer"] == "Two." and ran.outputs["refined"] == "Add 1 and 1."
    assert {"You add." in prompt for prompt in ran.prompts("speak")} == {True, False}
    assert ran.outcomes("search") == ["solved"] and "It is 3" not in ran.prompts("planner")[1]


def test_a_weak_first_step_is_gone_on_from(tmp_path: Path):
    """No proposal solves it at once: the tree is expanded below the better one, which the roles then see."""
    ran = Lab("halo", tmp_path).run(
        said("refine", "Add."), plans("What is 1 + 1?"), ROLES, said("speak", "Begin with one."), said("speak", "Hm."),
        scores("Begin with one", 6), scores("Hm", 1), said("speak", "So it is 2.", match="Begin with one"),
        said("speak", "No idea.", match="Begin with one"), scores("So it is 2", 10), scores("No idea", 1),
        plans("Two.", reached=True, match="So it is 2"), task="1 and 1??",
    )  # fmt: skip
    assert ran.outcomes("search") == ["solved"] and ran.results("search")[0]["expanded"] == 2


def test_each_subtask_has_roles_of_its_own(tmp_path: Path):
    """The second subtask's proposals come from the roles that were written for it, not from the first's."""
    other = said("design", {"experts": [{"name": "Cy", "persona": "You draw.", "skills": "art", "job": "draw"}]})
    ran = Lab("halo", tmp_path).run(
        said("refine", "Add, then draw."), plans("Add."), ROLES, said("speak", "2"), said("speak", "3"),
        said("search", {"reason": "", "score": 10}, repeat=True), plans("Draw."), other, said("speak", "A circle."),
        plans("Done.", reached=True), task="add and draw",
    )  # fmt: skip
    assert ran.visits["design"] == 2 and "You draw." in ran.prompts("speak")[2]
    assert [step["title"] for step in ran.outputs["plan"]["steps"]] == ["Add.", "Draw."]
