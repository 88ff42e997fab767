"""Where everything is kept, how much room it takes, and which version this is."""

import shutil
from pathlib import Path

import streamlit as st

from store.home import VARIABLE
from ui.panels.words import safe, size
from ui.version import VERSION
from ui.workspace import workspace


def show() -> None:
    """The home folder by part, the free disk, the version."""
    home = workspace().home
    parts = {
        "Workflows, runs and traces": _with_logs(home.database),
        "Checkpoints": _with_logs(home.checkpoints),
        "Memory index": _tree(home.memory),
        "Models": _tree(home.models),
    }
    rows = "".join(f"<tr><td>{name}</td><td class='r'>{size(count)}</td></tr>" for name, count in parts.items())
    free = shutil.disk_usage(home.path).free
    st.html(
        f"<p class='note'><code>{safe(home.path)}</code><br>Set {VARIABLE} before the start to use another folder.</p>"
        f"<table class='plain figures'>{rows}<tr><td>Free on this disk</td><td class='r'>{size(free)}</td></tr></table>"
        f"<p class='note'>Nodeloom {VERSION}</p>"
    )


def _with_logs(database: Path) -> int:
    """Bytes of a SQLite file with its write-ahead log."""
    return sum(path.stat().st_size for path in database.parent.glob(f"{database.name}*") if path.is_file())


def _tree(folder: Path) -> int:
    """Bytes of all files below ``folder``; 0 where it is not there."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
