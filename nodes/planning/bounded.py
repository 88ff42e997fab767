"""Independent calls at the same time, with a bound, and results in the order they were asked for."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
T = TypeVar("T")


async def together(limit: int, do: Callable[[Item], Awaitable[T]], items: Sequence[Item]) -> list[T]:
    """``do`` each of ``items``, at most ``limit`` at once; results in the order of the items.

    The first failure ends the others and is raised as it is.
    """
    gate = asyncio.Semaphore(limit)

    async def one(item: Item) -> T:
        async with gate:
            return await do(item)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(item)) for item in items]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]
