"""tool.file_search"""

import os
from pathlib import Path

import pytest

from nodes.contract import NodeError, ToolResult
from nodes.tools.file_search import file_search, safe_join
from tests.fakes import FakeServices, call_tool


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "handbook"
    (root / "deep").mkdir(parents=True)
    (root / "a.md").write_text("intro\nThe holiday request goes to Ada.\noutro\n\n\nholiday\n")
    (root / "deep" / "b.txt").write_text("Travel costs are paid.\nHoliday pay too.\n")
    (root / "c.bin").write_text("holiday")
    (root / ".hidden.md").write_text("holiday request")
    (tmp_path / "secret.md").write_text("holiday request secret")
    return root


def find(root: Path, query: str, file: str = "", **config: object) -> ToolResult:
    services = FakeServices(folders={"handbook": root})
    return call_tool(file_search, {"query": query, "file": file}, services, folder="handbook", **config)


def test_passages_with_most_words_first(folder: Path):
    """A passage has file, line and its neighbours; more of the sought words come first."""
    result = find(folder, "holiday request")
    assert result.data[0] == {
        "file": "a.md", "line": 2, "text": "intro\nThe holiday request goes to Ada.\noutro", "matched": 2
    }  # fmt: skip
    assert [(each["file"], each["line"]) for each in result.data] == [("a.md", 2), ("a.md", 6), ("deep/b.txt", 2)]
    assert result.text.startswith("a.md:2\nintro\nThe holiday request")


def test_other_files_are_not_read(folder: Path):
    """Other types and hidden files are left out; a part of the path narrows the search."""
    assert {each["file"] for each in find(folder, "holiday").data} == {"a.md", "deep/b.txt"}
    assert {each["file"] for each in find(folder, "holiday", file="DEEP/").data} == {"deep/b.txt"}


def test_links_out_of_the_folder_are_not_followed(folder: Path):
    """A link that leads outside is not read, one that stays inside is."""
    (folder / "out.md").symlink_to(folder.parent / "secret.md")
    (folder / "outside").symlink_to(folder.parent)
    (folder / "inside.md").symlink_to(folder / "a.md")
    files = {each["file"] for each in find(folder, "holiday secret").data}
    assert files == {"a.md", "deep/b.txt", "inside.md"}
    assert safe_join(folder, folder / ".." / "secret.md") is None
    assert safe_join(folder, folder / "a.md") == (folder / "a.md").resolve()


def test_bounds_are_kept(folder: Path):
    """The number of passages and files, and the size of a file, are bounded."""
    assert len(find(folder, "holiday", max_results=1).data) == 1
    assert {each["file"] for each in find(folder, "holiday", max_files=1).data} == {"a.md"}
    (folder / "big.md").write_text("holiday\n" * 1_000)
    assert "big.md" not in {each["file"] for each in find(folder, "holiday", max_file_kb=1, max_results=50).data}


def test_nothing_found_says_how_much_was_read(folder: Path):
    """An empty result is not a failure."""
    result = find(folder, "unicorn")
    assert not result.failed
    assert result.text == "Nothing found in 2 files for 'unicorn'."


def test_bytes_that_are_no_text_do_no_harm(folder: Path):
    """A file in another encoding is read as far as it goes; one that cannot be read is skipped."""
    (folder / "latin.txt").write_bytes(b"caf\xe9 holiday\n")
    os.mkfifo(folder / "pipe.txt")
    assert "latin.txt" in {each["file"] for each in find(folder, "holiday").data}


def test_a_query_needs_words(folder: Path):
    """Signs alone are refused in words."""
    assert find(folder, "?!").failed
    assert find(folder, "").failed


def test_the_folder_must_be_granted():
    """Without a folder, or with one nobody granted, the tool cannot be built."""
    with pytest.raises(NodeError, match="has no folder"):
        call_tool(file_search, {"query": "x"})
    with pytest.raises(NodeError, match="No folder is granted as 'other'"):
        call_tool(file_search, {"query": "x"}, folder="other")
