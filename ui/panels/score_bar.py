"""A hit's score as a stacked bar with its four figures, and where each of them comes from."""

from collections.abc import Mapping
from typing import Final

from store.memories import Record
from store.memory_scoring import PARTS, Hit
from ui.panels.words import age, safe

TOKENS: Final[dict[str, str]] = dict(zip(PARTS, ("s-sim", "s-rec", "s-imp", "s-key"), strict=True))
"""Part of the score -> name of its colour in ``theme.COLOURS``."""


def short(value: float) -> str:
    """``.46``; ``1.00`` keeps its digit."""
    return f"{value:.2f}".removeprefix("0")


def hit_row(place: int, hit: Hit, note: str, *, selected: bool) -> str:
    """HTML of one hit: place, text, ``note``, bar with figures, total."""
    parts = {part: getattr(hit, part) for part in PARTS}
    label = ", ".join(f"{part} {value:.2f}" for part, value in parts.items())
    bars = "".join(f'<i style="width:{100 * v:.2f}%;background:var(--{TOKENS[p]})"></i>' for p, v in parts.items())
    figures = "".join(f"<span>{short(value)}</span>" for value in parts.values())
    text = safe(hit.text)
    return (
        f'<div class="hit{" sel" if selected else ""}"><span class="no">{place}</span>'
        f'<div class="words"><div class="tt" title="{text}">{text}</div><div class="me">{safe(note)}</div></div>'
        f'<div class="sc"><span class="score" role="img" aria-label="{label}">{bars}</span>'
        f'<span class="parts" aria-hidden="true">{figures}</span></div><b class="tot">{hit.score:.2f}</b></div>'
    )


def why(hit: Hit, record: Record, weights: Mapping[str, float], now: float) -> str:
    """HTML of ``Why 0.82``: each part as its own value times its weight. ``weights`` sum to 1."""
    facts = {"recency": f", {age(now - record.updated_at)} old", "importance": f", {record.importance:g} of 10"}
    lines = ""
    for part in PARTS:
        weighted, weight = getattr(hit, part), weights[part]
        raw = weighted / weight if weight else 0.0
        lines += f"<span>{part}{facts.get(part, '')}, {raw:.2f} × {weight:.2f}</span><b>{short(weighted)}</b>"
    return f'<div class="lab">Why {hit.score:.2f}</div><div class="calc">{lines}</div>'
