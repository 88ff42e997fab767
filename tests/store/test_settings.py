"""Settings by name."""

import pytest

from store.database import Database
from store.settings import Settings


@pytest.mark.parametrize("value", [None, 0, False, "é", ["a", {"b": None}], {"nested": [1.5]}])
def test_value_comes_back_after_reopening(database: Database, value: object) -> None:
    """Any JSON value is kept, null among them, and the last one set counts."""
    Settings(database).set("a.b", "first")
    Settings(database).set("a.b", value)
    again = Database(database.path)
    assert Settings(again).get("a.b", "default") == value
    again.close()


def test_default_is_given_where_nothing_was_set(database: Database) -> None:
    """Unset and deleted keys answer with the default."""
    settings = Settings(database)
    assert settings.get("a") is None
    settings.set("a", 1)
    settings.delete("a")
    settings.delete("a")
    assert settings.get("a", 7) == 7
