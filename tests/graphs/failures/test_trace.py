"""The trace as detectors read it: page by page, in any order, without what a resumed run began anew."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphs.failures.registry import findings_of
from graphs.failures.trace import Row, Trace
from tests.graphs.engine.fakes import Row as RunRow
from tests.graphs.engine.fakes import workflow

COLUMNS = (
    "parent_id", "node_id", "kind", "visit", "item", "attempt", "ended_at", "input", "output", "outcome", "error",
    "finish_reason", "attributes", "input_tokens", "output_tokens",
)  # fmt: skip


def span(id: str, parent: str | None, operation: str, at: float, **columns: Any) -> dict[str, Any]:
    """A span of the store."""
    row = dict.fromkeys(COLUMNS) | {"name": id, "status": "ok", "started_at": at, "ended_at": at + 1}
    return row | {"id": id, "parent_id": parent, "operation": operation, **columns}


@dataclass
class Paged:
    """Spans in pages of two, long values as stand-ins; counts what is read whole."""

    rows: list[dict[str, Any]]
    read: list[str] = field(default_factory=list)

    def pages(self) -> Iterator[Sequence[Row]]:
        for at in range(0, len(self.rows), 2):
            yield [self._short(row) for row in self.rows[at : at + 2]]

    def whole(self, id: str, /) -> Row:
        self.read.append(id)
        return next(row for row in self.rows if row["id"] == id)

    def _short(self, row: dict[str, Any]) -> dict[str, Any]:
        long = isinstance(row["output"], dict) and len(str(row["output"])) > 200
        stand_in = {"$artifact": "0" * 64, "bytes": 9_999, "preview": "..."}
        return row | {"output": stand_in} if long else row


DOCUMENT = workflow(
    {"work": ("prompt", {"prompt": "Go."})}, "start -> work, work -> finish", "work.answer -> finish.answer"
)


def run_row(status: str = "done") -> RunRow:
    return RunRow("1", "r-0001", "T", "h", {}, status=status, outputs={"answer": "x"})


def visit(id: str, at: float, number: int = 1, **columns: Any) -> dict[str, Any]:
    return span(id, "root", "invoke_node", at, node_id="work", kind="prompt", visit=number, **columns)


def test_a_visit_is_whole_in_whatever_order_its_spans_come():
    """The node's row before its calls, and calls before the node's row."""
    chat, tool = span("c", "v", "chat", 2.0, output={"content": "hi"}), span("t", "v", "execute_tool", 3.0)
    root, node = span("root", None, "invoke_workflow", 0.0), visit("v", 1.0)
    for rows in ([root, node, tool, chat], [chat, root, tool, node]):
        trace = Trace(Paged(rows), DOCUMENT, run_row())
        (found,) = trace.visits()
        assert [row["id"] for row in found.calls] == ["c", "t"] and found.step.id == "v"
        assert list(trace.steps) == ["root", "v", "c", "t"]


def test_what_a_resumed_run_began_anew_does_not_count():
    """The first try of the visit failed with its process; the second is the visit."""
    rows = [
        span("root", None, "invoke_workflow", 0.0), visit("lost", 1.0, status="lost"),
        span("c1", "lost", "chat", 1.5, output={"content": ""}), visit("again", 5.0),
        span("c2", "again", "chat", 5.5, output={"content": "well"}),
    ]  # fmt: skip
    trace = Trace(Paged(rows), DOCUMENT, run_row())
    assert [found.step.id for found in trace.visits()] == ["again"]
    assert "lost" not in trace.steps and "c1" not in trace.steps
    assert not findings_of(trace)


def test_a_long_value_is_read_whole_only_when_a_rule_asks_for_it():
    """The index reads none."""
    long = {"content": "word " * 100}
    rows = [span("root", None, "invoke_workflow", 0.0), visit("v", 1.0), span("c", "v", "chat", 2.0, output=long)]
    paged = Paged(rows)
    trace = Trace(paged, DOCUMENT, run_row())
    (found,) = trace.visits()
    assert paged.read == [] and trace.output(found.calls[0]) == long and paged.read == ["c"]


def test_spans_of_a_run_that_still_works_are_looked_at_too():
    """A call has begun and its end is not written: the visit comes with what there is."""
    rows = [span("root", None, "invoke_workflow", 0.0, status="running"), visit("v", 1.0, status="running")]
    trace = Trace(Paged(rows), DOCUMENT, run_row("running"))
    assert [found.step.id for found in trace.visits()] == ["v"] and not findings_of(trace)


def test_a_run_without_a_trace_is_no_fault_of_the_rules():
    """A run that failed before its first span is explained by its own error."""
    row = RunRow("1", "r-0001", "T", "h", {}, status="failed", error={"what": "The disk is full", "mend": "Make room."})
    (finding,) = findings_of(Trace(Paged([]), DOCUMENT, row))
    assert (finding.detector, finding.span, finding.mend) == ("node_failed", None, "Make room.")


def test_findings_come_with_errors_first_and_then_in_order():
    """What ended the run stands before what merely went on the way."""
    rows = [
        span("root", None, "invoke_workflow", 0.0), visit("v1", 1.0),
        span("c1", "v1", "chat", 1.5, output={"content": ""}), visit("v2", 3.0, 2),
        span("c2", "v2", "chat", 3.5, output={"content": "cut"}, finish_reason="length"),
    ]  # fmt: skip
    found = findings_of(Trace(Paged(rows), DOCUMENT, run_row()))
    assert [each.detector for each in found] == ["truncated_answer", "empty_reply"]
