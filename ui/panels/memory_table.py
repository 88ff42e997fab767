"""The records of a space as a table."""

from collections.abc import Sequence
from textwrap import shorten
from typing import Any, Final

import pandas as pd
import streamlit as st

from store.memories import Record
from ui.panels.words import age

_SHOWN: Final = 56
"""Characters of a text in the table, so that the other columns stay in sight; the whole is beside it."""

COLUMNS: Final[dict[str, Any]] = {
    "text": st.column_config.TextColumn("Text"),
    "kind": st.column_config.TextColumn("Kind", width=76),
    "layer": st.column_config.TextColumn("Layer", width=70),
    "importance": st.column_config.ProgressColumn("Importance", min_value=0, max_value=10, format="%.0f", width=96),
    "age": st.column_config.TextColumn("Age", width=64, alignment="right"),
    "uses": st.column_config.NumberColumn("Used", width=56),
    "trusted": st.column_config.TextColumn("Trust", width=82),
    "source": st.column_config.TextColumn("From", width=130),
}


def frame(records: Sequence[Record], now: float) -> pd.DataFrame:
    """One row a record, in the order given; layer and trust only where they say something."""
    whole = pd.DataFrame(
        {
            "text": [_short(record.text) for record in records],
            "kind": [record.kind for record in records],
            "layer": [record.layer for record in records],
            "importance": [record.importance for record in records],
            "age": [age(now - record.updated_at) for record in records],
            "uses": [record.uses for record in records],
            "trusted": ["" if record.trusted else "not trusted" for record in records],
            "source": [origin(record.source) for record in records],
        }
    )
    silent = [name for name in ("layer", "trusted") if not any(whole[name].tolist())]
    return whole.drop(columns=silent)


def _short(text: str) -> str:
    """The first words; the first characters of what has no spaces, such as an address."""
    line = " ".join(text.split())
    short = shorten(line, _SHOWN, placeholder="…")
    return short if short != "…" else line[: _SHOWN - 1] + "…"


def origin(source: dict[str, Any]) -> str:
    """``Remember, r-0418``; ``notes.jsonl`` for what was imported; ``you`` for what a person wrote."""
    if "import" in source:
        return str(source["import"])
    parts = [source.get("label") or source.get("node"), source.get("number") or source.get("run")]
    return ", ".join(str(part) for part in parts if part) or "you"
