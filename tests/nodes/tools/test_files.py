"""tool.files: the run's own folder, and nothing else"""

from pathlib import Path
from typing import Any

import pytest

from nodes.contract import ToolResult
from nodes.idempotency import calling
from nodes.tools.files import files
from tests.fakes import FakeServices, call_tool


def use(root: Path, action: str, path: str = "", text: str = "", **config: Any) -> ToolResult:
    root.mkdir(exist_ok=True)
    return call_tool(
        files, {"action": action, "path": path, "text": text}, FakeServices(own_folder=root), **config
    )  # fmt: skip


def test_writes_reads_appends_and_lists(tmp_path: Path):
    """What was written is read again, longer after an append, and is listed with its size."""
    root = tmp_path / "run"
    assert use(root, "list").text == "There are no files."
    assert use(root, "write", "notes/plan.md", "first").text == "notes/plan.md: 5 bytes"
    assert use(root, "append", "notes/plan.md", " second").text == "notes/plan.md: 12 bytes"
    assert use(root, "read", "notes/plan.md").text == "first second"
    assert use(root, "write", "notes/plan.md", "anew").text == "notes/plan.md: 4 bytes"
    assert use(root, "list").data == use(root, "list", "notes").data == [{"path": "notes/plan.md", "bytes": 4}]
    assert use(root, "list").text == "notes/plan.md (4 bytes)"


@pytest.mark.parametrize(
    "path",
    ["../secret.txt", "a/../../secret.txt", "/etc/passwd", "..\\secret.txt", "C:\\x", "", ".", "a\0b", "a/" * 20 + "b"],
)
def test_paths_that_lead_out_are_refused(tmp_path: Path, path: str):
    """No path reaches outside the folder, to read or to write, however it is spelled."""
    (tmp_path / "secret.txt").write_text("hidden")
    root = tmp_path / "run"
    for action in ("read", "write", "append"):
        result = use(root, action, path, "x")
        assert result.failed and "hidden" not in result.text
    assert (tmp_path / "secret.txt").read_text() == "hidden"
    assert [each.name for each in tmp_path.iterdir()] in (["run", "secret.txt"], ["secret.txt", "run"])


def test_links_are_refused(tmp_path: Path):
    """A link to a file or a folder outside is neither followed, nor written through, nor listed."""
    root = tmp_path / "run"
    (outside := tmp_path / "outside").mkdir()
    (outside / "secret.txt").write_text("hidden")
    root.mkdir()
    (root / "file").symlink_to(outside / "secret.txt")
    (root / "folder").symlink_to(outside)
    for path in ("file", "folder/secret.txt", "folder/new.txt"):
        for action in ("read", "write"):
            assert "goes along a link" in use(root, action, path, "x").text
    assert use(root, "list").text == "There are no files."
    assert "goes along a link" in use(root, "list", "folder").text
    assert (outside / "secret.txt").read_text() == "hidden" and len(list(outside.iterdir())) == 1


def test_sizes_are_bounded(tmp_path: Path):
    """A file, the folder and their number are bounded, and what is refused leaves everything as it was."""
    root = tmp_path / "run"
    assert "at most 1 kB are written" in use(root, "write", "a", "x" * 2_000, max_file_kb=1).text
    use(root, "write", "a", "x" * 1_000, max_file_kb=1)
    assert "at most 1 kB are written" in use(root, "append", "a", "x" * 100, max_file_kb=1).text
    assert "at most 1 kB" in use(root, "write", "b", "x" * 100, max_total_kb=1).text
    assert "at most 1 files" in use(root, "write", "b", "x", max_files=1).text
    assert not use(root, "write", "a", "y", max_files=1).failed
    assert use(root, "list").data == [{"path": "a", "bytes": 1}]


def test_what_cannot_be_read_is_said(tmp_path: Path):
    """Missing files, folders and files that are no text are told apart; long texts are cut."""
    root = tmp_path / "run"
    assert "There is no file 'none.txt'" in use(root, "read", "none.txt").text
    use(root, "write", "folder/long.txt", "é" * 500)
    assert "There is no file 'folder'" in use(root, "read", "folder").text
    assert use(root, "write", "folder", "x").failed
    assert use(root, "write", "folder/long.txt/deeper", "x").failed
    assert "[cut: 500 characters in all]" in use(root, "read", "folder/long.txt", max_characters=100).text
    (root / "image").write_bytes(b"\x89PNG\0\0")
    assert "is not a text file" in use(root, "read", "image").text
    assert use(root, "write", "odd", "\ud800").failed
    assert use(root, "paint", "x").failed


def test_read_only(tmp_path: Path):
    """Where the settings say so, nothing is written."""
    root = tmp_path / "run"
    assert "can only be read" in use(root, "write", "a", "x", read_only=True).text
    assert not list(root.iterdir())


def test_an_append_that_is_made_again_after_a_crash_is_made_once(tmp_path: Path):
    """The same call's second time adds nothing, whatever came after it; another call adds, though it says the same."""
    root = tmp_path / "run"
    with calling("first"):
        use(root, "append", "log.txt", "one\n")
    with calling("second"):
        use(root, "append", "log.txt", "one\n")
    for key in ("first", "second"):  # their nodes start again
        with calling(key):
            assert use(root, "append", "log.txt", "one\n").text == "log.txt: 8 bytes"
    assert (root / "log.txt").read_text() == "one\none\n"
    assert use(root, "list").text == "log.txt (8 bytes)"
    assert "Nodeloom's own" in use(root, "read", ".appended").text


def test_an_append_that_a_crash_cut_is_completed(tmp_path: Path):
    """Cut before a byte, in the middle of the text, or in the middle of its note: the text is there once."""
    root = tmp_path / "run"
    use(root, "write", "log.txt", "zero\n")
    for left in ("zero\n", "zero\non"):
        with calling("first"):
            use(root, "append", "log.txt", "one\n")
            (root / "log.txt").write_text(left)
            use(root, "append", "log.txt", "one\n")
        assert (root / "log.txt").read_text() == "zero\none\n"
    (root / ".appended").write_bytes(b'\n{"key": "sec')
    with calling("second"):
        use(root, "append", "log.txt", "two\n")
        use(root, "append", "log.txt", "two\n")
    assert (root / "log.txt").read_text() == "zero\none\ntwo\n"


def test_a_node_that_writes_and_appends_anew_comes_to_the_same(tmp_path: Path):
    """Started again from its top it replaces the file, and the append of then belongs to it again."""
    root = tmp_path / "run"
    for _ in range(2):
        use(root, "write", "log.txt", "head\n")
        with calling("first"):
            use(root, "append", "log.txt", "one\n")
    assert (root / "log.txt").read_text() == "head\none\n"


def test_an_append_that_does_not_fit_is_refused_and_may_be_made_later(tmp_path: Path):
    """A refused append is not noted as made."""
    root = tmp_path / "run"
    with calling("big"):
        assert use(root, "append", "log.txt", "x" * 2_000, max_file_kb=1).failed
        assert not use(root, "append", "log.txt", "small").failed
    assert (root / "log.txt").read_text() == "small"
