"""Figures, ages and states in words, the same on every page."""

import html
from typing import Final, NamedTuple


class Mark(NamedTuple):
    """A state by word, sign and shape; ``role`` names its colour in ``theme.COLOURS``."""

    word: str
    sign: str
    symbol: str
    """Plotly's name of the shape."""
    role: str


RUN_MARKS: Final[dict[str, Mark]] = {
    "queued": Mark("Queued", "○", "circle-open", "idle"),
    "running": Mark("Running", "◔", "circle-dot", "running"),
    "waiting": Mark("Waits for you", "◆", "diamond", "waiting"),
    "done": Mark("Done", "✓", "circle", "done"),
    "failed": Mark("Failed", "✕", "x", "failed"),
    "stopped": Mark("Stopped", "■", "square", "idle"),
    "limit": Mark("Limit reached", "▲", "triangle-up", "waiting"),
    "lost": Mark("Lost", "⚠", "star", "failed"),
}

_AGES: Final = ((60, 1, "s"), (3600, 60, "min"), (86_400, 3600, "h"), (86_400 * 60, 86_400, "d"))


def age(seconds: float) -> str:
    """``4 min``, ``2 h``, ``13 d``, ``5 months``; ``seconds`` since it happened."""
    for limit, unit, word in _AGES:
        if seconds < limit:
            return f"{max(0, int(seconds // unit))} {word}"
    return f"{int(seconds // (86_400 * 30))} months"


def duration(seconds: float) -> str:
    """``8.9 s`` or ``2 min 05 s``."""
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60):02d} s"


def size(count: float) -> str:
    """``512 bytes``, ``34.0 MB``; ``count`` in bytes."""
    for unit in ("bytes", "kB", "MB"):
        if count < 1000:
            return f"{count:.0f} bytes" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.2f} GB"


def usd(value: float | None) -> str:
    """``$0``, ``$0.0058``; ``unknown`` where no list price is known."""
    if value is None:
        return "unknown"
    return "$0" if value == 0 else f"${value:.4f}" if value < 1 else f"${value:.2f}"


def count(number: int, one: str, many: str | None = None) -> str:
    """``1 record``, ``2,069 records``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def safe(text: object) -> str:
    """``text`` for use inside HTML: nothing a model or a person wrote is ever markup."""
    return html.escape(str(text), quote=True)
