"""Settings of what workflows may reach: keys, model servers, folders."""

import time
from collections.abc import Callable
from typing import Final

import streamlit as st

from graphs.models.readiness import KEYS
from nodes.contract import NodeError
from ui import session
from ui.api import settings
from ui.api.errors import ApiError
from ui.panels import refusals
from ui.panels.words import age, safe
from ui.services import TOOL_SERVERS
from ui.workspace import workspace

_NO_KEY: Final = "none"
Servers = dict[str, dict[str, str]]


def keys() -> None:
    """Names and sources of keys, never a value; add, replace, delete."""
    st.html(
        "<p class='note'>Kept encrypted in the home folder, or taken from the environment. They are never shown.</p>"
    )
    for info in workspace().secrets.names():
        stored = info.source == "stored"
        note = f"stored {age(time.time() - info.updated_at)} ago" if info.updated_at else "from the environment"
        _line(
            f"secret_{info.name}",
            info.name,
            note,
            (lambda name=info.name: workspace().secrets.delete(name)) if stored else None,
        )
    with st.form("settings_key", clear_on_submit=True):
        left, right = st.columns(2)
        name = left.selectbox(
            "Name",
            list(KEYS.values()),
            accept_new_options=True,
            help="Give the name of one that is there to replace it.",
        )
        value = right.text_input("Key", type="password", autocomplete="off")
        done = st.form_submit_button("Store the key")
    if done:
        with refusals.shown():
            workspace().secrets.set((name or "").strip(), value or "")
            session.notice(f"{name} is stored.")
            st.rerun()


def endpoints() -> None:
    """Model servers that speak OpenAI's protocol."""
    st.html("<p class='note'>A name here is the provider in <code>name:model</code>, in a workflow or above.</p>")
    for one in workspace().endpoints.list():
        note = f"{one.base_url}{f' with {one.secret}' if one.secret else ''}"
        _line(f"endpoint_{one.name}", one.name, note, lambda name=one.name: workspace().endpoints.delete(name))
    names = [info.name for info in workspace().secrets.names()]
    with st.form("settings_endpoint"):
        left, middle, right = st.columns([2, 4, 2])
        name = left.text_input("Name", placeholder="lab")
        url = middle.text_input("Address", placeholder="http://127.0.0.1:1234/v1")
        secret = right.selectbox("Key", [_NO_KEY, *names])
        done = st.form_submit_button("Save the server")
    if done:
        with refusals.shown():
            workspace().endpoints.set((name or "").strip(), (url or "").strip(), None if secret == _NO_KEY else secret)
            session.notice(f"{name} is saved.")
            st.rerun()


def tool_servers() -> None:
    """MCP servers, whose tools workflows may use by name."""
    st.html("<p class='note'>Servers of tools (Model Context Protocol). A workflow names one; what it is, is here.</p>")
    servers: Servers = dict(workspace().settings.get(TOOL_SERVERS) or {})
    for name, one in sorted(servers.items()):
        note = " with ".join(one.values())
        _line(f"tool_server_{name}", name, note, lambda name=name: _keep_servers(_without(servers, name)))
    names = [info.name for info in workspace().secrets.names()]
    with st.form("settings_tool_server"):
        left, middle, right = st.columns([2, 4, 2])
        name = left.text_input("Name", placeholder="lab-tools")
        url = middle.text_input("Address", placeholder="https://tools.example.org/mcp")
        secret = right.selectbox("Key", [_NO_KEY, *names])
        done = st.form_submit_button("Save the tool server")
    if done:
        with refusals.shown():
            server = {"url": (url or "").strip()} | ({} if secret == _NO_KEY else {"secret": str(secret)})
            _keep_servers({**servers, (name or "").strip(): server})
            session.notice(f"{name} is saved.")
            st.rerun()


def _without(servers: Servers, name: str) -> Servers:
    return {other: server for other, server in servers.items() if other != name}


def _keep_servers(servers: Servers) -> None:
    """Raises NodeError for a name or an address that cannot be."""
    try:
        settings.set_setting(workspace(), TOOL_SERVERS, settings.Value(value=servers))
    except ApiError as error:
        raise NodeError(error.what, mend=error.mend) from None


def folders() -> None:
    """Folders that File search may read."""
    st.html(
        "<p class='note'>A workflow names a folder by the name given here; it never holds a path. Reading only.</p>"
    )
    for grant in workspace().grants.list():
        missing = "" if grant.path.is_dir() else ", which is no longer there"
        _line(
            f"grant_{grant.name}",
            grant.name,
            f"{grant.path}{missing}",
            lambda name=grant.name: workspace().grants.delete(name),
        )
    with st.form("settings_grant"):
        left, right = st.columns([2, 5])
        name = left.text_input("Name", placeholder="notes")
        path = right.text_input("Folder on this computer", placeholder="/home/me/notes")
        done = st.form_submit_button("Grant the folder")
    if done:
        with refusals.shown():
            workspace().grants.set((name or "").strip(), (path or "").strip())
            session.notice(f"{name} is granted.")
            st.rerun()


def _line(key: str, name: str, note: str, delete: Callable[[], None] | None) -> None:
    """One named thing; with ``delete``, a button that asks once."""
    with st.container(key=key, horizontal=True, vertical_alignment="center"):
        st.html(f'<div class="line"><b>{safe(name)}</b> <span>{safe(note)}</span></div>')
        if delete is not None and st.button("Delete", key=f"{key}_delete", type="tertiary"):
            _confirm(name, delete)


@st.dialog("Delete this?")
def _confirm(name: str, delete: Callable[[], None]) -> None:
    st.write(f"**{name}** is removed here. Workflows that name it say so before they run.")
    if st.button(f"Delete {name}", type="primary"):
        with refusals.shown():
            delete()
            session.notice(f"{name} is deleted.")
            st.rerun()
