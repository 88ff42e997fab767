"""The garbage collector and what never becomes garbage.

A trace keeps its rows until they are written, so a run makes the collector go through its oldest
generation now and then, and with it through everything the imported libraries made. Without that, a node
of a chain of 50 took 273 instead of 298 us of CPU (``benchmarks/engine.py``, two runs one after the other).
"""

import gc


def settle() -> None:
    """Leave everything alive now out of the collector's rounds. Called once the libraries are imported."""
    gc.collect()
    gc.freeze()
