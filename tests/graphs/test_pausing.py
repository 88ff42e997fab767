"""Which kinds wait for a person."""

import sys

from graphs.pausing import PAUSING
from nodes.registry import KINDS


def test_the_list_is_whole():
    """Every kind whose file makes a Pause is in it, and no other."""
    making = {
        spec.kind
        for spec in KINDS.values()
        if spec.run is not None and getattr(sys.modules[spec.run.__module__], "Pause", None) is not None
    }
    assert making == PAUSING
