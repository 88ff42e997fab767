"""The home folder: where everything that outlives a process is kept."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs

from store.errors import StoreError

VARIABLE: Final = "NODELOOM_HOME"
_PRIVATE: Final = 0o700  # prompts, memories and the key of the secrets are nobody else's business


@dataclass(frozen=True)
class Home:
    """Paths below one folder. Making a ``Home`` touches nothing; ``create`` does."""

    path: Path

    @property
    def database(self) -> Path:
        """All tables of the store."""
        return self.path / "nodeloom.db"

    @property
    def checkpoints(self) -> Path:
        """LangGraph's checkpoints."""
        return self.path / "checkpoints.db"

    @property
    def memory(self) -> Path:
        """Chroma's folder; one process at a time may open it."""
        return self.path / "memory"

    @property
    def models(self) -> Path:
        """Fetched model files."""
        return self.path / "models"

    def run_folder(self, run_id: str) -> Path:
        """The folder of a run's own files."""
        return self.path / "runs" / run_id

    @property
    def secret_key(self) -> Path:
        """Key of the stored secrets (0600)."""
        return self.path / "secret.key"

    def create(self) -> "Home":
        """Make the folder, readable by its owner alone, where it does not exist yet."""
        try:
            self.path.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"Cannot make the home folder: {error.strerror or error}",
                str(self.path),
                f"Set {VARIABLE} to a folder you may write to.",
            ) from error
        return self


def home() -> Home:
    """The home folder of this user: ``NODELOOM_HOME``, else the platform's user data folder; created."""
    named = os.environ.get(VARIABLE, "").strip()
    path = (
        Path(named).expanduser().absolute() if named else Path(platformdirs.user_data_dir("nodeloom", appauthor=False))
    )
    return Home(path).create()
