"""The collector leaves out what was imported."""

import subprocess
import sys

CODE = """
import gc
from graphs import heap
heap.keep_settled()
first = gc.get_freeze_count()
gc.collect()
assert gc.get_freeze_count() <= first, "nothing was imported: nothing more is left out"
import plotly.graph_objects, pandas
gc.collect()
print(gc.get_freeze_count() - first)
heap.keep_settled()
print(len(gc.callbacks))
"""


def test_what_is_imported_later_is_left_out_too() -> None:
    """After a full round, libraries imported since are out of the collector's rounds; asked twice, it watches once."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    more, watching = map(int, done.stdout.split())
    assert more > 10_000
    assert watching == 1
