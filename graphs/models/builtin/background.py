"""The fetch for the browser and the terminal: in a thread, with its state, or with a progress bar."""

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from graphs.models.builtin.fetch import Amount, Cancelled, Fetch, is_whole
from graphs.models.builtin.manifest import DEFAULT, ModelFile, model_file
from nodes.contract import NodeError


@dataclass(frozen=True)
class FetchState:
    """Where a built-in model stands; ``wire()`` is what ``GET /models`` sends."""

    state: Literal["absent", "fetching", "ready", "broken"]
    bytes: int
    total: int
    seconds_left: float | None = None
    error: dict[str, str] | None = None
    """``{"what", "mend"}`` of the last fetch, if it failed."""

    def wire(self) -> dict[str, Any]:
        return dict(vars(self))


class BackgroundFetch:
    """Fetches in a thread of its own; thread-safe. ``broken``: the file there is not the model."""

    def __init__(self, folder: Path, model: ModelFile = DEFAULT) -> None:
        self._folder = folder
        self._model = model
        self._guard = threading.Lock()
        self._cancel = threading.Event()
        self._thread: threading.Thread | None = None
        self._amount = Amount(0, model.bytes, None)
        self._error: dict[str, str] | None = None

    def start(self) -> None:
        """Begin or go on; nothing happens while it runs or where the file is whole."""
        with self._guard:
            if self.state().state in ("fetching", "ready"):
                return
            self._cancel.clear()
            self._error = None
            self._thread = threading.Thread(target=self._run, name="model-fetch", daemon=True)
            self._thread.start()

    def cancel(self) -> None:
        """Stop soon; what has arrived is kept."""
        self._cancel.set()

    def wait(self, seconds: float | None = None) -> FetchState:
        """Until the running fetch ends or ``seconds`` have passed."""
        if self._thread is not None:
            self._thread.join(seconds)
        return self.state()

    def state(self) -> FetchState:
        """Where it stands now."""
        if self._thread is not None and self._thread.is_alive():
            now = self._amount
            return FetchState("fetching", now.bytes, now.total, now.seconds_left)
        return replace(state_of(self._folder, self._model), error=self._error)

    def _run(self) -> None:
        try:
            Fetch(self._folder, self._model, progress=self._note, cancel=self._cancel).run()
        except NodeError as error:
            self._error = {"what": error.what, "mend": error.mend}
        except Cancelled:
            return

    def _note(self, amount: Amount) -> None:
        self._amount = amount


def state_of(folder: Path, model: ModelFile = DEFAULT) -> FetchState:
    """What lies on the disk, whoever put it there."""
    path = folder / model.filename
    if is_whole(path, model):
        return FetchState("ready", model.bytes, model.bytes)
    if path.exists():
        return FetchState("broken", path.stat().st_size, model.bytes)
    draft = folder / f"{model.filename}.part"
    return FetchState("absent", draft.stat().st_size if draft.exists() else 0, model.bytes)


def fetch_in_terminal(folder: Path, name: str = DEFAULT.name, console: Console | None = None) -> Path:
    """Fetch with a progress bar; Ctrl-C keeps what has arrived. Raises NodeError."""
    model = model_file(name)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task(model.title, total=model.bytes)
        return Fetch(folder, model, progress=lambda now: bar.update(task, completed=now.bytes)).run()
