"""Folder grants."""

from pathlib import Path

import pytest

from store.database import Database
from store.errors import NotFound, StoreError
from store.grants import Grants


def test_granted_folder_is_found_by_name(database: Database, tmp_path: Path) -> None:
    """A grant gives the real path of the folder, and the last one set counts."""
    grants = Grants(database)
    (tmp_path / "a").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    grants.set("notes", tmp_path)
    grants.set("notes", tmp_path / "link")
    assert grants.get("notes") == tmp_path / "a"
    assert [(grant.name, grant.path) for grant in grants.list()] == [("notes", tmp_path / "a")]


def test_grant_that_is_not_there_says_so(database: Database) -> None:
    """Reading or deleting an unknown grant names it."""
    for call in (Grants(database).get, Grants(database).delete):
        with pytest.raises(NotFound, match="No folder is granted as 'notes'"):
            call("notes")


def test_deleted_grant_is_gone(database: Database, tmp_path: Path) -> None:
    """What was taken back is no longer given."""
    grants = Grants(database)
    grants.set("notes", tmp_path)
    grants.delete("notes")
    assert grants.list() == []


@pytest.mark.parametrize(
    ("name", "path"), [("Notes", "."), ("", "."), ("../x", "."), ("notes", "/nowhere/at/all"), ("notes", __file__)]
)
def test_bad_grant_is_refused(database: Database, name: str, path: str) -> None:
    """A bad name, no folder, and a file are refused with the value."""
    with pytest.raises(StoreError, match=r"no name of a grant|There is no folder"):
        Grants(database).set(name, path)
    assert Grants(database).list() == []
