"""Settings: models, keys, model servers, folders, and the home folder."""

import streamlit as st

from ui import session, theme
from ui.panels import access_settings, home_settings, model_settings, people_settings, refusals

SECTIONS = {
    "Models": model_settings.show,
    "Keys": access_settings.keys,
    "OpenAI-compatible servers": access_settings.endpoints,
    "Folders": access_settings.folders,
    "You": people_settings.show,
    "Tool servers": access_settings.tool_servers,
    "Home folder": home_settings.show,
}


def page() -> None:
    """One section under the other."""
    st.html(theme.style("page"))
    if notice := session.notice():
        st.toast(notice)
    with st.container(key="settings", width=880):
        for title, show in SECTIONS.items():
            st.subheader(title, anchor=False)
            with refusals.shown():
                show()
