"""What holds for every test: a home of its own, and no key of whoever runs the tests."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """``NODELOOM_HOME`` in the test's own folder; what was opened there is closed at the end."""
    folder = tmp_path / "home"
    monkeypatch.setenv("NODELOOM_HOME", str(folder))
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)
    yield folder
    opened = sys.modules.get("ui.workspace")
    if opened is not None and opened.workspace.cache_info().currsize:
        opened.workspace().close()
        opened.workspace.cache_clear()
