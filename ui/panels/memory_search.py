"""The probe: words, four weights and a half-life, and the hits they give."""

import time
from dataclasses import dataclass
from typing import Final

import streamlit as st

from store.memories import SpaceInfo
from store.memory_scoring import PARTS, Hit, Weights, normalised
from ui import session
from ui.panels import refusals, score_bar
from ui.panels.words import age
from ui.workspace import workspace

TOP: Final = 10


@dataclass(frozen=True)
class Found:
    """What a search gave; ``weights`` are scaled to sum to 1, ``point`` is the query's vector."""

    hits: list[Hit]
    weights: dict[str, float]
    half_life_days: float
    layers: dict[str, float] | None
    point: list[float]


@dataclass(frozen=True)
class _Asked:
    """What the widgets say."""

    weights: Weights
    half_life_days: float
    kinds: list[str]
    layers: dict[str, float] | None
    only_trusted: bool


def probe(space: SpaceInfo) -> Found | None:
    """Draw the search box with its sliders and hits; None where nothing was asked."""
    _start_from(space)
    query = st.text_input(
        "Search this space",
        key="memory_query",
        type="search",
        placeholder="Ask as a Recall node would: words, a question, a sentence",
        label_visibility="collapsed",
        icon=":material/search:",
    )
    asked = _settings(space)
    if not (query or "").strip():
        return None
    with refusals.shown():
        memories = workspace().memories
        began = time.perf_counter()
        # Looking does not count as a use: only runs change what a record's figures say.
        hits = memories.search(
            space.name, query, top_k=TOP, weights=asked.weights, half_life_days=asked.half_life_days,
            kinds=asked.kinds, layers=asked.layers, only_trusted=asked.only_trusted, mark=False,
        )  # fmt: skip
        seconds = time.perf_counter() - began
        found = Found(hits, normalised(asked.weights), asked.half_life_days, asked.layers, memories.vector(query))
        _show(found, seconds)
        return found
    return None


def _start_from(space: SpaceInfo) -> None:
    """Where another space is opened, its policy is where the sliders start."""
    if session.kept("probed") == space.name:
        return
    session.keep("probed", space.name)
    for part in PARTS:
        session.set_widget(f"memory_{part}", float(getattr(space.policy.weights, part)))
    session.set_widget("memory_half_life", float(space.policy.half_life_days))
    for name in ("memory_kinds", "memory_layers"):
        session.set_widget(name, [])
    session.set_widget("memory_only_trusted", space.policy.only_trusted)


def _settings(space: SpaceInfo) -> _Asked:
    with st.container(key="memory_settings", horizontal=True, vertical_alignment="bottom"):
        chosen: dict[str, float] = {}
        for part in PARTS:
            with st.container(key=f"weight_{part}"):
                chosen[part] = st.slider(part.capitalize(), 0.0, 1.0, step=0.05, key=f"memory_{part}")
        half_life = st.number_input(
            "Half-life, days", 0.01, 36_500.0, step=1.0, format="%g", key="memory_half_life", width=104,
            help="The age at which recency counts half.",
        )  # fmt: skip
        kinds, layers, trusted = _narrowing(space)
    # Streamlit fills every track in its primary colour; the part's own colour needs to know how far.
    st.html(
        "<style>" + "".join(f".st-key-weight_{part}{{--p:{value:.0%}}}" for part, value in chosen.items()) + "</style>"
    )
    return _Asked(Weights(**chosen), half_life, kinds, layers, trusted)


def _narrowing(space: SpaceInfo) -> tuple[list[str], dict[str, float] | None, bool]:
    """Kinds, layers with their half-lives, only trusted: what a search is narrowed to."""
    kinds, layers = workspace().memories.groups(space.name)
    narrowed = (
        session.widget("memory_kinds") or session.widget("memory_layers") or session.widget("memory_only_trusted")
    )
    with st.popover("Narrowed" if narrowed else "Narrow", icon=":material/filter_list:"):
        some = st.multiselect("Kinds", kinds, key="memory_kinds", placeholder="any kind")
        chosen = st.multiselect(
            "Layers", [layer for layer in layers if layer], key="memory_layers", placeholder="any layer",
            help="Each layer fades at a half-life of its own.",
        )  # fmt: skip
        lives = {
            layer: st.number_input(f"Half-life of {layer}, days", 0.01, 36_500.0, 14.0, 1.0, "%g", key=f"layer_{layer}")
            for layer in chosen
        }
        trusted = st.toggle(
            "Only trusted", key="memory_only_trusted", disabled=space.policy.only_trusted,
            help="The space's policy asks for it." if space.policy.only_trusted else None,
        )  # fmt: skip
    return some, lives or None, trusted


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
        layer = f" · {hit.layer}" if hit.layer else ""
        trust = "" if hit.trusted else " · not trusted"
        note = f"{hit.kind}{layer} · {age(time.time() - hit.created_at)} ago{_origin(hit.source)}{trust}"
        st.html(score_bar.hit_row(place, hit, note, selected=session.kept("record") == hit.id))
        label = f"Why {hit.score:.2f}: {hit.text[:60]}"
        st.button(label, key=f"memory_hit_{place}", on_click=session.keep, args=("record", hit.id))


def _origin(source: dict[str, object]) -> str:
    if "import" in source:
        return f" · from {source['import']}"
    run = source.get("number") or source.get("run")
    return f" · {run}" if run else " · by you"
