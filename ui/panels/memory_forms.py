"""Dialogs of the Memory page: add, edit, forget a record; make and delete a space."""

from typing import Any

import streamlit as st

from store.memories import Record
from ui import session
from ui.panels import refusals
from ui.panels.words import count, safe
from ui.workspace import workspace

_LONGEST = 100_000
"""Characters of a record."""


@st.dialog("New space")
def new_space() -> None:
    """A name, and what it is for."""
    with st.form("new_space", border=False):
        name = st.text_input("Name", placeholder="tutor-notes", max_chars=64)
        description = st.text_input("What it is for", max_chars=1_000)
        done = st.form_submit_button("Make the space", type="primary")
    if done:
        with refusals.shown():
            workspace().memories.create_space(name.strip(), description)
            session.put(space=name.strip())
            st.rerun()


@st.dialog("Add a record")
def add_record(space: str) -> None:
    """Remember a text; an equal one updates its record."""
    _form(space, None)


@st.dialog("Edit the record")
def edit_record(record: Record) -> None:
    """Change text, kind or importance."""
    _form(record.space, record)


def _form(space: str, record: Record | None) -> None:
    with st.form("record", border=False):
        text = st.text_area("Text", record.text if record else "", height=140, max_chars=_LONGEST)
        kind = st.text_input("Kind", record.kind if record else "note", help="Such as note, fact, insight, rule.")
        layer = st.text_input(
            "Layer", record.layer if record else "", max_chars=100, placeholder="none",
            help="Records of a layer can fade at a half-life of their own, such as daily, weekly, lasting.",
        )  # fmt: skip
        importance = st.slider("Importance", 1, 10, round(record.importance) if record else 5, help="10 is vital.")
        trusted = st.toggle(
            "Trusted", record.trusted if record else True, help="Searches can leave out what is not trusted."
        )
        done = st.form_submit_button("Save" if record else "Add", type="primary")
    if not done:
        return
    fields: dict[str, Any] = {
        "kind": kind.strip(),
        "importance": importance,
        "layer": layer.strip(),
        "trusted": trusted,
    }
    with refusals.shown():
        memories = workspace().memories
        if record:
            memories.update(record.id, text=None if text == record.text else text, **fields)
            session.keep("record", record.id)
        else:
            session.keep("record", memories.add(space, text, **fields))
        st.rerun()


@st.dialog("Forget this record?")
def forget_record(record: Record) -> None:
    """Ask once, then remove it for good."""
    st.html(f'<p class="quote">{safe(record.text[:300])}</p>')
    st.write("It is removed for good, and no later run recalls it. Traces that already hold it stay as they are.")
    if st.button("Forget it", type="primary"):
        with refusals.shown():
            workspace().memories.forget(record.id)
            session.keep("record", None)
            st.rerun()


@st.dialog("Delete this space?")
def delete_space(space: str, records: int) -> None:
    """Ask once, then remove the space with all it holds."""
    st.write(f"**{space}** and its {count(records, 'record')} are removed for good.")
    if st.button(f"Delete {space}", type="primary"):
        with refusals.shown():
            workspace().memories.delete_space(space)
            session.put(space=None)
            session.keep("record", None)
            st.rerun()
