"""Whether two documents come from one: how much of what they say is the same."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final

from graphs.document import Document, canonical
from graphs.merging.sequences import text_of

RELATED: Final = 0.4
"""The share above which two workflows are taken for copies of one."""

Sayings = frozenset[tuple[str, ...]]


def sayings(document: Document) -> Sayings:
    """What the document says, in the smallest parts: each value, of a text each two words, and each edge."""
    return frozenset(_said(canonical(document), ()))


def _said(value: Any, place: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for key, each in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _said(each, (*place, str(key)))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, list) and place[:1] == ("edges",):
        yield from ((*place, str(each)) for each in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    elif isinstance(value, str):
        words = ["", *value.split(), ""]
        yield from ((*place, *two) for two in pairwise(words))
    else:
        yield (*place, text_of(value))


def likeness(one: Sayings, other: Sayings) -> float:
    """The share of what either says that both say: 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 1.0
