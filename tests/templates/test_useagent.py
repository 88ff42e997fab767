"""USEagent: the meta-agent's choice decides who works next, and it cannot finish on failing tests."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

FILES = [
    {"path": "app/twice.py", "text": "def twice(n):\n    return n + 2"},
    {"path": "app/four.py", "text": "from app.twice import twice\n\n\ndef fourfold(n):\n    return twice(twice(n))"},
]
GIVEN = ["assert fourfold(3) == 12"]
RIGHT = "```python\n# app/twice.py\ndef twice(n):\n    return n * 2\n```"
WRONG = "```python\n# app/twice.py\ndef twice(n):\n    return n * 3\n```"


def chooses(action: str) -> Reply:
    """The meta-agent's choice."""
    return said("meta", {"answer": {"thought": f"Now {action}.", "action": action, "instruction": f"Please {action}."}})


def asserts(*tests: str) -> Reply:
    """What the tester adds."""
    return said("test", {"answer": list(tests)})


def run(folder: Path, *replies: Reply, **more: Any) -> Ran:
    """On a repository of two files, one of which imports the other."""
    given: dict[str, Any] = {"files": FILES, "tests": GIVEN, "patch": [], **more}
    return Lab("useagent", folder).run(*replies, task="twice(4) has to be 8.", **given)


def test_it_chooses_coding_testing_and_mending_by_what_the_tests_say(tmp_path: Path):
    """The wrong code fails a test that runs through the file importing it, the mender is told so, and then it ends."""
    ran = run(
        tmp_path, chooses("code"), said("code", WRONG), chooses("test"), asserts("assert twice(4) == 8"),
        chooses("fix"), said("fix", RIGHT), chooses("finish"),
    )  # fmt: skip
    assert ran.outputs["patch"] == "# app/twice.py\ndef twice(n):\n    return n * 2" and ran.outputs["score"] == 1
    assert [each.split(":")[0] for each in ran.outputs["log"]] == ["code", "test", "fix", "finish"]
    assert "assert fourfold(3) == 12" in ran.prompts("fix")[0] and "return n * 3" in ran.prompts("fix")[0]
    assert "Not tested since." in ran.prompts("meta")[1]


def test_it_cannot_finish_on_a_failing_test(tmp_path: Path):
    """Asked to end at once, it is told what fails and has to choose again."""
    ran = run(tmp_path, chooses("finish"), chooses("fix"), said("fix", RIGHT), chooses("finish"))
    assert ran.visits["meta"] == 3 and "assert fourfold(3) == 12" in ran.prompts("meta")[1]
    assert ran.visits["code"] == ran.visits["test"] == 0 and ran.outputs["score"] == 1


def test_unfinished_work_is_taken_over(tmp_path: Path):
    """The patch stands in place of the file, and what is right in it is the result though nothing more is written."""
    half = [{"path": "app/twice.py", "text": "def twice(n):\n    return 2 * n"}]
    ran = run(tmp_path, chooses("finish"), patch=half)
    assert "return 2 * n" in ran.prompts("meta")[0] and "return n + 2" not in ran.prompts("meta")[0]
    assert ran.outputs["patch"] == "# app/twice.py\ndef twice(n):\n    return 2 * n" and ran.outputs["score"] == 1


def test_an_answer_that_names_no_file_changes_nothing(tmp_path: Path):
    """It is noted for the next choice, and the run goes on."""
    ran = run(
        tmp_path, chooses("code"), said("code", "I would multiply."), chooses("code"), said("code", RIGHT),
        chooses("finish"),
    )  # fmt: skip
    assert "code: nothing was changed." in ran.prompts("meta")[1] and ran.outputs["score"] == 1


def test_without_given_tests_its_own_alone_decide(tmp_path: Path):
    """The tester's assert is added to the one that everything loads, and is what keeps it from finishing."""
    ran = run(
        tmp_path, chooses("test"), asserts("assert twice(4) == 8"), chooses("finish"), chooses("fix"),
        said("fix", RIGHT), chooses("finish"), tests=[],
    )  # fmt: skip
    assert ran.outputs["tests"] == ["True  # it loads", "assert twice(4) == 8"] and ran.outputs["score"] == 1
    assert "assert twice(4) == 8" in ran.prompts("meta")[2]


def test_nine_choices_are_the_end(tmp_path: Path):
    """A file that never gets right is given out with the share of tests it passes."""
    replies = [each for _ in range(9) for each in (chooses("code"), said("code", WRONG))]
    ran = run(tmp_path, *replies)
    assert ran.visits["meta"] == 9 and ran.outputs["score"] == 0.5 and "fourfold" in ran.outputs["report"]
