"""Checkpoints: what may be in the file, and nothing else."""
# ruff: noqa: E501 - a graph is easier to read with its edges on one line

import pickle
import sqlite3
from pathlib import Path
from typing import Any

import ormsgpack
import pytest
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Interrupt, Send

from graphs.checkpoints import CheckpointRefused, Checkpoints, ClosedSerializer
from tests.graphs.engine.fakes import Bench, workflow

ASK = ("control.ask", {"question": "Go on?"})


def test_what_runs_write_is_read_back() -> None:
    """JSON-like data, Send and Interrupt survive."""
    serializer = ClosedSerializer()
    value = {"a": [1, 2.5, None, True, "x"], "send": Send("n", {"i": 1}), "asked": Interrupt(value={"q": 1}, id="i1")}
    assert serializer.loads_typed(serializer.dumps_typed(value)) == value


class Bomb:
    def __reduce__(self) -> Any:
        return (open, ("/nonexistent/bomb", "w"))


HOSTILE = {
    "a pickle": ("pickle", pickle.dumps({"x": 1})),
    "a JSON constructor": ("json", b'{"lc": 2, "type": "constructor", "id": ["subprocess", "Popen"], "args": [["true"]]}'),
    "a class": ("msgpack", ormsgpack.packb(ormsgpack.Ext(1, ormsgpack.packb(("subprocess", "Popen", (["true"],)))))),
    "a method": ("msgpack", ormsgpack.packb(ormsgpack.Ext(3, ormsgpack.packb(("os", "environ", "x", "get"))))),
    "a path": JsonPlusSerializer().dumps_typed(Path("/etc")),
    "a class within a Send": (
        "msgpack",
        ormsgpack.packb(ormsgpack.Ext(1, ormsgpack.packb(("langgraph.types", "Send", (
            "n", ormsgpack.Ext(1, ormsgpack.packb(("subprocess", "Popen", (["true"],)))),
        ))))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_anything_else_is_refused(name: str) -> None:
    """No other format and no other class is rebuilt."""
    with pytest.raises(CheckpointRefused, match="never written here"):
        ClosedSerializer().loads_typed(HOSTILE[name])


def test_a_tampered_file_fails_the_run_and_runs_nothing(bench: Bench) -> None:
    """A run whose checkpoint was replaced by a hostile one ends with a reason."""
    row = bench.run(workflow({"q": ASK}, "start -> q, q -> finish"))
    with sqlite3.connect(bench.folder / "checkpoints.db") as connection:
        kind, data = HOSTILE["a class"]
        connection.execute("UPDATE checkpoints SET type = ?, checkpoint = ?", (kind, data))
    bench.runner.answer(row.id, row.forms[0]["interrupt"], {})
    row = bench.runner.wait_here(row.id)
    assert row.status == "failed" and row.error is not None
    assert "subprocess.Popen" in row.error["what"] and "tamper" not in row.error["mend"]


def test_pruning_keeps_what_resuming_needs(tmp_path: Path) -> None:
    """The last checkpoint of every namespace stays."""
    checkpoints = Checkpoints(tmp_path / "c.db")
    for namespace in ("", "sub"):
        for number in range(3):
            config: Any = {"configurable": {"thread_id": "r", "checkpoint_ns": namespace}}
            checkpoint: Any = {
                "id": f"{number}",
                "channel_values": {},
                "v": 4,
                "ts": "",
                "channel_versions": {},
                "versions_seen": {},
            }
            checkpoints.put(config, checkpoint, {}, {})
    checkpoints.keep_last("r")
    kept = checkpoints.conn.execute("SELECT checkpoint_ns, checkpoint_id FROM checkpoints ORDER BY 1").fetchall()
    assert kept == [("", "2"), ("sub", "2")]
    assert checkpoints.exists("r") and not checkpoints.exists("other")
    checkpoints.close()
