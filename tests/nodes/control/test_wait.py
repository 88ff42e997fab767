"""control.wait"""

import asyncio
import time

import pytest
from pydantic import ValidationError

from nodes.contract import NodeError
from nodes.control.wait import moment, wait
from tests.fakes import NOW, FakeContext, run_node


def test_waits_for_seconds():
    """It takes the seconds it was told to."""
    started = time.monotonic()
    assert run_node(wait, {}, seconds=0.05) == {"waited": 0.05}
    assert time.monotonic() - started >= 0.05


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("2026-09-21T14:13:30Z", 10), ("2026-09-21T16:13:30+02:00", 10), ("2026-09-21T14:13:30", 10),
        ("14:14", 40), ("14:13", 86_400 - 20), ("9:00", 67_600), ("2026-09-21", -51_200),
    ],
)  # fmt: skip
def test_times_are_read(text: str, after: float):
    """Dates with and without offset, and the next such time of day (now is 14:13:20 UTC)."""
    assert moment(text, NOW) - NOW == after


def test_wired_time_counts_and_the_past_is_no_wait():
    """A wired time goes before the settings; one that has passed is over at once."""
    assert run_node(wait, {"until": "2020-01-01"}, FakeContext(), seconds=60) == {"waited": 0}


def test_waits_are_bounded():
    """A wait beyond the bound is an error and no wait."""
    with pytest.raises(NodeError, match="at most 3,600 s"):
        run_node(wait, {"until": "2099-01-01"}, FakeContext())
    with pytest.raises(NodeError, match="at most 5 s"):
        run_node(wait, {}, seconds=6, max_seconds=5)


def test_a_time_that_is_none():
    """What is no time is refused, in the settings and on the wire."""
    with pytest.raises(ValidationError, match="is not a time"):
        run_node(wait, {}, until="25:00")
    with pytest.raises(NodeError, match="'soon' is not a time"):
        run_node(wait, {"until": "soon"}, FakeContext())
    assert run_node(wait, {}, FakeContext(), until="2020-01-01") == {"waited": 0}


def test_can_be_cancelled():
    """A stopped run ends the wait."""

    async def stopped() -> None:
        task = asyncio.ensure_future(wait.run({}, wait.config(seconds=60), FakeContext()))  # type: ignore[misc]
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(stopped())
