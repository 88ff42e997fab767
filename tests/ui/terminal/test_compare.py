"""``nodeloom compare`` and ``nodeloom diff``: same, different, bad input."""

import json
from pathlib import Path

import pytest

from tests.ui.terminal.conftest import HELLO, Command

RUN = ("run", "hello.yaml", "--model", "scripted:hello", "-i", "name=Ada")


def test_two_runs_alike(nodeloom: Command) -> None:
    """Exit code 0, and the words say so."""
    nodeloom(*RUN)
    nodeloom(*RUN)
    done = nodeloom("compare", "r-0001", "r-0002")
    assert done.returncode == 0
    assert "Both runs did the same: 3 node visits." in done.stdout


def test_an_edited_prompt_is_shown_word_by_word(nodeloom: Command, tmp_path: Path) -> None:
    """Exit code 1; where they part, what was edited, and a line for each node."""
    nodeloom(*RUN)
    (tmp_path / "hello.yaml").write_text(HELLO.replace("Greet", "Insult"))
    nodeloom(*RUN)
    done = nodeloom("compare", "r-0001", "r-0002")
    assert done.returncode == 1
    assert "~ greet: prompt was 'Greet {{name}}.', is 'Insult {{name}}.'" in done.stdout
    assert "First difference: greet (visit 1): prompt" in done.stdout
    assert "asks the model scripted:hello:" in done.stdout
    assert "[-Greet-]{+Insult+} Ada." in done.stdout
    assert "1 of 3 node visits differ." in done.stdout
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith(("start", "greet", "finish"))}
    assert rows["start"].rstrip().endswith("same") and rows["greet"].rstrip().endswith("settings, prompt")
    told = json.loads(nodeloom("compare", "r-0001", "r-0002", "--json").stdout)
    assert (told["same"], told["first"]["node"], told["left"]["number"]) == (False, "greet", "r-0001")


def test_other_inputs_part_at_the_start(nodeloom: Command) -> None:
    """The first node whose values differ is named, with both values."""
    nodeloom(*RUN)
    nodeloom(*RUN[:-1], "name=Bo")
    done = nodeloom("compare", "r-0001", "r-0002")
    assert "First difference: start (visit 1)" in done.stdout
    assert "[-Ada-]{+Bo+}" in done.stdout


def test_a_recording_is_compared_with_a_run_and_with_a_recording(nodeloom: Command, tmp_path: Path) -> None:
    """The run it was made of does the same; an edited workflow parts from it where it parts from the run."""
    nodeloom(*RUN)
    assert nodeloom("replay", "r-0001", "--export", "then.json").returncode == 0
    done = nodeloom("compare", "then.json", "r-0001")
    assert (done.returncode, "Both runs did the same: 3 node visits." in done.stdout) == (0, True), done.stderr
    (tmp_path / "hello.yaml").write_text(HELLO.replace("Greet", "Insult"))
    nodeloom(*RUN)
    assert nodeloom("replay", "r-0002", "--export", "now.json").returncode == 0
    for right in ("r-0002", "now.json"):
        done = nodeloom("compare", "then.json", right)
        assert done.returncode == 1 and "First difference: greet (visit 1): prompt" in done.stdout
        assert "(recording of r-0001)" in done.stdout and "[-Greet-]{+Insult+} Ada." in done.stdout
    assert len(json.loads(nodeloom("runs", "--json").stdout)) == 2
    refused = nodeloom("compare", "hello.yaml", "r-0001")
    assert refused.returncode == 2 and "is no recording" in refused.stderr


def test_an_unknown_run_is_told(nodeloom: Command) -> None:
    """Exit code 2, in words."""
    done = nodeloom("compare", "r-0001", "r-0002")
    assert (done.returncode, "r-0001" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_file_does_not_differ_from_itself(nodeloom: Command) -> None:
    """Exit code 0 and nothing on standard output."""
    done = nodeloom("diff", "hello.yaml", "hello.yaml")
    assert (done.returncode, done.stdout) == (0, "")
    assert "the same workflow" in done.stderr


def test_two_files_differ_in_words(nodeloom: Command, tmp_path: Path) -> None:
    """Exit code 1; one line for each change, the same as data with --json, and a file may come from a pipe."""
    edited = HELLO.replace("title: Hello", "title: Hi").replace(
        "Greet {{name}}.", "Greet {{name}} warmly, and at length."
    )
    (tmp_path / "edited.yaml").write_text(edited)
    done = nodeloom("diff", "hello.yaml", "edited.yaml")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "~ the title was 'Hello', is 'Hi'",
        "~ greet: prompt was 'Greet {{name}}.', is 'Greet {{name}} warmly, and at length.'",
    ]
    told = json.loads(nodeloom("diff", "hello.yaml", "-", "--json", input=edited).stdout)
    assert [(each["sort"], each["key"]) for each in told] == [("meta", "title"), ("setting", "prompt")]


@pytest.mark.parametrize(
    ("content", "words"), [(None, "There is no file"), ("nodes: [", "is not a workflow that can be read")]
)
def test_a_file_that_cannot_be_read_is_told(nodeloom: Command, tmp_path: Path, content: str | None, words: str) -> None:
    """Exit code 2, in words and without a traceback."""
    if content is not None:
        (tmp_path / "other.yaml").write_text(content)
    done = nodeloom("diff", "hello.yaml", "other.yaml")
    assert (done.returncode, words in done.stderr, "Traceback" in done.stderr) == (2, True, False)
