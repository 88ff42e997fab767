"""Compare: two runs on one graph; without two in the address, the component asks for them."""

import streamlit as st

from ui import session, theme
from ui.canvas import mount
from ui.panels import refusals
from ui.workspace import workspace


def page() -> None:
    """Mount the comparison of the runs in the address."""
    with refusals.shown():
        two = _number("left"), _number("right")
        st.html(theme.style("full"))
        mount(view="compare", two=two)
        return
    st.html(theme.style("page"))
    st.button("Choose other runs", on_click=session.put, kwargs={"left": None, "right": None})


def _number(side: str) -> str | None:
    """The number of the run in the address, where it may stand as ``12`` too. Raises NotFound."""
    named = session.get(side)
    if named is None:
        return None
    short = named.isdecimal() and len(named) < 10
    return workspace().runs.get(f"r-{int(named):04d}" if short else named).number
