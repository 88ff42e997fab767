"""The examinations of ``nodeloom doctor``, one function each; none changes anything but an unused lock."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from graphs.models import readiness
from graphs.models.builtin.background import state_of
from graphs.models.builtin.manifest import DEFAULT
from graphs.models.builtin.server import has_avx2
from graphs.models.workspace import OLLAMA_ADDRESS, OLLAMA_KEY
from store.database import Database
from store.errors import StoreError
from store.file_lock import FileLock
from store.home import Home, home
from store.secrets import Secrets
from store.settings import Settings
from ui.address import DEFAULT_ADDRESS, bind
from ui.refusal import Refusal

FRONT_END: Final = Path(__file__).parents[1] / "canvas" / "build"
LEAST_FREE: Final = 500_000_000
"""Bytes that runs, traces and memories want free."""


@dataclass(frozen=True)
class Finding:
    """``optional``: Nodeloom works without it."""

    name: str
    state: Literal["good", "missing", "optional"]
    what: str
    mend: str = ""


def examine(port: int) -> list[Finding]:
    """Everything, in the order in which it is needed."""
    try:
        place = home()
    except StoreError as error:
        return [_python(), Finding("home", "missing", str(error.what), error.mend)]
    checks: tuple[Callable[[], Finding], ...] = (
        _python, lambda: _home(place), lambda: _disk(place), lambda: _database(place), _front_end,
        lambda: _port(port), lambda: _memory(place), lambda: _model(place),
        lambda: _keys(place), lambda: _ollama(place),
    )  # fmt: skip
    return [check() for check in checks]


def _python() -> Finding:
    version, least = ".".join(map(str, sys.version_info[:3])), (3, 11)
    if sys.version_info[:2] >= least:
        return Finding("Python", "good", version)
    return Finding("Python", "missing", f"{version} is too old", "Install Python 3.11 or newer.")


def _home(place: Home) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=place.path):
            return Finding("home", "good", str(place.path))
    except OSError as error:
        mend = "Give your user the right to write there, or set NODELOOM_HOME to another folder."
        return Finding("home", "missing", f"{place.path} cannot be written: {error.strerror}", mend)


def _disk(place: Home) -> Finding:
    free = shutil.disk_usage(place.path).free
    fetched = state_of(place.models).state == "ready"
    needed = LEAST_FREE if fetched else LEAST_FREE + DEFAULT.bytes
    what = f"{free / 1e9:.1f} GB free"
    if free >= needed:
        return Finding("disk", "good", what)
    mend = f"Free some space: {needed / 1e9:.1f} GB are wanted{'' if fetched else ', the built-in model included'}."
    return Finding("disk", "missing" if free < LEAST_FREE else "optional", what, mend)


def _database(place: Home) -> Finding:
    try:
        Database(place.database).close()
    except StoreError as error:
        return Finding("database", "missing", f"{error.what} ({error.where})", error.mend)
    return Finding("database", "good", str(place.database))


def _front_end() -> Finding:
    built = list(FRONT_END.glob("index-*.js"))
    if len(built) == 1:
        return Finding("canvas", "good", "built")
    what = "it is not built" if not built else f"there are {len(built)} builds of it"
    return Finding("canvas", "missing", what, "Check out the repository again, or build it with Node: make front.")


def _port(port: int) -> Finding:
    try:
        bind(DEFAULT_ADDRESS, port).close()
    except Refusal as refusal:
        return Finding("port", "optional", refusal.what, refusal.mend)
    return Finding("port", "good", f"{port} is free")


def _memory(place: Home) -> Finding:
    path = place.memory / "nodeloom.lock"
    if path.exists():
        lock = FileLock(path)
        if not lock.acquire():
            return Finding("memory", "good", f"process {lock.holder()} has it open and answers for all")
        lock.release()
    return Finding("memory", "good", "not in use")


def _model(place: Home) -> Finding:
    missing = readiness.builtin(place.models, DEFAULT)
    state = state_of(place.models)
    if not has_avx2():
        mend = "Use a model of your own by key, or Ollama."
        return Finding("built-in model", "optional", "this processor lacks AVX2, so it cannot run", mend)
    if missing.needs or state.state != "ready":
        part = f"{state.state}, {state.bytes / 1e9:.1f} of {state.total / 1e9:.1f} GB here"
        return Finding("built-in model", "optional", part, missing.needs or "Fetch it again: nodeloom model fetch.")
    return Finding("built-in model", "good", DEFAULT.title)


def _keys(place: Home) -> Finding:
    try:
        secrets = Secrets(Database(place.database), place.secret_key)
        found = [name for name in readiness.KEYS.values() if secrets.get(name)]
    except StoreError as error:
        return Finding("keys", "optional", error.what, error.mend)
    if found:
        return Finding("keys", "good", ", ".join(found))
    names = " or ".join(readiness.KEYS.values())
    return Finding("keys", "optional", "none", f"Add {names} in Settings, or set it in the environment.")


def _ollama(place: Home) -> Finding:
    try:
        address = Settings(Database(place.database)).get(OLLAMA_KEY) or OLLAMA_ADDRESS
    except StoreError:
        address = OLLAMA_ADDRESS
    found = readiness.ollama(str(address))
    if found.ready:
        return Finding("Ollama", "good", ", ".join(found.models))
    return Finding("Ollama", "optional", "not in use", found.needs)
