"""Shapes of a team: who reads whom, and in which waves they can speak."""

from collections.abc import Mapping, Sequence
from typing import Final

from nodes.contract import NodeError

SHAPES: Final = ("chain", "star", "tree", "complete")
"""Those that need no edges of their own."""


def readers(shape: str, names: Sequence[str], edges: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """Name -> the names it reads, none of which reads it in turn, be it over others.

    Raises NodeError for an edge that is not one between two of ``names``, and for circles.
    """
    places = range(len(names))
    last = len(names) - 1
    match shape:
        case "chain":
            return {names[i]: tuple(names[max(i - 1, 0) : i]) for i in places}
        case "star":
            return {names[i]: tuple(names[:last]) if i == last else () for i in places}
        case "tree":  # a heap counted from the end: the last is the root
            return {names[i]: tuple(names[last - c] for c in _children(last - i, last)) for i in places}
        case "complete":
            return {names[i]: tuple(names[:i]) for i in places}
        case _:
            return _graph(names, edges)


def _children(place: int, last: int) -> list[int]:
    return [child for child in (2 * place + 2, 2 * place + 1) if child <= last]


def _graph(names: Sequence[str], edges: Sequence[str]) -> dict[str, tuple[str, ...]]:
    reads: dict[str, list[str]] = {name: [] for name in names}
    for edge in edges:
        source, arrow, target = (part.strip() for part in edge.partition("->"))
        unknown = [name for name in (source, target) if name not in reads]
        if not arrow or unknown:
            raise NodeError(
                f"{edge!r} is no edge between two members", mend=f"Write 'A -> B'; the members are {', '.join(names)}."
            )
        reads[target].append(source)
    found = {name: tuple(dict.fromkeys(others)) for name, others in reads.items()}
    waves(found)  # refuses circles
    return found


def waves(reads: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Names in waves: each stands behind all it reads. Raises NodeError where a circle keeps some waiting."""
    left, done, found = dict(reads), set[str](), list[list[str]]()
    while left:
        wave = [name for name, others in left.items() if done.issuperset(others)]
        if not wave:
            raise NodeError(
                f"{', '.join(left)} wait for each other in a circle", mend="Remove one of the edges between them."
            )
        found.append(wave)
        done.update(wave)
        left = {name: others for name, others in left.items() if name not in done}
    return found
