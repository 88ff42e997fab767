"""Time and tokens of the last runs as one small chart; the state by shape and colour."""

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from store.runs import RunRow
from ui import theme
from ui.panels.run_table import seconds
from ui.panels.words import RUN_MARKS, duration

MOST: Final = 60
"""Runs shown, the newest at the right."""
_HEIGHT: Final = 190
_FEWEST: Final = 24  # places on the axis: a few runs are not drawn as a few huge bars
"""Pixels."""


def figure(runs: Sequence[RunRow], dark: bool, now: float) -> go.Figure:
    """``runs`` newest first. Bars are seconds above and tokens below; the mark on a bar is the state."""
    colours = {name: pair[dark] for name, pair in theme.COLOURS.items()}
    shown = list(reversed(runs[:MOST]))
    numbers = [run.number for run in shown]
    times = [seconds(run, now) for run in shown]
    tokens = [run.input_tokens + run.output_tokens for run in shown]
    chart = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.14, row_heights=[0.6, 0.4])
    bar: dict[str, Any] = {
        "hoverinfo": "skip",
        "showlegend": False,
        "marker": {"cornerradius": 2, "color": colours["line-2"]},
    }
    chart.add_trace(go.Bar(x=numbers, y=times, **bar), row=1, col=1)
    chart.add_trace(go.Bar(x=numbers, y=tokens, **bar), row=2, col=1)
    for state, mark in RUN_MARKS.items():
        those = [at for at, run in enumerate(shown) if run.status == state]
        if those:
            points = _points(shown, those, times, tokens)
            chart.add_trace(
                go.Scatter(
                    **points,
                    name=mark.word,
                    marker={
                        "symbol": mark.symbol,
                        "size": 8,
                        "color": colours[mark.role],
                        "line": {"width": 1, "color": colours[mark.role]},
                    },
                ),
                row=1,
                col=1,
            )
    return _dress(chart, colours, len(shown))


def _points(
    shown: Sequence[RunRow], those: Sequence[int], times: Sequence[float], tokens: Sequence[int]
) -> dict[str, Any]:
    return {
        "x": [shown[at].number for at in those],
        "y": [times[at] for at in those],
        "mode": "markers",
        "customdata": [shown[at].number for at in those],
        "text": [f"{shown[at].title}, {duration(times[at])}, {tokens[at]:,} tokens" for at in those],
        "hovertemplate": "<b>%{x}</b> %{fullData.name}<br>%{text}<extra></extra>",
    }


def _dress(chart: go.Figure, colours: dict[str, str], count: int) -> go.Figure:
    axis: dict[str, Any] = {
        "gridcolor": colours["line"],
        "zeroline": False,
        "nticks": 4,
        "tickfont": {"size": 11, "color": colours["text-3"]},
    }
    chart.update_layout(
        height=_HEIGHT,
        margin={"l": 52, "r": 8, "t": 26, "b": 24},
        paper_bgcolor=colours["surface"],
        plot_bgcolor=colours["surface"],
        font={"family": theme.SANS, "size": 11, "color": colours["text-2"]},
        legend={"orientation": "h", "x": 0, "y": 1.22, "itemclick": False, "itemdoubleclick": False},
        bargap=0.35,
        hoverlabel={
            "bgcolor": colours["surface-2"],
            "bordercolor": colours["line-2"],
            "font": {"color": colours["text"]},
        },
        dragmode=False,
    )
    chart.update_yaxes(**axis, rangemode="tozero", fixedrange=True)
    chart.update_yaxes(title={"text": "seconds", "font": {"size": 11}}, row=1, col=1)
    chart.update_yaxes(title={"text": "tokens", "font": {"size": 11}}, row=2, col=1)
    chart.update_xaxes(
        showgrid=False, type="category", tickfont={"size": 11, "color": colours["text-3"]}, nticks=12, fixedrange=True,
        range=[-0.5, max(count, _FEWEST) - 0.5],
    )  # fmt: skip
    return chart
