"""One writer at a time; who left in the middle is noticed by the next."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from store.errors import StoreError
from store.memory_guard import Guard


def guard(folder: Path, doubt: Callable[[], None] = lambda: None) -> Guard:
    return Guard(folder / "writing.lock", doubt)


def test_two_guards_of_one_file_let_one_in(tmp_path: Path) -> None:
    """Entered by one, another (as of another process) waits; its own thread may enter again."""
    first, second = guard(tmp_path), guard(tmp_path)
    order: list[str] = []

    def write() -> None:
        with second:
            order.append("second")

    with first, first:
        other = threading.Thread(target=write)
        other.start()
        other.join(0.2)
        order.append("first")
    other.join(10)
    assert order == ["first", "second"]


def test_if_free_does_not_wait(tmp_path: Path) -> None:
    """It enters where nobody writes, says so where somebody does, and leaves the guard as it was."""
    first, second = guard(tmp_path), guard(tmp_path)
    with first, second.if_free() as free:
        assert not free
    with second.if_free() as free:
        assert free
        with first.if_free() as other:
            assert not other
    with first:
        pass


def test_if_free_does_not_wait_for_a_thread_either(tmp_path: Path) -> None:
    """Where another thread of the process writes, it is not free."""
    only = guard(tmp_path)
    seen: list[bool] = []

    def look() -> None:
        with only.if_free() as free:
            seen.append(free)

    with only:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join(10)
    assert seen == [False]


def test_who_breaks_off_is_doubted_by_the_next_and_only_once(tmp_path: Path) -> None:
    """Told by the writer, or by an interrupt; an ordinary error inside is none."""
    doubted: list[str] = []
    first, second = guard(tmp_path), guard(tmp_path, lambda: doubted.append("x"))
    with first:
        first.broken()
    with second, second:
        assert doubted == ["x"]
    with pytest.raises(KeyboardInterrupt, match="stop"), first:
        raise KeyboardInterrupt("stop")
    with second:
        assert doubted == ["x", "x"]
    with pytest.raises(ValueError, match="no"), first:
        raise ValueError("no")
    with second:
        assert doubted == ["x", "x"]


def test_doubt_that_fails_is_asked_again(tmp_path: Path) -> None:
    """An error in it keeps the next one out, and the mark stays until doubt could be said."""
    answers = [StoreError("not now"), None]

    def doubt() -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    only = guard(tmp_path, doubt)
    with only:
        only.broken()
    with pytest.raises(StoreError, match="not now"), only:
        pass
    with only:
        assert answers == []
    with only:
        pass


def test_a_writer_that_takes_too_long_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the longest wait the error names the process and what to do; later the guard works."""
    monkeypatch.setattr("store.memory_guard._LONGEST", 0.1)
    first, second = guard(tmp_path), guard(tmp_path)
    with first, pytest.raises(StoreError, match=r"Process \d+ has been writing.*suspended"), second:
        pass
    with second:
        pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """A file in its place gives an error that says how to mend it."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(StoreError, match=r"cannot be written.*right to write"), guard(tmp_path / "taken" / "in"):
        pass
