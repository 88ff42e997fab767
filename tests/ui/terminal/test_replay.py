"""``nodeloom replay``: same, departed, bad input; exported and replayed from the file elsewhere."""

import json
from pathlib import Path

import pytest

from tests.ui.terminal.conftest import HELLO, Command

RUN = ("run", "hello.yaml", "--model", "scripted:hello", "-i", "name=Ada")


def test_a_run_replays_without_its_model(nodeloom: Command, home: Path) -> None:
    """The script it ran on is gone; exit code 0, twice, and no further run is made."""
    nodeloom(*RUN)
    (home / "scripts" / "hello.json").unlink()
    for _ in range(2):
        done = nodeloom("replay", "r-0001")
        assert (done.returncode, done.stdout) == (0, "r-0001 replays exactly: 3 node visits, the same outputs.\n")
    assert len(json.loads(nodeloom("runs", "--json").stdout)) == 1


def test_an_edited_workflow_departs(nodeloom: Command, tmp_path: Path) -> None:
    """Exit code 1, the node and the words; --json has the same as data."""
    nodeloom(*RUN)
    (tmp_path / "edited.yaml").write_text(HELLO.replace("Greet", "Insult"))
    done = nodeloom("replay", "r-0001", "--against", "edited.yaml")
    assert done.returncode == 1
    assert "departs at greet (visit 1): asks the model something else" in done.stdout
    assert "[-Greet-]{+Insult+}" in done.stdout
    told = json.loads(nodeloom("replay", "r-0001", "--against", "edited.yaml", "--json").stdout)
    assert (told["same"], told["first"]["kind"], told["first"]["node"]) == (False, "prompt", "greet")
    assert told["same_nodes"] == ["start", "finish"]


def test_an_export_replays_in_another_home(nodeloom: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is all that is needed; a workflow file is held against it as against the run."""
    nodeloom(*RUN)
    done = nodeloom("replay", "r-0001", "--export", "hello.json")
    assert done.returncode == 0
    assert "assert_replays('hello.json')" in done.stderr
    monkeypatch.setenv("NODELOOM_HOME", str(tmp_path / "another"))
    assert nodeloom("replay", "hello.json").returncode == 0
    assert nodeloom("replay", "hello.json", "--against", "hello.yaml").returncode == 0
    assert not (tmp_path / "another").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("r-9999",), "r-9999"),
        (("none.json",), "cannot be read"),
        (("hello.yaml",), "no recording"),
        (("r-0001", "--against", "none.yaml"), "There is no file"),
        (("r-0001", "--against", "broken.yaml"), "cannot run as it is"),
        (("r-0001", "--against", "other.yaml"), "no input 'name'"),
        (("r-0001", "--against", "hello.yaml", "--export", "x.json"), "exclude"),
        (("r-0001", "--export", "no/such/folder/x.json"), "refused"),
    ],
)
def test_bad_input_is_told(nodeloom: Command, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 2, in words and without a traceback."""
    nodeloom(*RUN)
    (tmp_path / "broken.yaml").write_text(HELLO.replace("start.name -> greet.name, ", ""))
    (tmp_path / "other.yaml").write_text(HELLO.replace("name", "person"))
    done = nodeloom("replay", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
