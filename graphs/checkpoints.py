"""Checkpoints in one SQLite file, read with a closed list of types.

What a node leaves is JSON-like data, so a checkpoint needs two classes besides: ``Send`` and
``Interrupt``. Anything else in the file, a pickle or another class, is refused: whoever can write the
file must not be able to make this process import or build something.

The calls are made on the event loop of the engine, which is a thread of its own: a commit in WAL mode with
``synchronous=NORMAL`` does not wait for the disk, so it saves the way to another thread and back. That it
costs less than LangGraph's async saver was not measured here.
"""

import sqlite3
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import ormsgpack
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import ChannelVersions, Checkpoint, CheckpointMetadata, CheckpointTuple
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver
from langgraph.types import Interrupt, Send

_POSITIONAL: Final = 1  # LangGraph's extension codes for a class with arguments
_KEYWORD: Final = 2
_EPOCH: Final = 0x01B21DD213814000  # 1970 in the units of a UUID
_BUSY: Final = 10.0  # seconds to wait for another process's write


class CheckpointRefused(ValueError):
    """A checkpoint holds what no run of Nodeloom writes: the file was damaged or tampered with."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The checkpoint holds {what}, which is never written here; it was not loaded.")


class ClosedSerializer(JsonPlusSerializer):
    """LangGraph's serializer, reading JSON-like data, ``Send`` and ``Interrupt`` only."""

    def __init__(self) -> None:
        super().__init__(pickle_fallback=False, allowed_msgpack_modules=None)

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """Raises CheckpointRefused for every other class, and for formats such as ``pickle`` and ``json``."""
        format, content = data
        if format == "msgpack":
            return _unpacked(content)
        if format not in ("null", "bytes"):
            raise CheckpointRefused(f"data of the format {format!r}")
        return super().loads_typed(data)


def _unpacked(content: bytes) -> Any:
    refused: list[str] = []  # ormsgpack swallows what a hook raises
    try:
        return ormsgpack.unpackb(content, ext_hook=partial(_rebuilt, refused), option=ormsgpack.OPT_NON_STR_KEYS)
    except ValueError as error:
        raise CheckpointRefused(refused[0] if refused else f"unreadable data ({error})") from None


def _rebuilt(refused: list[str], code: int, content: bytes) -> Any:
    """The object of an extension, where it is one of the two."""
    if code not in (_POSITIONAL, _KEYWORD):
        refused.append(f"an extension of the kind {code}")
        raise ValueError
    inner = partial(_rebuilt, refused)
    module, name, arguments = ormsgpack.unpackb(content, ext_hook=inner, option=ormsgpack.OPT_NON_STR_KEYS)[:3]
    if (module, name, code) == ("langgraph.types", "Send", _POSITIONAL):
        return Send(*arguments[:2])
    if (module, name, code) == ("langgraph.types", "Interrupt", _KEYWORD):
        return Interrupt(value=arguments["value"], id=arguments["id"])
    refused.append(f"an object of the class {module}.{name}")
    raise ValueError


def _when(checkpoint_id: str) -> float:
    """The time in a UUID of version 6: units of 100 ns since 1582."""
    whole = int(checkpoint_id.replace("-", ""), 16)
    units = (whole >> 80 << 12) | ((whole >> 64) & 0xFFF)
    return (units - _EPOCH) / 1e7


class Checkpoints(SqliteSaver):
    """LangGraph's SQLite saver on a connection of ours, for async graphs."""

    def __init__(self, path: Path) -> None:
        connection = sqlite3.connect(path, check_same_thread=False, timeout=_BUSY)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        super().__init__(connection, serde=ClosedSerializer())
        self.setup()

    def close(self) -> None:
        self.conn.close()

    def exists(self, run_id: str) -> bool:
        """Whether a run has left a checkpoint to go on from."""
        with self.cursor(transaction=False) as cursor:
            found = cursor.execute("SELECT 1 FROM checkpoints WHERE thread_id = ? LIMIT 1", (run_id,))
            return found.fetchone() is not None

    def written(self, run_id: str, channel: str) -> list[tuple[float, Any]]:
        """What the tasks of a run have written to a channel of its topmost level, in order: when its step began
        (seconds since the epoch), and the value."""
        with self.cursor(transaction=False) as cursor:
            rows = cursor.execute(
                "SELECT checkpoint_id, type, value FROM writes WHERE thread_id = ? AND checkpoint_ns = '' "
                "AND channel = ? ORDER BY checkpoint_id, task_path",
                (run_id, channel),
            ).fetchall()
        return [(_when(id), self.serde.loads_typed((format, content))) for id, format, content in rows]

    def interrupts(self, run_id: str) -> dict[str, dict[str, Any]]:
        """Task -> what its interrupt holds, of those that wait at the last checkpoint of each namespace."""
        with self.cursor(transaction=False) as cursor:
            rows = cursor.execute(
                "SELECT task_id, type, value FROM writes WHERE thread_id = ? AND channel = '__interrupt__' "
                "AND checkpoint_id = (SELECT max(checkpoint_id) FROM checkpoints AS c "
                "WHERE c.thread_id = writes.thread_id AND c.checkpoint_ns = writes.checkpoint_ns)",
                (run_id,),
            ).fetchall()
        found: dict[str, dict[str, Any]] = {}
        for task, format, content in rows:
            asked = self.serde.loads_typed((format, content))
            for each in asked if isinstance(asked, list | tuple) else [asked]:
                found[task] = dict(each.value)
        return found

    def keep_last(self, run_id: str) -> None:
        """Keep only what resuming needs: the last checkpoint of each namespace, and its writes."""
        last = (
            "SELECT max(checkpoint_id) FROM checkpoints AS c "
            "WHERE c.thread_id = {0}.thread_id AND c.checkpoint_ns = {0}.checkpoint_ns"
        )
        with self.cursor() as cursor:
            for table in ("writes", "checkpoints"):
                cursor.execute(
                    f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id < ({last.format(table)})",  # noqa: S608 - our own names
                    (run_id,),
                )

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        return self.get_tuple(config)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        if filter:
            raise ValueError("checkpoints are never filtered by keys from outside")
        for found in list(self.list(config, before=before, limit=limit)):
            yield found

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        return self.put(config, checkpoint, metadata, new_versions)

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        self.put_writes(config, writes, task_id, task_path)

    async def adelete_thread(self, thread_id: str) -> None:
        self.delete_thread(thread_id)
