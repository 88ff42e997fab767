"""Secrets: encrypted, never shown, else from the environment."""

import logging
import threading

import pytest

from store.database import Database
from store.errors import NotFound, StoreError
from store.home import Home
from store.secrets import SecretInfo, Secrets

VALUE = "sk-very-secret-value-123"


@pytest.fixture
def secrets(database: Database, home: Home, monkeypatch: pytest.MonkeyPatch) -> Secrets:
    """The secrets of a new database, without any in the environment."""
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return Secrets(database, home.secret_key)


def test_stored_secret_is_encrypted_and_the_key_private(secrets: Secrets, home: Home, database: Database) -> None:
    """The value comes back, appears in no file, and the key file is 0600."""
    secrets.set("OPENAI_API_KEY", f" {VALUE}\n")
    assert secrets.get("OPENAI_API_KEY") == VALUE
    assert home.secret_key.stat().st_mode & 0o777 == 0o600
    database.close()
    for file in home.path.rglob("*"):
        assert file.is_dir() or VALUE.encode() not in file.read_bytes(), file


def test_stored_hides_the_environment(secrets: Secrets, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment counts until a value is stored, and again after it is deleted."""
    monkeypatch.setenv("OPENAI_API_KEY", "from-environment")
    assert secrets.get("OPENAI_API_KEY") == "from-environment"
    secrets.set("OPENAI_API_KEY", VALUE)
    assert secrets.get("OPENAI_API_KEY") == VALUE
    assert [info.source for info in secrets.names() if info.name == "OPENAI_API_KEY"] == ["stored"]
    secrets.delete("OPENAI_API_KEY")
    assert SecretInfo("OPENAI_API_KEY", "environment", None) in secrets.names()


def test_other_variables_are_not_secrets(secrets: Secrets, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workflow that names HOME or PATH as a secret gets nothing."""
    monkeypatch.setenv("DATABASE_PASSWORD", "x")
    assert secrets.get("HOME") is None
    assert secrets.get("DATABASE_PASSWORD") is None
    assert secrets.get("NOT_THERE_API_KEY") is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("openai", VALUE, "no name of a secret"),
        ("", VALUE, "no name"),
        ("A-B", VALUE, "no name"),
        ("A_KEY", " \n", "is empty"),
    ],
)
def test_bad_name_or_value_is_refused(secrets: Secrets, home: Home, name: str, value: str, message: str) -> None:
    """The error names the fault without the value, and no key file is made."""
    with pytest.raises(StoreError, match=message) as caught:
        secrets.set(name, value)
    assert VALUE not in str(caught.value)
    assert not home.secret_key.exists()


@pytest.mark.parametrize("key", [None, b"", b"not a key", b"A" * 43 + b"="])
def test_lost_key_is_said(secrets: Secrets, home: Home, key: bytes | None) -> None:
    """Without the right key the error says how to go on, and setting the secret again mends it."""
    secrets.set("OPENAI_API_KEY", VALUE)
    home.secret_key.unlink()
    if key is not None:
        home.secret_key.write_bytes(key)
    with pytest.raises(StoreError, match="OPENAI_API_KEY cannot be read with the present key"):
        secrets.get("OPENAI_API_KEY")


def test_deleting_an_unknown_secret_says_so(secrets: Secrets) -> None:
    """Only stored ones can be deleted."""
    with pytest.raises(NotFound, match="No secret 'X_TOKEN'"):
        secrets.delete("X_TOKEN")


def test_values_are_in_no_repr_or_log(secrets: Secrets, caplog: pytest.LogCaptureFixture) -> None:
    """Neither printing the objects nor the most talkative logging shows a value."""
    with caplog.at_level(logging.DEBUG):
        secrets.set("OPENAI_API_KEY", VALUE)
        secrets.get("OPENAI_API_KEY")
    assert VALUE not in caplog.text + repr(secrets) + repr(secrets.names()) + str(vars(secrets))


def test_two_makers_of_the_key_agree(database: Database, home: Home) -> None:
    """Threads that store their first secrets at once use one key."""
    names = [f"N{number}_TOKEN" for number in range(6)]
    threads = [threading.Thread(target=Secrets(database, home.secret_key).set, args=(name, name)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    secrets = Secrets(database, home.secret_key)
    assert [secrets.get(name) for name in names] == names
