"""``nodeloom export``."""

import zipfile
from pathlib import Path

import pytest

from templates import catalogue
from tests.ui.terminal.conftest import HELLO, Command


@pytest.mark.parametrize("given", ["template", "file", "saved"])
def test_a_workflow_is_written_as_a_program(nodeloom: Command, tmp_path: Path, given: str) -> None:
    """A template by name, a file, or a saved workflow by its title; the folder holds all that it needs."""
    (tmp_path / "hello.yaml").write_text(HELLO)
    name = {"template": "rci", "file": str(tmp_path / "hello.yaml"), "saved": "Hello"}[given]
    if given == "saved":
        nodeloom("import", str(tmp_path / "hello.yaml"), "--yes")
    done = nodeloom("export", name, "--to", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert {"graph.py", "langgraph.json", "pyproject.toml", "README.md"} <= {
        f.name for f in (tmp_path / "out").iterdir()
    }
    title = catalogue.load("rci").document.title if given == "template" else "Hello"
    assert f'TITLE = "{title}"' in (tmp_path / "out" / "graph.py").read_text()


def test_a_zip_has_one_folder(nodeloom: Command, tmp_path: Path) -> None:
    """Named after the workflow."""
    assert nodeloom("export", "rci", "--zip", "--to", str(tmp_path / "rci.zip")).returncode == 0
    with zipfile.ZipFile(tmp_path / "rci.zip") as archive:
        assert len({name.partition("/")[0] for name in archive.namelist()}) == 1
        assert any(name.endswith("/graph.py") for name in archive.namelist())


def test_what_is_there_is_not_written_over(nodeloom: Command, tmp_path: Path) -> None:
    """Unless that is said."""
    target = str(tmp_path / "out")
    assert nodeloom("export", "rci", "--to", target).returncode == 0
    again = nodeloom("export", "rci", "--to", target)
    assert again.returncode == 2 and "is there already" in again.stderr
    assert nodeloom("export", "rci", "--to", target, "--force").returncode == 0


def test_what_cannot_be_a_program_is_refused_and_nothing_is_written(nodeloom: Command, tmp_path: Path) -> None:
    """Node and reason are named."""
    done = nodeloom("export", "adas", "--to", str(tmp_path / "out"))
    assert done.returncode == 2 and not (tmp_path / "out").exists()
    assert "design (workflows.draft)" in " ".join(done.stderr.split())


def test_a_workflow_with_errors_is_refused(nodeloom: Command, tmp_path: Path) -> None:
    """With its findings."""
    (tmp_path / "broken.yaml").write_text(HELLO.replace("start.name -> greet.name, ", ""))
    done = nodeloom("export", str(tmp_path / "broken.yaml"), "--to", str(tmp_path / "out"))
    assert done.returncode == 2 and not (tmp_path / "out").exists()
    assert "greet" in done.stderr + done.stdout


def test_a_secret_does_not_leave(nodeloom: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workflow in which a key of the workspace stands is not exported."""
    from ui.workspace import workspace

    workspace().secrets.set("MY_KEY", "very-secret-value")
    (tmp_path / "leaky.yaml").write_text(HELLO.replace("Greet {{name}}.", "very-secret-value {{name}}"))
    done = nodeloom("export", str(tmp_path / "leaky.yaml"), "--to", str(tmp_path / "out"))
    assert done.returncode == 2 and not (tmp_path / "out").exists()
    assert "holds the secret MY_KEY" in " ".join(done.stderr.split())
