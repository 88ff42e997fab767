"""Memory: the spaces, a search that shows its scores, the records, and one record in full."""

import time
from typing import Any

import streamlit as st

from store.embedding import MODEL_ID
from store.memories import Record, SpaceInfo
from ui import session, theme
from ui.panels import (
    empty,
    memory_forms,
    memory_map,
    memory_policy,
    memory_record,
    memory_search,
    memory_table,
    memory_timeline,
    memory_transfer,
    refusals,
)
from ui.panels.words import count, safe
from ui.workspace import workspace

_SHOWN = 200
"""Records in the table; the search reaches all."""
_EVERY = "All kinds"


def page() -> None:
    """Spaces at the left, the open one in the middle, the chosen record at the right."""
    st.html(theme.style("panels"))
    if notice := session.notice():
        st.toast(notice)
    with refusals.shown():
        spaces = workspace().memories.spaces()
        space = _open_space(spaces)
        with st.container(key="memory", horizontal=True, gap=None, wrap=False):
            with st.container(key="memory_spaces"):
                _spaces(spaces, space)
            with st.container(key="memory_middle"):
                found = _middle(space)
            if space and space.records:
                _right(space, found)


def _right(space: SpaceInfo, found: memory_search.Found | None) -> None:
    with st.container(key="memory_right"):
        with st.container(key="memory_map"):
            memory_map.show(space, found)
        with st.container(key="memory_record"):
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
        empty.page(
            "Nothing remembered yet. A Remember node fills a space, or make one and add a record.",
            "Here you search what workflows keep between runs, see why a record was found, and correct or forget it.",
            {"Run a workflow": "build"},
        )
        return None
    _head(space)
    if space.records == 0:
        st.html('<p class="empty">Nothing remembered yet. A Remember node fills this space, or add a record.</p>')
    found = memory_search.probe(space) if space.records else None
    _below(space)
    return found


def _head(space: SpaceInfo) -> None:
    with st.container(key="memory_head", horizontal=True, vertical_alignment="center"):
        st.html(
            f'<div class="name"><h1 title="{safe(space.name)}">{safe(space.name)}</h1>'
            f'<span class="chip">{count(space.records, "record")}</span></div>'
        )
        if st.button(_forgetting(space), icon=":material/schedule:", type="tertiary", key="policy"):
            memory_policy.edit(space)
        memory_transfer.export_button(space)
        with st.popover("More", icon=":material/more_horiz:"):
            if st.button("Import records", type="tertiary"):
                memory_transfer.take_in(space.name)
            if st.button("Rebuild the index", help="Makes the index anew from the records.", type="tertiary"):
                st.toast(f"Index rebuilt: {count(workspace().memories.rebuild(space.name), 'record')}.")
            if st.button("Delete the space", type="tertiary"):
                memory_forms.delete_space(space.name, space.records)


def _forgetting(space: SpaceInfo) -> str:
    """``Half-life 14 days``, with the limits there are."""
    policy = space.policy
    words = [f"Half-life {policy.half_life_days:g} days"]
    words += [f"kept {policy.ttl_days:g} days"] if policy.ttl_days else []
    words += [f"at most {policy.max_records:,}"] if policy.max_records else []
    return ", ".join(words)


def _below(space: SpaceInfo) -> None:
    """The records, or the space over time."""
    if space.records == 0:
        with st.container(key="records_head", horizontal=True):
            if st.button("Add", icon=":material/add:"):
                memory_forms.add_record(space.name)
        return
    with st.container(key="records_head", horizontal=True, vertical_alignment="center"):
        shown = st.segmented_control(
            "Show", ["Records", "Timeline"], default="Records", key="memory_below", label_visibility="collapsed"
        )
        kind = _kind(space) if shown != "Timeline" else None
        if st.button("Add", icon=":material/add:"):
            memory_forms.add_record(space.name)
    if shown == "Timeline":
        memory_timeline.show(space)
        return
    records = workspace().memories.records(space.name, kind=kind, limit=_SHOWN)
    if records:
        _table(records, f"memory_records_{space.name}_{kind}")
    if len(records) == _SHOWN:
        st.html(f'<p class="tiny">The newest {_SHOWN}; the search reaches all.</p>')


def _kind(space: SpaceInfo) -> str | None:
    """The kind to show; None for all."""
    kinds, _ = workspace().memories.groups(space.name)
    chosen = st.selectbox(
        "Kind", [_EVERY, *kinds], key=f"memory_kind_{space.name}", label_visibility="collapsed", width=150
    )
    return None if chosen == _EVERY else chosen


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
