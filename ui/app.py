"""The entry of the pages: the frame, the navigation, and whichever page is open."""

import importlib
from collections.abc import Callable

import streamlit as st

from ui import session, theme


def view(name: str) -> Callable[[], None]:
    """A page's function. Its module is imported when it is first opened: pandas and Plotly cost 80 MB."""

    def page() -> None:
        importlib.import_module(f"ui.views.{name}").page()

    return page


st.set_page_config(
    page_title="Nodeloom",
    page_icon=str(theme.ASSETS / "mark.svg"),
    layout="wide",
    initial_sidebar_state="collapsed",
)
st.logo(str(theme.ASSETS / "logo.svg"), size="large")

pages = {
    name: st.Page(view(name), title=name.capitalize(), url_path=name, default=name == "build")
    for name in ("build", "runs", "memory", "settings")
}
chosen = st.navigation(list(pages.values()), position="top")
session.enter(chosen.url_path or "build")
session.follow_wish(pages)
chosen.run()
