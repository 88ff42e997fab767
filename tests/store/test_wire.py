"""Calls between two ends of a wire: what crosses, what is refused, and what is said where nobody answers."""

import stat
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store.errors import NotFound, StoreError
from store.wire import Caller, Card, Door, Gone, Silent


class Odd(Exception):
    """An error that cannot be made from its arguments."""

    def __init__(self, what: str, *, place: int) -> None:
        super().__init__(f"{what} at {place}")
        self.place = place


class Unreadable:
    """A value that is no value at the other end."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _refuse, ()


def _refuse() -> None:
    raise ModuleNotFoundError("No module named 'other_version'")


FAULTS: dict[str, Exception] = {
    "odd": Odd("cut", place=7), "missing": NotFound("no x", "there", "Look elsewhere"), "disk": OSError("disk full"),
}  # fmt: skip


def fail(name: str) -> None:
    """Raise a fault by name."""
    raise FAULTS[name]


@contextmanager
def listening(file: Path, **methods: Callable[..., Any]) -> Generator[Caller]:
    """A caller of these methods."""
    door = Door(file, lambda name, *given: methods[name](*given), frozenset(methods), process="p", release="r")
    caller = Caller(file)
    try:
        yield caller
    finally:
        caller.close()
        door.close()


def test_the_card_is_its_users_alone_and_goes_with_the_door(tmp_path: Path) -> None:
    """It says who listens; only its user can read it, and nothing is left behind."""
    file = tmp_path / "door.json"
    with listening(file, ping=lambda: None) as caller:
        assert (caller.card.process, caller.card.release) == ("p", "r")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("door*"))


def test_errors_cross_as_themselves(tmp_path: Path) -> None:
    """Whatever their constructors ask for, with all they hold; then the line goes on."""
    with listening(tmp_path / "door.json", fail=fail, ping=lambda: 1) as caller:
        with pytest.raises(Odd, match="cut at 7") as odd:
            caller.call("fail", "odd")
        with pytest.raises(NotFound, match=r"no x \(there\)\. Look elsewhere") as missing:
            caller.call("fail", "missing")
        with pytest.raises(OSError, match="disk full"):
            caller.call("fail", "disk")
        assert (odd.value.place, missing.value.mend, caller.call("ping")) == (7, "Look elsewhere", 1)


def test_what_cannot_cross_is_told(tmp_path: Path) -> None:
    """An answer, an error's part or a question that the other end cannot have leads to an error, not to silence."""

    def unsayable() -> None:
        raise Odd("lock", place=threading.Lock())  # pyright: ignore[reportArgumentType]

    with listening(tmp_path / "door.json", lock=threading.Lock, unsayable=unsayable, echo=lambda each: each) as caller:
        with pytest.raises(TypeError, match=r"cannot pickle '_thread\.lock'"):
            caller.call("lock")
        with pytest.raises(StoreError, match=r"Odd: lock at .*cannot cross as it is: cannot pickle"):
            caller.call("unsayable")
        with pytest.raises(ModuleNotFoundError, match="other_version"):
            caller.call("echo", Unreadable())
        assert caller.call("echo", "heard") == "heard"


def test_only_named_methods_are_called(tmp_path: Path) -> None:
    """Another name is refused."""
    with listening(tmp_path / "door.json", ping=lambda: None) as caller, pytest.raises(StoreError, match="no 'close'"):
        caller.call("close")


def test_another_key_is_not_listened_to(tmp_path: Path) -> None:
    """Who guesses is turned away before anything is read as a call."""
    with listening(tmp_path / "door.json", ping=lambda: 1) as caller:
        guessed = tmp_path / "guessed.json"
        replace(caller.card, key=b"guess" * 7).write(guessed)
        with pytest.raises(Gone, match="digest"):
            Caller(guessed)
        assert caller.call("ping") == 1
        guessed.unlink()


def test_a_closed_door_is_noticed(tmp_path: Path) -> None:
    """A call over a line of before, and a new line, say that nobody is there."""
    file = tmp_path / "door.json"
    door = Door(file, lambda name: name, frozenset({"ping"}))
    caller = Caller(file)
    assert caller.call("ping") == "ping"
    door.close()
    assert Card.read(file) is None
    with pytest.raises(Gone, match="hung up"):
        caller.call("ping")
    with pytest.raises(Gone, match="not there"):
        Caller(file)


def test_patience_ends(tmp_path: Path) -> None:
    """Who asked for an answer in time is told that there is none; a late answer is not taken for the next one's."""
    late = threading.Event()
    with listening(tmp_path / "door.json", late=lambda: late.wait(30), ping=lambda: "now") as _:
        hasty = Caller(tmp_path / "door.json", 0.2)
        with pytest.raises(Silent, match="no answer for 0 seconds"):
            hasty.call("late")
        late.set()
        assert hasty.call("ping") == "now"
        hasty.close()
