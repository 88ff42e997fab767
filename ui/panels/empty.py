"""What a page shows where it has nothing yet: what will be here, how it comes here, and the way there."""

from collections.abc import Mapping

import streamlit as st

from ui import session


def page(what: str, how: str, ways: Mapping[str, str] | None = None) -> None:
    """The middle of an empty page. ``ways``: the words of a button, and the view it opens; the first leads."""
    with st.container(key="empty_page", horizontal_alignment="center"):
        st.html(f'<p class="what">{what}</p><p class="how">{how}</p>')
        if ways:
            with st.container(horizontal=True, horizontal_alignment="center", gap="small"):
                for at, (words, view) in enumerate(ways.items()):
                    if st.button(words, type="secondary" if at else "primary", key=f"empty_{view}"):
                        session.go(view)
