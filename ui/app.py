"""The entry of the pages: the frame, the navigation, and whichever page is open."""

import streamlit as st

from ui import session, theme
from ui.views import build, memory, runs, settings

st.set_page_config(
    page_title="Nodeloom",
    page_icon=str(theme.ASSETS / "mark.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
st.logo(str(theme.ASSETS / "logo.svg"), size="large")

pages = {
    "build": st.Page(build.page, title="Build", url_path="build", default=True),
    "runs": st.Page(runs.page, title="Runs", url_path="runs"),
    "memory": st.Page(memory.page, title="Memory", url_path="memory"),
    "settings": st.Page(settings.page, title="Settings", url_path="settings"),
}
chosen = st.navigation(list(pages.values()), position="top")
session.enter(chosen.url_path or "build")
session.follow_wish(pages)
chosen.run()
