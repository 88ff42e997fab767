"""The server answers while ten workflows run, and while edits come in."""

import statistics
import time

from tests.ui.api.conftest import Served

MEDIAN, P95 = 0.25, 1.0
"""Seconds; generous, for test machines are busy. Idle it takes 2 ms."""


def test_health_stays_quick_while_ten_workflows_run(served: Served) -> None:
    """With ten runs streaming their tokens the health call keeps its bounds."""
    id = served.new()
    runs = [served.run(id, "scripted:slow") for _ in range(10)]
    times: list[float] = []
    end = time.monotonic() + 2.5
    while time.monotonic() < end:
        began = time.perf_counter()
        assert served.client.get("/health").status_code == 200
        times.append(time.perf_counter() - began)
        time.sleep(0.01)
    working = [served.client.get(f"/runs/{run}").json()["status"] for run in runs]
    assert working.count("running") + working.count("done") == 10
    assert len(times) > 5
    assert statistics.median(times) < MEDIAN
    assert statistics.quantiles(times, n=20)[-1] < P95


def test_edits_stay_quick(served: Served) -> None:
    """Fifty edits in a row, one request each, take less than a second apiece at worst."""
    id = served.new({})
    times: list[float] = []
    for seq in range(1, 51):
        began = time.perf_counter()
        answer = served.patch(id, seq, (seq, [{"op": "add_node", "id": f"n{seq}", "node": {"kind": "note"}}]))
        times.append(time.perf_counter() - began)
        assert answer.status_code == 200
    assert statistics.median(times) < MEDIAN
    assert max(times) < 2
