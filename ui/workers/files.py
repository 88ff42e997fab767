"""Where the workers of a home keep what their clients look for."""

from pathlib import Path

from store.home import Home


class WorkerFiles:
    """The files of one worker, in the home's folder ``workers``."""

    def __init__(self, home: Home, name: str) -> None:
        self.name = name
        self.folder: Path = home.path / "workers"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.clients = self.folder / "clients"
        """One locked file for each process that uses the workers."""
        self.clients.mkdir(mode=0o700, exist_ok=True)
        self.queue = self.folder / "queue.db"
        """Of all workers."""
        self.release = self.folder / "release"
        """Which release the workers shall be of."""
        self.lock = self.folder / f"{name}.lock"
        """Held while the worker lives."""
        self.address = self.folder / f"{name}.json"
        """Where it listens; left behind by one that was killed."""
        self.log = self.folder / f"{name}.log"
