"""The templates' folders."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from templates import catalogue


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of templates of our own, with one that is whole."""
    (tmp_path / "whole").mkdir()
    for part in catalogue.PARTS:
        (tmp_path / "whole" / part).write_bytes((catalogue.FOLDER / catalogue.FIRST / part).read_bytes())
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    for found in (catalogue.slugs, catalogue.incomplete, catalogue.load):
        found.cache_clear()


def test_every_folder_is_whole():
    """None of those that come with Nodeloom is left out."""
    assert catalogue.incomplete() == {} and len(catalogue.slugs()) > 150


def test_what_is_still_being_written_is_left_out_and_named(shelf: Path):
    """A folder without one of its parts stops none of the others."""
    (shelf / "begun").mkdir()
    (shelf / "begun" / "workflow.yaml").write_text("nodeloom: 1\n")
    assert catalogue.slugs() == ("whole",)
    assert catalogue.incomplete() == {"begun": ("README.md", "examples.jsonl")}
    assert catalogue.load("whole").examples
