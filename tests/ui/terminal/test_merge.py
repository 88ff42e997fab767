"""``nodeloom merge``: clean, with conflicts, decided, as a merge driver of git."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from graphs.yaml_format import parse
from tests.ui.terminal.conftest import HELLO, NODELOOM, Command

GREET = 'config: {prompt: "Greet {{name}}."}'


def _three(folder: Path, ours: str, theirs: str) -> list[str]:
    names = []
    for name, text in (("base", HELLO), ("ours", ours), ("theirs", theirs)):
        (folder / f"{name}.yaml").write_text(text)
        names.append(str(folder / f"{name}.yaml"))
    return names


def _prompt(words: str) -> str:
    return HELLO.replace("Greet {{name}}.", words)


def test_edits_that_do_not_touch_are_merged(nodeloom: Command, tmp_path: Path) -> None:
    """Exit code 0, and the merged workflow on the terminal or in a file."""
    files = _three(tmp_path, HELLO.replace("title: Hello", "title: Welcome"), _prompt("Greet {{name}} kindly."))
    done = nodeloom("merge", *files)
    assert done.returncode == 0, done.stderr
    merged = parse(done.stdout)
    assert (merged.title, merged.nodes["greet"].config["prompt"]) == ("Welcome", "Greet {{name}} kindly.")
    target = tmp_path / "merged.yaml"
    assert nodeloom("merge", *files, "--write", str(target)).returncode == 0
    assert parse(target.read_text()) == merged


def test_conflicts_are_told_and_ours_stands(nodeloom: Command, tmp_path: Path) -> None:
    """Exit code 1; the words that differ, and what to write to choose."""
    files = _three(tmp_path, _prompt("Greet {{name}} warmly."), _prompt("Greet {{name}} coldly."))
    done = nodeloom("merge", *files)
    assert done.returncode == 1
    assert parse(done.stdout).nodes["greet"].config["prompt"] == "Greet {{name}} warmly."
    assert "greet: prompt was changed on both sides" in done.stderr
    assert "[-warmly.-]{+coldly.+}" in done.stderr
    assert "--choose field:greet.config.prompt=ours or" in done.stderr
    assert "1 conflict left" in done.stderr


@pytest.mark.parametrize("decision", [("--take", "theirs"), ("--choose", "field:greet.config.prompt=theirs")])
def test_conflicts_are_decided_on_the_command_line(
    nodeloom: Command, tmp_path: Path, decision: tuple[str, str]
) -> None:
    """All for one side, or one by one; then nothing is left to choose."""
    files = _three(tmp_path, _prompt("Greet {{name}} warmly."), _prompt("Greet {{name}} coldly."))
    done = nodeloom("merge", *files, *decision, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [each["choice"] for each in told["conflicts"]] == ["theirs"]
    assert parse(told["yaml"]).nodes["greet"].config["prompt"] == "Greet {{name}} coldly."


def test_bad_input_is_refused_in_words(nodeloom: Command, tmp_path: Path) -> None:
    """A file that is not there, a side and a choice that are none: exit code 2, no traceback, nothing written."""
    files = _three(tmp_path, HELLO, HELLO.replace("Hello", "Hi"))
    for wrong, said in (
        (["--take", "mine"], "--take 'mine' is no side"),
        (["--choose", "x"], "--choose 'x' is no choice"),
        (["--choose", "x=ours"], "There is no conflict 'x'"),
    ):
        refused = nodeloom("merge", *files, "--write", str(tmp_path / "out.yaml"), *wrong)
        assert (refused.returncode, said in refused.stderr) == (2, True), refused.stderr
    refused = nodeloom("merge", files[0], files[1], str(tmp_path / "none.yaml"))
    assert refused.returncode == 2
    assert "There is no file" in refused.stderr
    assert not (tmp_path / "out.yaml").exists()


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_merges_workflows_with_it(home: Path, tmp_path: Path) -> None:
    """With the two lines of the documentation, edits that git's own merge would take for a conflict are merged."""
    base = HELLO.replace(GREET, 'config: {prompt: "Greet {{name}}.", temperature: 0.1}')

    def git(*words: str) -> int:
        found = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words]
        return subprocess.run(found, cwd=tmp_path, check=False, capture_output=True).returncode

    def commit(text: str, file: Path = tmp_path / "flow.yaml") -> None:
        file.write_text(text)
        assert git("add", "-A") == 0 and git("commit", "-qm", "edit") == 0

    git("init", "-q", "-b", "main")
    git("config", "merge.nodeloom.driver", f"{NODELOOM} merge %O %A %B --write %A")
    (tmp_path / ".gitattributes").write_text("flow.yaml merge=nodeloom\n")
    commit(base)
    git("checkout", "-qb", "other")
    commit(base.replace("0.1", "0.9"))
    git("checkout", "-q", "main")
    commit(base.replace("Greet {{name}}.", "Greet {{name}} kindly."))
    assert git("merge", "-q", "--no-edit", "other") == 0
    merged = parse((tmp_path / "flow.yaml").read_text()).nodes["greet"].config
    assert merged == {"prompt": "Greet {{name}} kindly.", "temperature": 0.9}
    git("checkout", "-qb", "third", "HEAD~1")
    commit(base.replace("0.1", "0.5"))
    git("checkout", "-q", "main")
    assert git("merge", "-q", "--no-edit", "third") == 1, "a conflict keeps git from committing"
