"""SWE-Search: edits branch from a repository, tests and words guide the next, and a debate accepts or rejects."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

REPOSITORY = "### a.py\ndef one():\n    return 0\n\n### b.py\ndef two():\n    return 0\n"
TESTS = "assert one() == 1\nassert two() == 2\nassert one() + two() == 3"


def edit(file: str, name: str, number: int, old: int = 0) -> str:
    """An edit that changes what a function returns."""
    head = f"def {name}():\n    return"
    return f"{file}\n<<<<\n{head} {old}\n====\n{head} {number}\n>>>>"


def proposes(*edits: str) -> Reply:
    return said("search", {"steps": list(edits)}, match="Propose")


def words(text: str, match: str) -> Reply:
    """What the critic says of a repository."""
    return said("criticise", text, match=match)


def votes(*verdicts: str) -> list[Reply]:
    return [said("debate", f"So.\nAnswer: {verdict}") for verdict in verdicts]


def run(tmp_path: Path, *replies: Reply) -> Ran:
    return Lab("swe_search", tmp_path).run(
        *replies, said("search", "Look at both files.", match="Why not", repeat=True),
        said("criticise", "?", repeat=True), issue="one() and two() give nothing.", repository=REPOSITORY, tests=TESTS,
    )  # fmt: skip


def test_edits_of_two_files_lead_to_a_repository_that_passes(tmp_path: Path):
    """The better of two edits is followed; the second edit is proposed with the critic's words in view."""
    ran = run(
        tmp_path, proposes(edit("a.py", "one", 7), edit("a.py", "one", 1)), words("b.py is not mended.", "return 1"),
        proposes(edit("b.py", "two", 2)), *votes("ACCEPT", "ACCEPT"),
    )  # fmt: skip
    assert ran.outputs["passed"] == 1 and ran.outputs["verdict"] == "ACCEPT"
    assert ran.outputs["repository"].count("return 0") == 0 and len(ran.outputs["edits"]) == 2
    first, second = [each for each in ran.prompts("search") if "Propose" in each]
    assert "b.py is not mended." not in first and "b.py is not mended." in second
    assert "assert two() == 2" in "".join(ran.prompts("criticise"))  # the critic reads what the tests said


def test_an_edit_of_lines_that_are_not_there_leads_nowhere(tmp_path: Path):
    """It makes no new situation and is not tested; the other edit is."""
    ran = run(
        tmp_path, proposes(edit("a.py", "one", 1, old=99), edit("c.py", "one", 1), ), proposes(edit("a.py", "one", 1)),
        *votes("REJECT", "REJECT"),
    )  # fmt: skip
    assert "return 99" not in ran.outputs["repository"]
    assert ran.visits["run_tests"] == 0 and ran.outputs["verdict"] == "REJECT"


def test_the_debate_may_reject_what_the_tests_let_pass(tmp_path: Path):
    """One member persuades the other; the patch is given out with the verdict."""
    cheat = "a.py\n<<<<\ndef one():\n    return 0\n====\ndef one():\n    return 1\n\ndef two():\n    return 2\n>>>>"
    ran = run(tmp_path, proposes(cheat, edit("b.py", "two", 9)), proposes(edit("b.py", "two", 2)),
              *votes("ACCEPT", "REJECT", "REJECT", "REJECT"))  # fmt: skip
    assert ran.outputs["verdict"] == "REJECT" and len(ran.prompts("debate")) == 4
