"""Memory spaces filled for the tests of this family."""

import asyncio
from dataclasses import replace
from typing import Any

from tests.fakes import NOW, ListMemory

DAY = 86_400.0


def put(memory: ListMemory, text: str, *, days_ago: float = 0, **fields: Any) -> str:
    """Add a record written ``days_ago`` days before now; ``uses`` and ``used_at`` as given."""
    stored = {key: fields.pop(key) for key in ("uses", "used_at") if key in fields}
    id = asyncio.run(memory.add(text, **fields))
    memory.hits[id] = replace(memory.hits[id], created_at=NOW - days_ago * DAY, **stored)
    return id
