"""Three-way merges of sequences: of words and lines by their places (diff3), of lists of names as ordered sets.

Source: Khanna, Kunal and Pierce 2007, A Formal Investigation of Diff3. Deviation: changes that only adjoin are a
clash, and so are those with too little between them to tell that they are two (``close``).
"""

import difflib
import json
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T", bound=Hashable)


class Clash(Exception):
    """Both sides changed the same place differently."""


class Hunk(NamedTuple):
    """``base[start:end]`` became ``now``."""

    start: int
    end: int
    now: tuple[Any, ...]


Close = Callable[[Sequence[Any]], bool]
"""Whether two changes with this between them count as one."""


def merged(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T], close: Close) -> list[T]:
    """Both sides' changes. Raises Clash where they touch; equal ones are made once."""
    mine, other = _hunks(base, ours, close), _hunks(base, theirs, close)
    alike = set(mine) & set(other)
    for one in mine:
        for two in other:
            if one != two and ((one.start <= two.end and two.start <= one.end) or close(_between(base, one, two))):
                raise Clash
    result = list(base)
    for hunk in sorted({*mine, *other, *alike}, key=lambda each: (each.start, each.end), reverse=True):
        result[hunk.start : hunk.end] = hunk.now
    return result


def _between(base: Sequence[T], one: Hunk, two: Hunk) -> Sequence[T]:
    first, second = sorted((one, two))
    return base[first.end : second.start]


def _hunks(base: Sequence[T], side: Sequence[T], close: Close) -> list[Hunk]:
    """What changed; changes with little between them are one."""
    found: list[Hunk] = []
    steps = difflib.SequenceMatcher(None, base, side, autojunk=False).get_opcodes()
    for tag, start, end, now_start, now_end in steps:
        if tag == "equal":
            continue
        now = tuple(side[now_start:now_end])
        if found and close(base[found[-1].end : start]):
            before = found.pop()
            start, now = before.start, (*before.now, *base[before.end : start], *now)
        found.append(Hunk(start, end, now))
    return found


def woven(base: Sequence[T], ours: Sequence[T], theirs: Sequence[T]) -> list[T]:
    """Ordered sets: what neither took out and what either put in, each where its side has it.

    What both put in at one place stands in the order of their texts, so that it does not matter who is ours.
    Raises Clash where both brought what was there into another order, and not the same one.
    """
    base, ours, theirs = (list(dict.fromkeys(each)) for each in (base, ours, theirs))
    mine, other = set(ours), set(theirs)
    kept = [each for each in base if each in mine and each in other]
    spine = _order(kept, ours, theirs)
    place = {each: at for at, each in enumerate(spine, 1)}
    put_in = [_put_in(side, set(base), place) for side in (ours, theirs)]
    result: list[T] = []
    for at in range(len(spine) + 1):
        result += [spine[at - 1]] if at else []
        result += _new_at(at, *put_in)
    return result


def _order(kept: list[T], ours: Sequence[T], theirs: Sequence[T]) -> list[T]:
    known = set(kept)
    mine, other = ([each for each in side if each in known] for side in (ours, theirs))
    if mine != other and kept not in (mine, other):
        raise Clash
    return other if mine == kept else mine


def _put_in(side: Sequence[T], base: set[T], place: dict[T, int]) -> dict[T, int]:
    """What a side put in -> the place of what stands before it."""
    found: dict[T, int] = {}
    last = 0
    for each in side:
        last = place.get(each, last)
        if each not in base:
            found[each] = last
    return found


def _new_at(at: int, ours: dict[T, int], theirs: dict[T, int]) -> list[T]:
    def here(side: dict[T, int], other: dict[T, int]) -> list[T]:
        return [each for each, place in side.items() if min(place, other.get(each, place)) == at]

    blocks = sorted((here(ours, theirs), here(theirs, ours)), key=lambda block: [text_of(each) for each in block])
    return list(dict.fromkeys([*blocks[0], *blocks[1]]))


def text_of(value: Any) -> str:
    """Something to sort any value by."""
    return json.dumps(value, sort_keys=True, default=repr)


def distinct(values: Iterable[Any]) -> bool:
    """Whether they are texts, each there once."""
    found = list(values)
    return all(isinstance(each, str) for each in found) and len(set(found)) == len(found)
