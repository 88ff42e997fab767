"""The entry of the pages: the frame, the navigation, and whichever page is open."""

import importlib
from collections.abc import Callable
from typing import Final

import streamlit as st

from store.errors import StoreError
from ui import session, theme
from ui.workspace import workspace

LOOK: Final = 3
"""Seconds between two looks at what waits for a person."""


def view(name: str) -> Callable[[], None]:
    """A page's function. Its module is imported when it is first opened: pandas and Plotly cost 80 MB."""

    def page() -> None:
        importlib.import_module(f"ui.views.{name}").page()

    return page


def waiting_count() -> int:
    """How many questions wait for a person; 0 where that cannot be read, which every page says for itself."""
    try:
        return workspace().questions.count()
    except StoreError:
        return 0


def watch(shown: int) -> None:
    """Draw the page again when other questions wait than the navigation says."""
    if waiting_count() != shown:
        st.rerun()


st.set_page_config(
    page_title="Nodeloom",
    page_icon=str(theme.ASSETS / "mark.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
st.logo(str(theme.ASSETS / "logo.svg"), size="large")

waiting = waiting_count()
titles = {"inbox": f"Inbox ({waiting})" if waiting else "Inbox"}
pages = {
    name: st.Page(view(name), title=titles.get(name, name.capitalize()), url_path=name, default=name == "build")
    for name in ("gallery", "build", "runs", "inbox", "compare", "memory", "settings")
}
chosen = st.navigation(list(pages.values()), position="top")
session.enter(chosen.url_path or "build")
session.follow_wish(pages)
chosen.run()
st.fragment(watch, run_every=LOOK)(waiting)
