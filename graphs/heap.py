"""The garbage collector and what never becomes garbage.

A trace keeps its rows until they are written, so a run makes the collector go through its oldest
generation now and then: half a million objects of imported libraries, 25 ms each time, which made up a
third of the engine's own cost for a chain of 50 nodes.
"""

import gc


def settle() -> None:
    """Leave everything alive now out of the collector's rounds. Called once the libraries are imported."""
    gc.collect()
    gc.freeze()
