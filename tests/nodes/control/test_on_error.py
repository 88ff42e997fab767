"""control.on_error"""

import time

import pytest

from nodes.contract import RunEvent
from nodes.control.on_error import OnErrorConfig, back_off, on_error
from tests.fakes import FakeContext, run_node


def test_tries_again_then_gives_up():
    """Attempts are led back, the one beyond the bound is not; the failed node is named."""
    history = [RunEvent("node", "fetch", "error"), RunEvent("node", "other", "done")]
    first = run_node(on_error, {}, FakeContext(history=history), first_wait=0)
    assert (first.outcome, first.outputs) == ("again", {"attempt": 1, "node": "fetch"})
    assert run_node(on_error, {}, FakeContext(visit=3), first_wait=0).outcome == "again"
    last = run_node(on_error, {}, FakeContext(visit=4), first_wait=0)
    assert (last.outcome, last.outputs["node"]) == ("give_up", "")


def test_it_waits():
    """The new attempt comes after the wait."""
    started = time.monotonic()
    run_node(on_error, {}, first_wait=0.05)
    assert time.monotonic() - started >= 0.05


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 3), (3, 9), (4, 20), (5_000, 20)])
def test_waits_grow_up_to_the_longest(failures: int, seconds: float):
    """Each wait is the factor times the one before, and none is longer than the longest."""
    assert back_off(OnErrorConfig(factor=3, longest_wait=20), failures) == seconds
