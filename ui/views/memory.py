"""Memory: the spaces, a search that shows its scores, the records, and one record in full."""

import time
from typing import Any

import streamlit as st

from store.embedding import MODEL_ID
from store.memories import Record, SpaceInfo
from ui import session, theme
from ui.panels import memory_forms, memory_record, memory_search, memory_table, refusals
from ui.panels.words import count
from ui.workspace import workspace

_SHOWN = 200
"""Records in the table; the search reaches all."""


def page() -> None:
    """Spaces at the left, the open one in the middle, the chosen record at the right."""
    st.html(theme.style("panels"))
    with refusals.shown():
        spaces = workspace().memories.spaces()
        space = _open_space(spaces)
        with st.container(key="memory", horizontal=True, gap=None, wrap=False):
            with st.container(key="memory_spaces"):
                _spaces(spaces, space)
            with st.container(key="memory_middle"):
                found = _middle(space)
            with st.container(key="memory_right"):
                memory_record.show(found)


def _open_space(spaces: list[SpaceInfo]) -> SpaceInfo | None:
    """The space in the address, else the one written to last."""
    wanted = session.get("space")
    latest = max(spaces, key=lambda each: each.updated_at or 0.0, default=None)
    space = next((each for each in spaces if each.name == wanted), latest)
    if space and space.name != wanted:
        session.put(space=space.name)
    return space


def _spaces(spaces: list[SpaceInfo], space: SpaceInfo | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.html("<h2>Spaces</h2>")
        if st.button("New space", icon=":material/add:", type="tertiary", key="new_space_button"):
            memory_forms.new_space()
    if space:
        names = [each.name for each in spaces]
        session.set_widget("memory_space", space.name)
        st.radio(
            "Spaces",
            names,
            captions=[f"{count(each.records, 'record')}{_words(each.description)}" for each in spaces],
            key="memory_space",
            on_change=_choose_space,
            label_visibility="collapsed",
        )
    total = sum(each.records for each in spaces)
    st.html(
        f'<p class="foot">Embedding: built-in MiniLM, 384 dimensions ({MODEL_ID}). '
        f"{count(total, 'record')}; the index follows every write.</p>"
    )


def _words(description: str) -> str:
    return f" · {description}" if description else ""


def _choose_space() -> None:
    session.put(space=session.widget("memory_space"))
    session.keep("record", None)


def _middle(space: SpaceInfo | None) -> memory_search.Found | None:
    if space is None:
        st.html(
            '<p class="empty">Nothing remembered yet. A Remember node fills a space, or make one and add a record.</p>'
        )
        return None
    _head(space)
    if space.records == 0:
        st.html('<p class="empty">Nothing remembered yet. A Remember node fills this space, or add a record.</p>')
    found = memory_search.probe(space.name) if space.records else None
    _records(space)
    return found


def _head(space: SpaceInfo) -> None:
    with st.container(key="memory_head", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="name"><h1>{space.name}</h1><span class="chip">{count(space.records, "record")}</span></div>'
        )
        st.download_button(
            "Export",
            data=lambda: memory_table.as_lines(workspace().memories, space.name),
            file_name=f"{space.name}.jsonl",
            mime="application/jsonl",
            icon=":material/download:",
            on_click="ignore",
            disabled=space.records == 0,
        )
        with st.popover("More", icon=":material/more_horiz:"):
            if st.button("Rebuild the index", help="Makes the index anew from the records.", type="tertiary"):
                st.toast(f"Index rebuilt: {count(workspace().memories.rebuild(space.name), 'record')}.")
            if st.button("Delete the space", type="tertiary"):
                memory_forms.delete_space(space.name, space.records)


def _records(space: SpaceInfo) -> None:
    newest = workspace().memories.records(space.name, limit=_SHOWN)
    kinds = sorted({record.kind for record in newest})
    with st.container(key="records_head", horizontal=True, vertical_alignment="center"):
        st.html("<h2>Records</h2>")
        kind = st.segmented_control(
            "Kind", ["All", *kinds], default="All", key=f"memory_kind_{space.name}", label_visibility="collapsed"
        )
        st.html('<span class="tiny">newest first</span>')
        if st.button("Add", icon=":material/add:"):
            memory_forms.add_record(space.name)
    shown = newest if kind in (None, "All") else workspace().memories.records(space.name, kind=kind, limit=_SHOWN)
    if shown:
        _table(shown, f"memory_records_{space.name}_{kind}")


def _table(records: list[Record], key: str) -> None:
    def choose() -> None:
        chosen: Any = session.widget(key)
        rows = chosen.selection.rows if chosen else []
        session.keep("record", records[rows[0]].id if rows else None)

    st.dataframe(
        memory_table.frame(records, time.time()),
        hide_index=True,
        column_config=memory_table.COLUMNS,
        on_select=choose,
        selection_mode="single-row",
        key=key,
        row_height=30,
        height=38 + 30 * len(records),
    )
