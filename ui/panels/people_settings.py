"""Settings of people: the name under which questions are answered here."""

import streamlit as st

from ui import session
from ui.answering import LONGEST, NAME, NOBODY
from ui.workspace import workspace


def show() -> None:
    """The name; it stands in the trace of every run that is answered here."""
    settings = workspace().settings
    st.html("<p class='note'>Questions that you answer say so in the trace of their run, under this name.</p>")
    with st.form("settings_name"):
        name = st.text_input("Your name", value=str(settings.get(NAME) or NOBODY), max_chars=LONGEST)
        done = st.form_submit_button("Save the name")
    if done:
        given = " ".join((name or "").split())
        settings.set(NAME, given or NOBODY)
        session.notice(f"You answer as {given or NOBODY}.")
        st.rerun()
