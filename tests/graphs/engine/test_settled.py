"""What a killed process leaves of the trace: the visits that would be dear to do again, to the last one."""

import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from store.database import Database
from store.runs import Runs
from store.span_writer import SpanWriter
from store.spans import Spans
from tests.graphs.engine.fakes import workflow

CHAIN = workflow(
    {**{f"n{number}": "t.slow" for number in range(5)}, "last": ("t.slow", {"sleep": 30.0})},
    "start -> n0, " + ", ".join(f"n{number} -> n{number + 1}" for number in range(4)) + ", n4 -> last, last -> finish",
    "last.out -> finish.answer",
)  # fmt: skip
ITEMS = workflow(
    {
        "src": ("t.step", {"value": [1, 2, 3]}), "each": ("control.for_each", {"parallel": 1}),
        "one": {"kind": "t.slow", "parent": "each"}, "last": ("t.slow", {"sleep": 30.0}),
    },
    "start -> src, src -> each, each.each -> one, each -> last, last -> finish",
    "src.out -> each.items, each.item -> one.a, one.out -> each.result, last.out -> finish.answer",
)  # fmt: skip
CHILD = textwrap.dedent("""
    import os, signal, sys
    from pathlib import Path
    from store.database import Database
    from store.runs import Runs
    from store.span_writer import SpanWriter
    from store.workflows import Workflows
    from tests.graphs.engine import test_settled
    from tests.graphs.engine.fakes import Bench
    folder = Path(sys.argv[1])
    database = Database(folder / "nodeloom.db")
    bench = Bench(folder, runs=Runs(database), versions=Workflows(database), spans=SpanWriter(database)).open()
    run_id = bench.runner.start(getattr(test_settled, sys.argv[2]), {})
    bench.wait_for(run_id, "node.started", node="last")
    os.kill(os.getpid(), signal.SIGKILL)
""")


def killed(folder: Path, document: str) -> list[Any]:
    """The visits in the trace of a run whose process is killed the moment its last node begins."""
    done = subprocess.run([sys.executable, "-c", CHILD, str(folder), document], cwd=Path.cwd(), timeout=100)
    assert done.returncode == -9
    database = Database(folder / "nodeloom.db")
    (run,) = Runs(database).list()
    found = [span for span in Spans(database).list(run.id) if span.operation == "invoke_node"]
    database.close()
    return found


def test_a_killed_process_loses_no_visit_that_asked_a_model(tmp_path: Path) -> None:
    """The one that ended a moment before is there, whole: a fork keeps it and does not ask again."""
    ended = {span.node_id: span for span in killed(tmp_path, "CHAIN") if span.status == "ok"}
    assert {"n0", "n1", "n2", "n3", "n4"} <= set(ended)
    assert ended["n4"].output and ended["n4"].outcome == "done" and ended["n4"].input is not None


def test_nor_one_in_a_frame(tmp_path: Path) -> None:
    """Each item's visit is there as soon as it has ended."""
    ended = [span.item for span in killed(tmp_path, "ITEMS") if span.node_id == "one" and span.status == "ok"]
    assert sorted(ended) == [0, 1, 2]


def test_settling_does_not_fail_where_the_disk_does(tmp_path: Path) -> None:
    """What could not be written is told by ``flush``; work goes on."""
    database = Database(tmp_path / "nodeloom.db")
    writer = SpanWriter(database)
    writer.put({"id": "a" * 16, "run_id": "no such run", "operation": "chat", "name": "x", "started_at": 1.0})
    writer.settle()
    writer.close()
    writer.settle()
    database.close()
