"""Model servers by name."""

import pytest

from store.database import Database
from store.endpoints import RESERVED, Endpoints
from store.errors import NotFound, StoreError


def test_server_is_found_by_name(database: Database) -> None:
    """The address loses its last slash; an empty secret is none."""
    endpoints = Endpoints(database)
    endpoints.set("lab", "http://127.0.0.1:1234/v1/", "LAB_API_KEY")
    endpoints.set("free", "https://models.example/v1", "")
    assert endpoints.get("lab").base_url == "http://127.0.0.1:1234/v1"
    assert [(one.name, one.secret) for one in endpoints.list()] == [("free", None), ("lab", "LAB_API_KEY")]
    endpoints.delete("free")
    assert [one.name for one in endpoints.list()] == ["lab"]


@pytest.mark.parametrize("name", ["Lab", "", "a:b", *sorted(RESERVED)])
def test_bad_or_taken_name_is_refused(database: Database, name: str) -> None:
    """A name that no reference could use, or that means a provider already, is refused."""
    with pytest.raises(StoreError, match="cannot name a model server"):
        Endpoints(database).set(name, "http://127.0.0.1/v1")


@pytest.mark.parametrize(
    "address",
    ["", "127.0.0.1:80", "file:///etc/passwd", "http://", "http://u:p@host/v1", "http://[::1", "http://h:99999"],
)
def test_bad_address_is_refused(database: Database, address: str) -> None:
    """Anything but http and https with a host, and any password in it, is refused."""
    with pytest.raises(StoreError, match="no address of a model server"):
        Endpoints(database).set("lab", address)


def test_unknown_server_says_so(database: Database) -> None:
    """Reading or deleting an unknown server names it."""
    for call in (Endpoints(database).get, Endpoints(database).delete):
        with pytest.raises(NotFound, match="No model server is named 'lab'"):
            call("lab")
