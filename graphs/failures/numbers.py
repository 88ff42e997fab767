"""Numbers in texts, and whether one follows from others."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final

_NUMBER: Final = re.compile(r"(?<![\w.])[-−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])|(?<![\w.])[-−]?\d+(?:\.\d+)?(?![\w])")
_LINE_START: Final = re.compile(r"^\s*(?:[-*#]\s*)?(?:step\s+)?\d+[.):]\s", re.MULTILINE | re.IGNORECASE)
TOLERANCE: Final = 1e-6
MOST: Final = 40
"""Known numbers beyond which pairs of them are not tried: nearly everything would follow."""


def numbers_in(text: str) -> Iterator[float]:
    """The numbers of a text; the numbers of its list items are left out."""
    for found in _NUMBER.findall(_LINE_START.sub(" ", text)):
        yield float(found.replace(",", "").replace("−", "-"))


def follows(number: float, known: Sequence[float]) -> bool:
    """Whether a number is one of ``known``, one of them rounded or as per cent, made of two of them by + - x /, or
    the sum of three.
    """
    if any(_is_rounded(number, way) for each in known for way in (each, 100 * each, each / 100)):
        return True
    if len(known) > MOST:
        return False
    sums = (sum(three) for three in combinations(known, 3))
    return any(_equal(number, made) for made in (*_made_of_two(known), *sums))


def _is_rounded(number: float, value: float) -> bool:
    """Whether ``number`` is ``value``, or it cut, rounded or rounded up to as many places."""
    return _equal(number, value) or (number != 0 and abs(number - value) < 10.0 ** -_places(number))


def _equal(number: float, value: float) -> bool:
    """Equal but for the sign, which texts write in many ways, and for what binary fractions lose."""
    return abs(abs(number) - abs(value)) <= TOLERANCE * max(1.0, abs(value))


def _places(number: float) -> int:
    """Decimal places it is written with, as far as they can be seen."""
    text = f"{number:.10f}".rstrip("0")
    return len(text.partition(".")[2])


def _made_of_two(known: Iterable[float]) -> Iterator[float]:
    values = list(known)
    for at, first in enumerate(values):
        for second in values[at:]:
            yield first + second
            yield first - second
            yield first * second
            if second:
                yield first / second
            if first:
                yield second / first
