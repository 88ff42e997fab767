"""The map of a space: what means the same lies together; a click chooses the record."""

import time
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

import plotly.graph_objects as go
import streamlit as st

from store import memory_map
from store.memories import SpaceInfo
from store.memory_map import Map, Spot
from ui import session, theme
from ui.panels.memory_colours import OTHERS, Look, looks
from ui.panels.memory_search import Found
from ui.panels.words import age, count, safe
from ui.workspace import workspace

_BY: Final = ("Kind", "Layer", "Age", "Use")
_HEIGHT: Final = 330
"""Pixels."""
_MANY: Final = 1_500
"""More points than this are drawn by WebGL."""
_LINE: Final = 48
"""Characters of a line of hover text."""
_RANKED: Final = 3


def show(space: SpaceInfo, found: Found | None) -> None:
    """Draw the map with its choice of colouring; words where there is too little to draw."""
    with st.container(key="map_head", horizontal=True, vertical_alignment="center"):
        st.html("<h2>Map by meaning</h2>")
        by = st.segmented_control("Colour by", _BY, default="Kind", key="memory_map_by", label_visibility="collapsed")
    drawn = _drawn(str(workspace().database.path), space.name, space.records, space.updated_at)
    if drawn is None:
        st.html('<p class="empty">The map needs three records.</p>')
        return
    key = f"memory_map_{space.name}_{by}"

    def choose() -> None:
        state: Any = session.widget(key)
        chosen = [point["customdata"] for point in state.selection.points if point.get("customdata")]
        if chosen:
            first = chosen[0]
            session.keep("record", first[0] if isinstance(first, list) else first)

    st.plotly_chart(
        figure(drawn, by or "Kind", found, session.kept("record"), dark=st.context.theme.type == "dark"),
        theme=None,
        key=key,
        on_select=choose,
        selection_mode="points",
        config={"displayModeBar": False, "scrollZoom": True},
        alt=f"{count(len(drawn.spots), 'record')} of {space.name} by meaning",
    )
    if space.records > len(drawn.spots):
        st.html(f'<p class="tiny">The newest {len(drawn.spots):,} of {space.records:,} records.</p>')


@st.cache_resource(max_entries=8, ttl=120, show_spinner=False)
def _drawn(_path: str, space: str, _records: int, _updated: float | None) -> Map | None:
    """The map, kept until the space changes (the arguments say when)."""
    return memory_map.draw(workspace().database, space, time.time())


def figure(drawn: Map, by: str, found: Found | None, chosen: str | None, dark: bool) -> go.Figure:
    """The map's chart: ``by`` is Kind, Layer, Age or Use; hits are ranked, and the query has its cross."""
    colours = {name: pair[dark] for name, pair in theme.COLOURS.items()}
    chart = go.Figure()
    if by in ("Kind", "Layer"):
        _groups(chart, drawn.spots, by.lower(), dark)
    else:
        _scale(chart, drawn.spots, by, dark)
    at = {spot.id: spot for spot in drawn.spots}
    if found and found.point:
        _hits(chart, at, found, drawn.place(found.point), colours)
    if chosen in at:
        _ring(chart, at[chosen], colours)
    return _dressed(chart, colours)


def _groups(chart: go.Figure, spots: Sequence[Spot], field: str, dark: bool) -> None:
    named = [getattr(spot, field) or "no layer" for spot in spots]
    shown = looks(named, dark)
    for name, look in shown.items():
        those = [spot for spot, own in zip(spots, named, strict=True) if (own if own in shown else OTHERS) == name]
        chart.add_trace(_points(those, len(spots), name, _marker(look)))


def _scale(chart: go.Figure, spots: Sequence[Spot], by: str, dark: bool) -> None:
    now = time.time()
    values = [(now - spot.updated_at) / 86_400 if by == "Age" else float(spot.uses) for spot in spots]
    colours = [pair[dark] for pair in theme.HEAT]
    marker = {
        "size": 7, "color": values, "colorscale": colours[::-1] if by == "Age" else colours, "line": {"width": 0.5},
        "colorbar": {
            "title": {"text": "days old" if by == "Age" else "times used", "font": {"size": 11}},
            "thickness": 8, "len": 0.6, "outlinewidth": 0, "tickfont": {"size": 11},
        },
    }  # fmt: skip
    chart.add_trace(_points(spots, len(spots), by, marker))


