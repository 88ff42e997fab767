"""One record: its text, why it scored as it did, where it came from, and what can be done with it."""

import time
from typing import Any

import streamlit as st

from store.errors import NotFound
from store.memories import Record
from ui import session
from ui.panels import memory_forms, memory_uses, refusals, score_bar
from ui.panels.memory_search import Found
from ui.panels.words import age, count, safe
from ui.workspace import workspace


def show(found: Found | None) -> None:
    """The chosen record; words in its place where none is chosen."""
    record = _chosen()
    if record is None:
        st.html('<p class="empty">Choose a hit or a record to see where it comes from.</p>')
        return
    with st.container(key="record_head", horizontal=True, vertical_alignment="center"):
        short_id = f"{record.id[:4]}…{record.id[-2:]}"
        chips = [record.kind, record.layer, "" if record.trusted else "not trusted"]
        html = " ".join(f'<span class="chip">{safe(chip)}</span>' for chip in chips if chip)
        st.html(f'{html} <span class="tiny">record {short_id}</span>')
        if st.button("Edit", type="tertiary", icon=":material/edit:"):
            memory_forms.edit_record(record)
        st.button(
            "Distrust" if record.trusted else "Trust", type="tertiary", key="trust", on_click=_set_trust,
            args=(record.id, not record.trusted), help="Whether searches for trusted records find it.",
        )  # fmt: skip
        if st.button("Forget", type="tertiary", key="forget"):
            memory_forms.forget_record(record)
    st.html(f'<p class="record-text">{safe(record.text)}</p>')
    hit = next((hit for hit in found.hits if hit.id == record.id), None) if found else None
    if found and hit:
        st.html(score_bar.why(hit, record, found.weights, time.time()))
    st.html(_facts(record))
    if record.data:
        with st.expander(f"Data: {', '.join(list(record.data)[:4])}"):
            st.json(record.data)
    memory_uses.show(record)


def _set_trust(id: str, trusted: bool) -> None:
    with refusals.shown():
        workspace().memories.update(id, trusted=trusted)


def _chosen() -> Record | None:
    id = session.kept("record")
    try:
        record = workspace().memories.record(id) if id else None
    except NotFound:
        return None  # forgotten in another tab
    return record if record and record.space == session.get("space") else None


def _facts(record: Record) -> str:
    now = time.time()
    used = count(record.uses, "time") + (f", last {age(now - record.last_used_at)} ago" if record.last_used_at else "")
    facts = {
        "Drawn from": _origin(record.source),
        "Importance": f"{record.importance:g} of 10",
        "Written": f"{age(now - record.updated_at)} ago",
        "Used": safe(used if record.uses else "not yet"),
        "Trusted": "yes" if record.trusted else "no: it came from outside and nobody approved it",
        "Layer": safe(record.layer or "none"),
        "Ends": f"in {age(record.expires_at - now)}" if record.expires_at else "never by itself",
        "Owner": safe(record.owner or "you, this workspace"),
    }
    return '<dl class="facts">' + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts.items()) + "</dl>"


def _origin(source: dict[str, Any]) -> str:
    if "import" in source:
        return f"the file {safe(source['import'])}"
    run = source.get("number") or source.get("run")
    node = safe(source.get("label") or source.get("node") or "a run")
    return f'{node} in <a href="runs?run={safe(run)}" target="_self">{safe(run)}</a>' if run else "you wrote it"
