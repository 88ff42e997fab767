"""Where the reader is: the one place that reads and writes session state and the address.

The address is the truth (``?workflow=``, ``?run=&span=``), so a reload, a second tab and a link keep
it. Streamlit empties it whenever the page changes; what was open is therefore remembered for the
session too, and written back when its page is entered again.
"""

from typing import Any, Final, NoReturn

import streamlit as st

COMPONENT_KEY: Final = "canvas"
PLACES: Final = {
    "gallery": (),
    "build": ("workflow", "run"), "runs": ("run", "span"), "compare": ("left", "right"), "memory": ("space",),
    "inbox": ("run",),
    "settings": (),
}  # fmt: skip
"""The parts of the address that belong to each page."""
KEPT: Final = {"workflow", "space", "left", "right"}
"""Those of them that are still open when the reader comes back by the navigation."""


def enter(page: str) -> None:
    """Bring the address and the remembered place of ``page`` in step; the address wins."""
    place = {name: st.query_params[name] for name in PLACES[page] if name in st.query_params}
    if not place and st.session_state.get("_page") != page:
        place = st.session_state.get(f"_place_{page}", {})
        st.query_params.update(place)
    st.session_state["_page"] = page
    _remember(page, place)


def get(name: str) -> str | None:
    """The open workflow, run, span or space; None where none is."""
    return st.session_state["_place"].get(name)


def put(**places: str | None) -> None:
    """Open something on this page: remembered, and written to the address. None closes it."""
    kept = {name: value for name, value in st.query_params.items() if name not in places}
    address = kept | {name: value for name, value in places.items() if value is not None}
    # At once: each change of the address is a step of the browser's Back.
    if address != dict(st.query_params.items()):
        st.query_params.from_dict(address)
    place = st.session_state["_place"] | places
    _remember(st.session_state["_page"], {name: value for name, value in place.items() if value is not None})


def _remember(page: str, place: dict[str, str]) -> None:
    st.session_state["_place"] = place
    st.session_state[f"_place_{page}"] = {name: value for name, value in place.items() if name in KEPT}


def wish() -> None:
    """Callback of the component: it asks to be somewhere else; ``follow_wish`` goes there."""
    location = st.session_state[COMPONENT_KEY].get("location")
    if isinstance(location, dict):
        st.session_state["_wish"] = location


def go(view: str, **places: str) -> NoReturn:
    """Be elsewhere from the next run on: the same wish as the component's."""
    st.session_state["_wish"] = {"view": view, **places}
    st.rerun()


def follow_wish(pages: dict[str, Any]) -> None:
    """Go where the component asked to go, once. ``pages``: name to ``st.Page``.

    The wish is ``{view: gallery | build | trace | runs | inbox | compare | memory | settings, workflow?,
    run?, span?, left?, right?}``. Widget callbacks cannot change the page, hence this second step. Asking for the
    page that is open changes its address only.
    """
    location: dict[str, Any] | None = st.session_state.pop("_wish", None)
    if location is None:
        return
    view = str(location.get("view"))
    page = "runs" if view == "trace" else view
    if page not in pages:
        return
    places = {name: str(location[name]) for name in PLACES[page] if location.get(name)}
    if st.session_state.get("_page") == page:
        put(**{name: places.get(name) for name in PLACES[page]})
    else:
        st.switch_page(pages[page], query_params=places)


def once(name: str, value: Any) -> Any:
    """The first ``value`` given under ``name`` in this session: what is mounted must not change by itself."""
    return st.session_state.setdefault(f"_once_{name}", value)


def widget(name: str, default: Any = None) -> Any:
    """The value of the keyed widget ``name``; ``default`` before it is drawn."""
    return st.session_state.get(name, default)


def set_widget(name: str, value: Any) -> None:
    """Give a keyed widget its value before it is drawn."""
    st.session_state[name] = value


def notice(text: str | None = None) -> str | None:
    """Keep a line for the next run of the page; without ``text``, take it."""
    if text is None:
        return st.session_state.pop("_notice", None)
    st.session_state["_notice"] = text
    return text


def keep(name: str, value: Any) -> None:
    """Remember ``value`` for this session under ``name``."""
    st.session_state[f"_kept_{name}"] = value


def kept(name: str, default: Any = None) -> Any:
    """What was kept under ``name``."""
    return st.session_state.get(f"_kept_{name}", default)
