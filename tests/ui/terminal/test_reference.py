"""``nodeloom nodes --reference`` writes the node reference."""

from pathlib import Path

from nodes.registry import KINDS
from tests.ui.terminal.conftest import Command


def test_it_writes_a_page_for_each_kind_and_an_index(nodeloom: Command, tmp_path: Path) -> None:
    """A new folder gets them all; pages of kinds that are gone go, other files stay."""
    folder = tmp_path / "docs" / "nodes"
    assert nodeloom("nodes", "--reference", str(folder)).returncode == 0
    names = {file.name for file in folder.iterdir()}
    assert names == {"README.md", *(f"{kind}.md" for kind in KINDS)}
    (folder / "old.kind.md").write_text("# Old (`old.kind`)\n")
    (folder / "mine.md").write_text("# Notes of my own\n")
    assert nodeloom("nodes", "--reference", str(folder)).returncode == 0
    assert {file.name for file in folder.iterdir()} == {*names, "mine.md"}


def test_it_refuses_a_folder_of_something_else(nodeloom: Command, tmp_path: Path) -> None:
    """An index that is not of the reference is never overwritten."""
    (tmp_path / "README.md").write_text("# My project\n")
    refused = nodeloom("nodes", "--reference", str(tmp_path))
    assert refused.returncode == 2
    assert "is not the index of a node reference" in refused.stderr
    assert [file.name for file in tmp_path.glob("*.md")] == ["README.md"]


def test_it_says_when_it_cannot_write(nodeloom: Command, tmp_path: Path) -> None:
    """A file where the folder should be is an error in words."""
    (tmp_path / "taken").write_text("")
    refused = nodeloom("nodes", "--reference", str(tmp_path / "taken"))
    assert refused.returncode == 2
    assert "could not be written" in refused.stderr
    assert "Traceback" not in refused.stderr
