"""Independent calls at the same time, with a bound, and results in the order they were asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

AT_ONCE: Final = 8

Item = TypeVar("Item")
Made = TypeVar("Made")


async def together(
    function: Callable[[Item], Awaitable[Made]], items: Sequence[Item], *, limit: int = AT_ONCE
) -> list[Made]:
    """``function`` of each item, at most ``limit`` at the same time; results in the order of the items.

    The first failure ends the others and is raised as it is.
    """
    gate = asyncio.Semaphore(limit)

    async def one(item: Item) -> Made:
        async with gate:
            return await function(item)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(item)) for item in items]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
