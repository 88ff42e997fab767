"""One colour and one shape for each kind or layer, the same on the map and on the timeline."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from ui import theme

_SHAPES: Final = ("circle", "diamond", "square", "triangle-up", "cross", "star", "hexagon", "triangle-down")
_HUES: Final = (5, 3, 1, 2, 0, 7, 4, 6)
"""Of ``theme.FAMILIES``: grey for the most frequent, as most records are not what one looks for."""
OTHERS: Final = "others"


class Look(NamedTuple):
    """How a group is drawn."""

    colour: str
    shape: str


def looks(names: Iterable[str], dark: bool) -> dict[str, Look]:
    """The seven most frequent names in that order, and ``others`` for the rest."""
    common = [name for name, _ in Counter(names).most_common()]
    shown = common if len(common) <= len(_HUES) else [*common[: len(_HUES) - 1], OTHERS]
    colours = [theme.FAMILIES[hue][dark] for hue in _HUES]
    return {name: Look(colours[at], _SHAPES[at]) for at, name in enumerate(shown)}
