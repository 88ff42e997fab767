"""The home folder."""

from pathlib import Path

import pytest

from store.errors import StoreError
from store.home import Home, home


def test_named_home_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """NODELOOM_HOME names the folder; it is made with mode 0700."""
    monkeypatch.setenv("NODELOOM_HOME", str(tmp_path / "deep" / "er"))
    found = home()
    assert found.path == tmp_path / "deep" / "er"
    assert found.path.stat().st_mode & 0o777 == 0o700
    assert {found.database.parent, found.checkpoints.parent, found.memory.parent, found.secret_key.parent} == {
        found.path
    }


def test_platform_folder_is_used_without_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without NODELOOM_HOME the user's data folder is taken."""
    monkeypatch.delenv("NODELOOM_HOME", raising=False)
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_names, **_more: str(tmp_path / "data"))
    assert home().path == tmp_path / "data"


def test_file_in_the_way_is_said(tmp_path: Path) -> None:
    """A file where the folder should be gives an error with the path and a way out."""
    (tmp_path / "in_the_way").write_text("x")
    with pytest.raises(StoreError, match="Cannot make the home folder") as caught:
        Home(tmp_path / "in_the_way").create()
    assert caught.value.where == str(tmp_path / "in_the_way")
    assert "NODELOOM_HOME" in caught.value.mend
