"""Python names for a program: each given once, none of them Python's own."""

import builtins
import keyword
import sys
from typing import Final

from graphs.export.modules import module
from nodes.contract import NodeSpec

_PYTHON: Final = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins)})


class Names:
    """The names of one module; ``taken`` from the start are those its fixed parts use."""

    def __init__(self, taken: frozenset[str]) -> None:
        self._taken = set(taken | _PYTHON)

    def take(self, *wanted: str) -> str:
        """The first of ``wanted`` that is free; else the last one with as many ``_`` as it needs."""
        free = next((each for each in wanted if each not in self._taken), wanted[-1])
        while free in self._taken:
            free += "_"
        self._taken.add(free)
        return free


def home_of(spec: NodeSpec) -> tuple[str, str]:
    """The module a kind is defined in, and its name there. Raises LookupError for one that is not in ``nodes``."""
    makers = (spec.run, spec.make_tool, spec.make_policy, spec.config)
    for place in dict.fromkeys(each.__module__ for each in makers if each is not None):
        if not place.startswith("nodes."):
            continue
        found = next((name for name, value in vars(sys.modules[place]).items() if value is spec), None)
        if found is not None and module(place).name == place:
            return place, found
    raise LookupError(f"the kind {spec.kind!r} is not one of Nodeloom's own")
