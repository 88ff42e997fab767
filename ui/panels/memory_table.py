"""The records of a space as a table, and as JSON lines."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from textwrap import shorten
from typing import Any, Final

import pandas as pd
import streamlit as st

from store.memories import Memories, Record
from ui.panels.words import age

_PAGE: Final = 500
_SHOWN: Final = 56
"""Characters of a text in the table, so that the other columns stay in sight; the whole is beside it."""

COLUMNS: Final[dict[str, Any]] = {
    "text": st.column_config.TextColumn("Text"),
    "kind": st.column_config.TextColumn("Kind", width=76),
    "importance": st.column_config.ProgressColumn("Importance", min_value=0, max_value=10, format="%.0f", width=96),
    "age": st.column_config.TextColumn("Age", width=64, alignment="right"),
    "uses": st.column_config.NumberColumn("Used", width=56),
    "source": st.column_config.TextColumn("From", width=130),
}


def frame(records: Sequence[Record], now: float) -> pd.DataFrame:
    """One row a record, in the order given."""
    return pd.DataFrame(
        {
            "text": [shorten(" ".join(record.text.split()), _SHOWN, placeholder="…") for record in records],
            "kind": [record.kind for record in records],
            "importance": [record.importance for record in records],
            "age": [age(now - record.updated_at) for record in records],
            "uses": [record.uses for record in records],
            "source": [origin(record.source) for record in records],
        }
    )


def origin(source: dict[str, Any]) -> str:
    """``Remember, r-0418``, or ``you`` for what a person wrote."""
    parts = [source.get("label") or source.get("node"), source.get("number") or source.get("run")]
    return ", ".join(str(part) for part in parts if part) or "you"


def as_lines(memories: Memories, space: str) -> bytes:
    """Every record of the space as JSON lines, the last written first."""
    return "".join(
        json.dumps(asdict(record), ensure_ascii=False) + "\n" for record in everything(memories, space)
    ).encode()


def everything(memories: Memories, space: str) -> Iterator[Record]:
    """All records of a space, read page by page."""
    offset = 0
    while page := memories.records(space, limit=_PAGE, offset=offset):
        yield from page
        offset += len(page)
