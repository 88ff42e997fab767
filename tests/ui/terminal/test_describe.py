"""``nodeloom describe``: the changes in words, and written only when they are accepted."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ui.terminal.conftest import HELLO, Command

WISH = "add a critic that sends the answer back at most three times"
CRITIC = {"intent": "add", "kind": "reflection.critique", "after": "greet", "setting": "max_revisions"}


@pytest.fixture
def file(tmp_path: Path, home: Path) -> Path:
    """A workflow file, and the scripts of the models asked about it."""
    (home / "scripts").mkdir(parents=True, exist_ok=True)
    script(home, "critic", [{"node": node, "data": {"answer": answer}} for node, answer in CRITIC.items()])
    script(home, "unsure", [{"data": {"answer": "none"}, "repeat": True}])
    path = tmp_path / "hello.yaml"
    path.write_text(HELLO)
    return path


def script(home: Path, name: str, replies: list[dict[str, Any]]) -> None:
    (home / "scripts" / f"{name}.json").write_text(json.dumps({"name": name, "replies": replies}))


def test_the_changes_are_told_and_nothing_is_written(nodeloom: Command, file: Path) -> None:
    """Without --accept the file stays as it was, and the note says how to accept."""
    done = nodeloom("describe", str(file), WISH, "--model", "scripted:critic", "--way", "steps")
    assert done.returncode == 0, done.stderr
    assert "+ Add Critique with Revisions 3" in done.stdout
    assert "{{#feedback}}" in done.stdout
    assert "--accept all" in done.stderr and "3 calls" in done.stderr
    assert file.read_text() == HELLO


def test_accepted_changes_are_written(nodeloom: Command, file: Path) -> None:
    """--accept all writes the workflow, which has nothing to mend then."""
    done = nodeloom("describe", str(file), WISH, "--model", "scripted:critic", "--way", "steps", "--accept", "all")
    assert done.returncode == 0, done.stderr
    checked = nodeloom("check", str(file), "--json")
    found = json.loads(checked.stdout)["diagnostics"]
    assert [each for each in found if each["severity"] != "info"] == []
    assert "max_revisions: 3" in file.read_text()


def test_numbers_accept_some_with_what_they_need(nodeloom: Command, file: Path) -> None:
    """A number takes the items it needs with it, and leaves the rest."""
    nodeloom("describe", str(file), WISH, "--model", "scripted:critic", "--way", "steps", "--accept", "2")
    text = file.read_text()
    assert "greet -> critique" in text and "critique.revise" not in text


def test_a_number_that_is_none_is_refused(nodeloom: Command, file: Path) -> None:
    """The numbers there are stand in the error."""
    done = nodeloom("describe", str(file), WISH, "--model", "scripted:critic", "--way", "steps", "--accept", "99")
    assert done.returncode == 2
    assert "'99' is no change" in done.stderr and file.read_text() == HELLO


def test_a_wish_that_nobody_can_tell_is_said_to_be_one(nodeloom: Command, file: Path) -> None:
    """What comes to nothing is told, and the exit code says so."""
    done = nodeloom("describe", str(file), "be nicer", "--model", "scripted:unsure", "--way", "steps")
    assert done.returncode == 1
    assert "cannot be made: it could not be told what to change" in done.stdout


def test_the_proposal_is_there_as_json(nodeloom: Command, file: Path) -> None:
    """--json prints one object with items, findings left and cost."""
    done = nodeloom("describe", str(file), WISH, "--model", "scripted:critic", "--way", "steps", "--json")
    proposal = json.loads(done.stdout)
    assert proposal["way"] == "steps" and proposal["items"][0]["sort"] == "added"
    assert proposal["spent"]["calls"] == 3


def test_a_model_that_is_absent_is_told_with_its_mend(nodeloom: Command, file: Path) -> None:
    """The built-in model that was never fetched is no crash."""
    done = nodeloom("describe", str(file), WISH)
    assert done.returncode == 2
    assert "cannot be asked yet" in done.stderr and "nodeloom model fetch" in done.stderr
