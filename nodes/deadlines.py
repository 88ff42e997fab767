"""How long a person has for an answer, as a setting: ``90 s``, ``15 min``, ``2 h``, ``3 d``; empty: for ever."""

import re
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field

TIMED_OUT: Final = "timed_out"
"""The outcome of a node that waited for an answer which did not come in time."""
_DURATION: Final = re.compile(r"^(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>s|min|h|d)$")
_SECONDS: Final = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}
LONGEST: Final = 366 * 86_400
"""Seconds."""


def seconds_of(text: str) -> float | None:
    """Seconds of ``2 h``; None for an empty text. Raises ValueError for anything else, and beyond a year."""
    if not text.strip():
        return None
    match = _DURATION.match(text.strip())
    seconds = float(match["number"]) * _SECONDS[match["unit"]] if match else 0.0
    if not 0 < seconds <= LONGEST:
        raise ValueError(f"{text!r} is not a time to answer in. Write it as 90 s, 15 min, 2 h or 3 d (at most 366 d)")
    return seconds


def _readable(text: str) -> str:
    seconds_of(text)
    return text.strip()


Within = Annotated[str, AfterValidator(_readable)]
"""The type of such a setting."""


def within_field(description: str = "90 s, 15 min, 2 h or 3 d; then it ends by timed_out. Empty: for ever.") -> Any:
    """The setting itself."""
    return Field(
        default="", title="Answer within", description=description, max_length=20,
        json_schema_extra={"advanced": True},
    )  # fmt: skip
