"""The garbage collector and what never becomes garbage.

The collector goes through its oldest generation now and then, and with it through everything the imported
libraries made: 0.2 s in which the web server answers nobody, at about every twentieth edit of a workflow of
200 nodes. Left out, that is gone; a node of a chain of 50 took 273 instead of 298 us of CPU
(``benchmarks/engine.py``, two runs one after the other).
"""

import gc
import sys
from collections.abc import Mapping
from typing import Any, Final

MANY: Final = 50
"""Modules imported since the last time that are worth leaving out."""


def settle() -> None:
    """Leave everything alive now out of the collector's rounds. Called once the libraries are imported."""
    gc.collect()
    gc.freeze()


def keep_settled() -> None:
    """``settle`` now, and after each full round that finds that libraries were imported since."""
    settle()
    if not any(isinstance(each, _Settler) for each in gc.callbacks):
        gc.callbacks.append(_Settler())


class _Settler:
    """What the collector calls before and after its rounds."""

    def __init__(self) -> None:
        self._modules = len(sys.modules)

    def __call__(self, phase: str, info: Mapping[str, Any], /) -> None:
        full = phase == "stop" and info["generation"] == 2
        if full and len(sys.modules) - self._modules >= MANY:
            self._modules = len(sys.modules)
            gc.freeze()
