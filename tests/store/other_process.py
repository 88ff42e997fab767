"""Another process of a home, and whether its memory is whole."""

import sqlite3
import subprocess
from typing import Any

from store.home import Home
from store.memories import Memories
from store.memory_index import MemoryIndex
from tests.store.fakes import child

OPEN = """
import os, signal, sys
from pathlib import Path
from store.database import Database
from store.memories import Draft, Memories
from tests.store.fakes import embed
memories = Memories(Database(Path(sys.argv[1])), Path(sys.argv[2]), embed, embedding_model="words")
"""
ASKED = OPEN + "for line in sys.stdin: print(repr(eval(line)), flush=True)\nmemories.close()\n"


class Other:
    """Another process of the home, which evaluates expressions over its ``memories``."""

    def __init__(self, home: Home) -> None:
        self.process = child(ASKED, home.database, home.memory, stdin=subprocess.PIPE)

    def tell(self, expression: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(expression + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        assert self.process.stdout is not None
        return eval(self.process.stdout.readline())

    def ask(self, expression: str) -> Any:
        self.tell(expression)
        return self.answer()

    def found(self, query: str, top_k: int = 1) -> list[str]:
        return self.ask(f"[hit.text for hit in memories.search('s', {query!r}, top_k={top_k})]")

    def owns(self) -> bool:
        return self.ask("memories._index._index.owned is not None")

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def owns(memories: Memories) -> bool:
    return memories._index._index.owned is not None  # pyright: ignore[reportPrivateUsage]


def indexed(memories: Memories, space: str = "s") -> int:
    return memories._index.count(memories.space_id(space))  # pyright: ignore[reportPrivateUsage]


def texts(memories: Memories, query: str, top_k: int = 1) -> list[str]:
    return [hit.text for hit in memories.search("s", query, top_k=top_k)]


def assert_whole(home: Home, memories: Memories) -> None:
    """Chroma holds just the ids that SQL does, each once, and SQL knows it."""
    memories.search("s", "anything", mark=False)
    memories.close()
    index = MemoryIndex(home.memory)
    held = index._collection(memories.space_id("s")).get(include=[])["ids"]  # pyright: ignore[reportPrivateUsage]
    index.close()
    with sqlite3.connect(home.database) as connection:
        rows = connection.execute("SELECT id, text, indexed FROM memory").fetchall()
    assert sorted(held) == sorted(id for id, _, _ in rows)
    assert len({text for _, text, _ in rows}) == len(rows)
    assert all(indexed for _, _, indexed in rows)
