"""What a template's README says of its run on the built-in model, where it says no more than that."""

import re
from collections.abc import Mapping
from typing import Any, Final

_SAID: Final = re.compile(
    r"How it fares(\*\*)? (?:has not been measured here on the built-in model"
    r"|on the built-in model: its first example \w.*? \(one run\))"
)
_ENDED: Final = {"limit": "reached its limit", "failed": "failed", "waiting": "stopped at a question"}


def sentence(row: Mapping[str, Any] | None) -> str:
    """``has not been measured …`` or ``on the built-in model: its first example ended as expected after …``."""
    if row is None:
        return "has not been measured here on the built-in model"
    if row["status"] == "done":
        ended = "ended otherwise than expected" if row["misses"] else "ended as expected"
    else:
        ended = _ENDED[row["status"]]
    calls = f"{row['calls']} model call{'' if row['calls'] == 1 else 's'}"
    return f"on the built-in model: its first example {ended} after {calls} in {row['seconds']:.0f} s (one run)"


def brought_up(readme: str, row: Mapping[str, Any] | None) -> str:
    """The README with that sentence as its result says it; one that tells of another measurement stays as it is."""
    return _SAID.sub(lambda found: f"How it fares{found[1] or ''} {sentence(row)}", readme)
