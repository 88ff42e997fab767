"""The nearest valid name to one that does not exist, as a sentence."""

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 8
"""How many names are listed where none is near."""


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that looks most like ``name``; None where none does."""
    found = get_close_matches(name[:80], [each for each in known if each], n=1, cutoff=0.6)
    return found[0] if found else None


def nearest(name: str, known: Iterable[str], *, there_are: str = "There are") -> str:
    """``Did you mean 'goal'?``, else the names there are; empty where there are none."""
    names = list(known)
    match = closest(name, names)
    if match is not None:
        return f"Did you mean {match!r}?"
    if not names:
        return ""
    rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{there_are} {', '.join(names[:SHOWN])}{rest}."
