"""The settings of the workspace that have no resource of their own: a closed list, each with its check."""

import re
from collections.abc import Callable
from typing import Any, Final, cast
from urllib.parse import urlsplit

from fastapi import APIRouter

from graphs.models.workspace import OLLAMA_ADDRESS, OLLAMA_KEY
from ui.answering import LONGEST, NAME, NOBODY
from ui.api.errors import ApiError, not_found
from ui.api.input import Input, Opened, StrictRoute
from ui.services import SEARCH_ADDRESS, SEARCH_ADDRESSES, SEARCH_PROVIDER, SEARCH_SECRET, TOOL_SERVERS

router = APIRouter(prefix="/settings", route_class=StrictRoute)


class Value(Input):
    """A value of the setting's type; null goes back to its default."""

    value: Any


def _web_address(value: Any) -> bool:
    return isinstance(value, str) and urlsplit(value).scheme in ("http", "https") and bool(urlsplit(value).hostname)


def _search_service(value: Any) -> bool:
    return isinstance(value, str) and value in SEARCH_ADDRESSES


def _secret_name(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z0-9_]{0,63}", value) is not None


def _person(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= LONGEST and value.isprintable()


def _tool_servers(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    servers = cast(dict[str, Any], value)
    return all(_server_name(name) and _tool_server(each) for name, each in servers.items())


def _server_name(name: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9_-]{0,63}", name) is not None


def _tool_server(value: Any) -> bool:
    if not isinstance(value, dict) or not set(cast(dict[str, Any], value)) <= {"url", "secret"}:
        return False
    server = cast(dict[str, Any], value)
    return _web_address(server.get("url")) and ("secret" not in server or _secret_name(server["secret"]))


KNOWN: Final[dict[str, tuple[Any, Callable[[Any], bool], str]]] = {
    OLLAMA_KEY: (OLLAMA_ADDRESS, _web_address, "an address such as http://127.0.0.1:11434"),
    SEARCH_PROVIDER: (None, _search_service, f"one of {', '.join(SEARCH_ADDRESSES)}"),
    SEARCH_ADDRESS: (None, _web_address, "the address of the search service"),
    SEARCH_SECRET: (None, _secret_name, "the name of a secret, such as BRAVE_API_KEY"),
    TOOL_SERVERS: ({}, _tool_servers, "name -> {url, secret?}, names of a-z, 0-9, _ and -"),
    NAME: (NOBODY, _person, f"a name of at most {LONGEST} characters"),
}
"""Key -> default, check, what is wanted."""


@router.get("")
def list_settings(workspace: Opened) -> dict[str, Any]:
    """Key -> value, defaults filled in."""
    return {key: workspace.settings.get(key, default) for key, (default, _, _) in KNOWN.items()}


@router.put("/{key}")
def set_setting(workspace: Opened, key: str, given: Value) -> dict[str, Any]:
    """Set one; the answer holds all."""
    if key not in KNOWN:
        raise not_found("setting", key, f"There are: {', '.join(KNOWN)}.")
    _, is_good, wanted = KNOWN[key]
    if given.value is None:
        workspace.settings.delete(key)
    elif is_good(given.value):
        workspace.settings.set(key, given.value)
    else:
        raise ApiError(422, "invalid", f"{key} cannot be {given.value!r}.", where="value", mend=f"Give {wanted}.")
    return list_settings(workspace)
