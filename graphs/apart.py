"""Work that a node does in a graph of its own, outside the graph around the node."""

import asyncio
import contextvars
from collections.abc import Coroutine
from typing import Any, TypeVar

from langchain_core.runnables.config import var_child_runnable_config

T = TypeVar("T")


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """Await ``work`` outside the graph around the node, whose checkpoint settings it would take over."""
    context = contextvars.copy_context()
    context.run(var_child_runnable_config.set, None)
    return await asyncio.create_task(work, context=context)
