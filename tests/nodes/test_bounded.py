"""Independent calls at the same time."""

import asyncio

import pytest

from nodes.bounded import together
from nodes.contract import NodeError


def test_results_keep_the_order_and_the_bound():
    """Whichever is quicker, results stand as asked, and never more than the bound run at once."""
    running, most = 0, 0

    async def do(item: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01 * (3 - item))
        running -= 1
        return item * 10

    assert asyncio.run(together(do, [0, 1, 2, 3], limit=2)) == [0, 10, 20, 30]
    assert most == 2


def test_a_failure_is_raised_as_it_is():
    """The first failure ends the others and comes out as itself, not in a group."""
    ended: list[int] = []

    async def do(item: int) -> None:
        if item == 0:
            raise NodeError("no zero")
        await asyncio.sleep(5)
        ended.append(item)

    with pytest.raises(NodeError, match="no zero"):
        asyncio.run(together(do, [1, 0, 2], limit=4))
    assert ended == []
