"""Recalled where: the searches of runs that returned a record, each with a link to its place in the trace."""

import time
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from store import memory_uses
from store.memories import Record
from store.memory_uses import Recalled
from ui.panels.words import age, count, safe
from ui.workspace import workspace

_SHOWN: Final = 20


def show(record: Record) -> None:
    """The last recalls of the record, the newest first."""
    found = memory_uses.recalled(workspace().database, record.id, limit=_SHOWN + 1)
    st.html('<div class="lab">Recalled where</div>' + (_list(found) if found else _none(record)))


def _list(found: list[Recalled]) -> str:
    more = f'<li class="tiny">and earlier ones; these are the last {_SHOWN}.</li>' if len(found) > _SHOWN else ""
    return f'<ol class="recalled">{"".join(map(_row, found[:_SHOWN]))}{more}</ol>'


def _row(use: Recalled) -> str:
    link = "runs?" + urlencode({"run": use.run, "span": use.span})
    query = f'<div class="q">“{safe(use.query)}”</div>' if use.query else ""
    how = f"no. {use.place}, {use.score:.2f}" if use.query or use.score else "read"  # a list of records has no scores
    return (
        f'<li><a href="{safe(link)}" target="_self">{use.run}</a> {safe(use.title)} · {safe(use.node)}'
        f'<span class="fig">{how}, {age(time.time() - use.at)} ago</span>{query}</li>'
    )


def _none(record: Record) -> str:
    if record.uses:
        return f'<p class="tiny">Used {count(record.uses, "time")}; those runs were deleted or kept no trace.</p>'
    return '<p class="tiny">No run has recalled it yet.</p>'