def _points(spots: Sequence[Spot], of: int, name: str, marker: Mapping[str, Any]) -> Any:
    kind = go.Scattergl if of > _MANY else go.Scatter
    return kind(
        x=[spot.x for spot in spots],
        y=[spot.y for spot in spots],
        mode="markers",
        name=safe(name[:24]),
        customdata=[spot.id for spot in spots],
        text=[_words(spot) for spot in spots],
        hovertemplate="%{text}<extra></extra>",
        marker=marker,
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0.7}},
    )


def _marker(look: Look) -> dict[str, Any]:
    return {"size": 7, "opacity": 0.75, "color": look.colour, "symbol": look.shape}


def _words(spot: Spot) -> str:
    lines = wrap(" ".join(spot.text[:240].split()), _LINE)
    lines = lines if len(lines) < 5 else [*lines[:4], "…"]
    layer = f" · {spot.layer}" if spot.layer else ""
    trust = "" if spot.trusted else " · not trusted"
    note = f"{spot.kind}{layer}{trust} · {age(time.time() - spot.updated_at)} old"
    return "<br>".join([*map(safe, lines), f"<i>{safe(note)}</i>"])


def _hits(
    chart: go.Figure, at: Mapping[str, Spot], found: Found, place: tuple[float, float], colours: Mapping[str, str]
) -> None:
    ranked = [(rank, at[hit.id]) for rank, hit in enumerate(found.hits, 1) if hit.id in at][:_RANKED]
    accent = colours["accent"]
    for _, spot in ranked:
        chart.add_shape(
            type="line", x0=place[0], y0=place[1], x1=spot.x, y1=spot.y,
            line={"color": accent, "width": 1, "dash": "dot"},
        )  # fmt: skip
    plain: dict[str, Any] = {"showlegend": False, "hoverinfo": "skip"}
    chart.add_trace(
        go.Scatter(
            x=[spot.x for _, spot in ranked], y=[spot.y for _, spot in ranked], mode="markers+text",
            text=[str(rank) for rank, _ in ranked], customdata=[spot.id for _, spot in ranked],
            textfont={"size": 11, "color": accent},
            marker={"size": 19, "color": colours["surface"], "line": {"width": 1.5, "color": accent}}, **plain,
        )
    )  # fmt: skip
    chart.add_trace(
        go.Scatter(
            x=[place[0]], y=[place[1]], mode="markers+text",
            text=["<b>\u00a0your question</b>"], textposition="middle right",
            textfont={"size": 12, "color": colours["accent-text"]},
            marker={"size": 13, "symbol": "cross-thin", "line": {"width": 2.5, "color": accent}}, **plain,
        )
    )  # fmt: skip


def _ring(chart: go.Figure, spot: Spot, colours: Mapping[str, str]) -> None:
    marker = {"size": 26, "color": "rgba(0,0,0,0)", "line": {"width": 2, "color": colours["accent"]}}
    plain: dict[str, Any] = {"mode": "markers", "showlegend": False, "hoverinfo": "skip"}
    chart.add_trace(go.Scatter(x=[spot.x], y=[spot.y], marker=marker, **plain))


def _dressed(chart: go.Figure, colours: Mapping[str, str]) -> go.Figure:
    axis: dict[str, Any] = {"visible": False, "showgrid": False, "zeroline": False}
    chart.update_layout(
        height=_HEIGHT,
        margin={"l": 8, "r": 8, "t": 4, "b": 34},
        paper_bgcolor=colours["surface-2"],
        plot_bgcolor=colours["surface-2"],
        font={"family": theme.SANS, "size": 11, "color": colours["text-2"]},
        legend={"orientation": "h", "x": 0, "y": -0.02, "yanchor": "top", "itemsizing": "constant"},
        hoverlabel={
            "bgcolor": colours["surface"], "bordercolor": colours["line-2"], "align": "left",
            "font": {"color": colours["text"], "size": 12},
        },
        dragmode="pan",
        uirevision="map",
        xaxis=axis,
        yaxis=axis,
    )  # fmt: skip
    return chart
