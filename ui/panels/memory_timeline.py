"""A space over time: what was written above the line, what runs recalled below it, by day and kind."""

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import streamlit as st

from store import memory_uses
from store.memories import SpaceInfo
from store.memory_uses import Day
from ui import theme
from ui.panels.memory_colours import OTHERS, looks
from ui.panels.words import count, safe
from ui.workspace import workspace

_DAYS: Final = {"30 days": 30, "90 days": 90, "A year": 365}
_HEIGHT: Final = 260
"""Pixels."""
_BAR: Final = 0.7 * 86_400_000
"""Milliseconds of the axis: Plotly would make the bar of a lone day as wide as it likes."""


def show(space: SpaceInfo) -> None:
    """Draw the timeline; words where nothing happened."""
    chosen = st.segmented_control(
        "Period", list(_DAYS), default="30 days", key="memory_period", label_visibility="collapsed"
    )
    days = _DAYS[chosen or "30 days"]
    now = time.time()
    zone = ZoneInfo(st.context.timezone or "UTC")
    east = datetime.now(zone).utcoffset() or timedelta()
    at: dict[str, Any] = {"since": now - days * 86_400, "now": now, "offset": east.total_seconds()}
    written = memory_uses.written(workspace().database, space.name, **at)
    used = memory_uses.used(workspace().database, space.name, **at)
    st.html(f'<p class="tiny">{_summary(written, used)}</p>')
    if written or used:
        today = datetime.now(zone).date()
        chart = figure(written, used, today - timedelta(days=days - 1), today, dark=st.context.theme.type == "dark")
        st.plotly_chart(
            chart, theme=None, key="memory_timeline", config={"displayModeBar": False}, alt="Records by day"
        )  # fmt: skip


def _summary(written: Sequence[Day], used: Sequence[Day]) -> str:
    kept, recalls = sum(day.records for day in written), sum(day.records for day in used)
    return f"{count(kept, 'record')} last written in this time, {count(recalls, 'recall')} by runs."


def figure(written: Sequence[Day], used: Sequence[Day], first: date, last: date, dark: bool) -> go.Figure:
    """Stacked bars by day from ``first`` to ``last``; recalls are negative, so that they hang below the line."""
    colours = {name: pair[dark] for name, pair in theme.COLOURS.items()}
    shown = looks([day.kind for day in [*written, *used] for _ in range(day.records)], dark)
    chart = go.Figure()
    for name, look in shown.items():
        for days, sign, word in ((written, 1, "written"), (used, -1, "recalled")):
            sums = _sums(days, name, set(shown))
            if sums:
                chart.add_trace(_bars(sums, sign, name, word, look.colour, legend=sign > 0 or not _any(written, name)))
    return _dressed(chart, colours, first, last)


def _sums(days: Sequence[Day], name: str, shown: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for day in days:
        if day.kind == name or (name == OTHERS and day.kind not in shown):
            found[day.day] = found.get(day.day, 0) + day.records
    return found


def _any(days: Sequence[Day], name: str) -> bool:
    return any(day.kind == name for day in days)


def _bars(sums: Mapping[str, int], sign: int, name: str, word: str, colour: str, *, legend: bool) -> go.Bar:
    pattern = {"shape": "/", "size": 5, "solidity": 0.35} if sign < 0 else None
    return go.Bar(
        x=list(sums),
        y=[sign * value for value in sums.values()],
        width=_BAR,
        name=safe(name[:24]),
        legendgroup=name,
        showlegend=legend,
        customdata=list(sums.values()),
        hovertemplate=f"%{{customdata}} {word}, {safe(name[:24])}<br>%{{x|%d %B}}<extra></extra>",
        marker={"color": colour, "cornerradius": 2, "pattern": pattern},
    )


def _dressed(chart: go.Figure, colours: Mapping[str, str], first: date, last: date) -> go.Figure:
    small = {"size": 11, "color": colours["text-3"]}
    half = timedelta(hours=14)
    chart.update_layout(
        barmode="relative",
        height=_HEIGHT,
        margin={"l": 44, "r": 8, "t": 8, "b": 40},
        paper_bgcolor=colours["surface"],
        plot_bgcolor=colours["surface"],
        font={"family": theme.SANS, "size": 11, "color": colours["text-2"]},
        legend={"orientation": "h", "x": 0, "y": -0.14, "yanchor": "top"},
        bargap=0.3,
        dragmode=False,
        hoverlabel={
            "bgcolor": colours["surface-2"], "bordercolor": colours["line-2"], "font": {"color": colours["text"]}
        },
    )  # fmt: skip
    begin, end = datetime.combine(first, datetime.min.time()) - half, datetime.combine(last, datetime.min.time()) + half
    chart.update_xaxes(type="date", range=[begin, end], showgrid=False, tickfont=small, fixedrange=True, nticks=10)
    chart.update_yaxes(
        gridcolor=colours["line"], zerolinecolor=colours["line-2"], tickfont=small, fixedrange=True, nticks=6,
        title={"text": "recalled | written", "font": {"size": 11}},
    )  # fmt: skip
    return chart
