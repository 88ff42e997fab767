"""The gallery: the literature's systems to start from."""

import streamlit as st

from ui import theme
from ui.canvas import mount


def page() -> None:
    """Mount the component; it asks the API for everything."""
    st.html(theme.style("full"))
    mount(view="gallery")
