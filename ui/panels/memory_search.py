"""The probe: words, four weights and a half-life, and the hits they give."""

import time
from dataclasses import dataclass
from typing import Final

import streamlit as st

from store.memory_scoring import PARTS, Hit, Weights, normalised
from ui import session
from ui.panels import refusals, score_bar
from ui.panels.words import age
from ui.workspace import workspace

TOP: Final = 10
DEFAULTS: Final = Weights()


@dataclass(frozen=True)
class Found:
    """What a search gave; ``weights`` are scaled to sum to 1."""

    hits: list[Hit]
    weights: dict[str, float]


def probe(space: str) -> Found | None:
    """Draw the search box with its sliders and hits; None where nothing was asked."""
    query = st.text_input(
        "Search this space",
        key="memory_query",
        type="search",
        placeholder="Ask as a Recall node would: words, a question, a sentence",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    weights, half_life = _weights()
    if not (query or "").strip():
        return None
    with refusals.shown():
        began = time.perf_counter()
        # Looking does not count as a use: only runs change what a record's figures say.
        hits = workspace().memories.search(
            space, query, top_k=TOP, weights=weights, half_life_days=half_life, mark=False
        )
        found = Found(hits, normalised(weights))
        _show(found, time.perf_counter() - began)
        return found
    return None


def _weights() -> tuple[Weights, float]:
    columns = st.columns(5, gap="medium")
    chosen: dict[str, float] = {}
    for part, column in zip(PARTS, columns, strict=False):
        with column.container(key=f"weight_{part}"):
            chosen[part] = st.slider(
                part.capitalize(), 0.0, 1.0, float(getattr(DEFAULTS, part)), 0.05, key=f"memory_{part}"
            )
    half_life = columns[4].number_input(
        "Half-life, days",
        0.5,
        3650.0,
        14.0,
        1.0,
        "%g",
        key="memory_half_life",
        help="The age at which recency counts half.",
    )
    # Streamlit fills every track in its primary colour; the part's own colour needs to know how far.
    st.html(
        "<style>" + "".join(f".st-key-weight_{part}{{--p:{value:.0%}}}" for part, value in chosen.items()) + "</style>"
    )
    return Weights(**chosen), half_life


def _show(found: Found, seconds: float) -> None:
    if not found.hits:
        st.html('<p class="empty">Nothing close to that. Try other words.</p>')
        return
    st.html(f'<p class="took">{len(found.hits)} hits in {seconds:.2f} s</p>')
    with st.container(gap=None):
        for place, hit in enumerate(found.hits, 1):
            _row(place, hit)


def _row(place: int, hit: Hit) -> None:
    with st.container(key=f"hit_{place}"):
        note = f"{hit.kind} · {age(time.time() - hit.created_at)} ago{_origin(hit.source)}"
        st.html(score_bar.hit_row(place, hit, note, selected=session.kept("record") == hit.id))
        label = f"Why {hit.score:.2f}: {hit.text[:60]}"
        st.button(label, key=f"memory_hit_{place}", on_click=session.keep, args=("record", hit.id))


def _origin(source: dict[str, object]) -> str:
    run = source.get("number") or source.get("run")
    return f" · {run}" if run else " · by you"
