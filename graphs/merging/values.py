"""One value changed on two sides: texts by their words, records by their keys, lists of names as sets."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from graphs.merging.sequences import Clash, distinct, merged, woven
from graphs.replay_matching import same

FEW: Final = 2
"""Words that happen to be alike between two changes of one line and do not part them."""
MOST_WORDS: Final = 4_000
"""A text with more is merged by lines: comparing words takes the square of their number."""


class _Absent:
    """A value that is not there."""

    def __repr__(self) -> str:
        return "nothing"


ABSENT: Final = _Absent()


def merged_value(base: Any, ours: Any, theirs: Any) -> Any:
    """What both sides made of it. Raises Clash where that cannot be told."""
    if _alike(ours, theirs) or _alike(theirs, base):
        return ours
    if _alike(ours, base):
        return theirs
    values = (base, ours, theirs)
    if all(isinstance(each, str) for each in values):
        return merged_text(base, ours, theirs)
    if all(isinstance(each, Mapping) for each in values):
        return merged_record(base, ours, theirs)
    if all(isinstance(each, list | tuple) and distinct(cast(Sequence[Any], each)) for each in values):
        return woven(base, ours, theirs)
    raise Clash


def merged_text(base: str, ours: str, theirs: str) -> str:
    """Changes of different lines, or of one line with more than a few words between them. Raises Clash."""
    words = [_words(text) for text in (base, ours, theirs)]
    if max(map(len, words)) > MOST_WORDS:
        lines = [text.splitlines(keepends=True) for text in (base, ours, theirs)]
        return "".join(merged(*lines, close=lambda between: not between))
    return "".join(merged(*words, close=_few))


def merged_record(base: Mapping[str, Any], ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """Each key for itself. Raises Clash for all where it is one for a key."""
    found: dict[str, Any] = {}
    for key in dict.fromkeys([*base, *ours, *theirs]):
        value = merged_value(*(side.get(key, ABSENT) for side in (base, ours, theirs)))
        if value is not ABSENT:
            found[key] = value
    return found


def _words(text: str) -> list[str]:
    """Words with the blanks after them; the end of a line is a word of its own."""
    return re.findall(r"\n|[^\S\n]+|\S+[^\S\n]*", text)


def _few(between: Sequence[Any]) -> bool:
    return len(between) <= FEW and "\n" not in between


def _alike(one: Any, other: Any) -> bool:
    return one is other or (one is not ABSENT and other is not ABSENT and same(one, other))
