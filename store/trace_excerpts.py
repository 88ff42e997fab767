"""Where a text holds the words of a search: a short piece of it, the words marked.

FTS5 has a function for this, but it runs the search anew for each row asked for: with short words, whose rows are many,
that took most of a search's time.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

MARKS: Final = ("\u0002", "\u0003")
"""Before and after what matched."""
BEFORE: Final = 40
"""Characters before the first word that is found."""
LENGTH: Final = 160
_CUT: Final = "…"


def excerpt(name: str, text: str, words: Sequence[str], *, before: int = BEFORE) -> str:
    """A piece of ``text``, else of ``name``, around the first of the words; '' where neither holds one.

    Words are matched from their beginning, in any case and without accents, as the index does. ``before``: characters
    ahead of the first.
    """
    if not words:
        return ""
    pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(re.escape(fold(word)) for word in words)})[^\W_]*")
    for whole in (text, name):
        folded = fold(whole)
        first = pattern.search(folded)
        if first:
            return _piece(whole, folded, pattern, _start(whole, first.start(), before))
    return ""


def _piece(whole: str, folded: str, pattern: re.Pattern[str], start: int) -> str:
    end = min(len(whole), start + LENGTH)
    parts: list[str] = [_CUT] if start else []
    done = start
    for found in pattern.finditer(folded, start, end):
        parts += [whole[done : found.start()], MARKS[0], whole[found.start() : found.end()], MARKS[1]]
        done = found.end()
    parts.append(whole[done : max(done, end)])
    return "".join([*parts, _CUT] if end < len(whole) else parts)


def _start(whole: str, word: int, before: int) -> int:
    """Where a piece begins: so much ahead of the word, at the beginning of a word where there is one."""
    at = max(0, word - before)
    space = whole.find(" ", at, word) if at else -1
    return at if space < 0 else space + 1


def fold(text: str) -> str:
    """In lower case and without accents, character by character, so that places stay the same."""
    return text.lower() if text.isascii() else "".join(map(_fold_one, text))


@lru_cache(maxsize=4096)
def _fold_one(character: str) -> str:
    plain = unicodedata.normalize("NFD", character)[0].lower()
    return plain if len(plain) == 1 else character
