"""Runs as rows of a table."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from store.runs import RunRow
from ui.panels.words import RUN_MARKS

_FIRST_WORDS: Final = 160
"""Characters of the answer shown."""

COLUMNS: Final[dict[str, Any]] = {
    "number": st.column_config.TextColumn("Run", width=72, pinned=True),
    "workflow": st.column_config.TextColumn("Workflow", width="medium"),
    "status": st.column_config.TextColumn("Status", width=118),
    "started": st.column_config.DatetimeColumn("Started", format="D MMM, HH:mm:ss", width=128),
    "seconds": st.column_config.NumberColumn("Time", format="%.1f s", width=76),
    "tokens": st.column_config.NumberColumn("Tokens", format="localized", width=76),
    "usd": st.column_config.NumberColumn("Cost", format="$%.4f", width=80, help="US dollars by list prices"),
    "steps": st.column_config.NumberColumn("Steps", width=60),
    "model": st.column_config.TextColumn("Model", width="medium"),
    "answer": st.column_config.TextColumn("Answer", width="large"),
}


def frame(runs: Sequence[RunRow], timezone: str | None, now: float) -> pd.DataFrame:
    """One row a run, in the order given; times in ``timezone`` (an IANA name; None: UTC)."""
    started = pd.to_datetime([run.started_at or run.created_at for run in runs], unit="s", utc=True)
    return pd.DataFrame(
        {
            "number": [run.number for run in runs],
            "workflow": [run.title for run in runs],
            "status": [status(run) for run in runs],
            "started": started.tz_convert(timezone or "UTC").tz_localize(None).floor("s"),
            "seconds": [seconds(run, now) for run in runs],
            "tokens": [run.input_tokens + run.output_tokens for run in runs],
            "usd": [run.usd for run in runs],
            "steps": [run.steps for run in runs],
            "model": [run.model or "" for run in runs],
            "answer": [first_words(run) for run in runs],
        }
    )


def status(run: RunRow) -> str:
    """``✓ Done``."""
    mark = RUN_MARKS[run.status]
    return f"{mark.sign} {mark.word}"


def seconds(run: RunRow, now: float) -> float:
    """Seconds worked; for a run that goes on, up to ``now``."""
    if run.status == "running" and run.started_at is not None:
        return max(0.0, now - run.started_at)
    return run.seconds


def first_words(run: RunRow) -> str:
    """The start of the answer, or of what went wrong."""
    if run.error and run.status != "done":
        return str(run.error.get("what", ""))[:_FIRST_WORDS]
    return answer(run.outputs or {})[:_FIRST_WORDS]


def answer(outputs: Mapping[str, Any]) -> str:
    """The outputs on one line: the value alone where there is one."""
    values = {name: " ".join(str(value).split()) for name, value in outputs.items()}
    return next(iter(values.values())) if len(values) == 1 else "; ".join(f"{k}: {v}" for k, v in values.items())
