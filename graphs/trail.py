"""What each node of a workflow did inside a run, read from its spans: for nodes that look into a run."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from graphs.tracer import Row, snapshot


def trail(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """A record for each visit of a node, in the order they began; its shape is that of ``Workshop.run``."""
    spans = sorted(rows, key=lambda row: (row["started_at"], row["id"]))  # ids are given in order
    owner = _owners(spans)
    below: dict[str, list[Row]] = defaultdict(list)
    for row in spans:
        if row["operation"] in ("chat", "execute_tool"):
            below[owner.get(row["parent_id"], "")].append(row)
    visits = [row for row in spans if row["operation"] == "invoke_node"]
    within = _within(spans)
    return [
        {"number": number, **_step(row, below[row["id"]]), "within": within.get(row["parent_id"], "")}
        for number, row in enumerate(visits, start=1)
    ]


def _within(spans: Iterable[Row]) -> dict[str, str]:
    """Span below the workflow -> the workflow or sub-workflow it stands in, where that is one inside."""
    named: dict[str, str] = {}
    ids = {row["id"] for row in spans}
    for row in spans:
        inner = row["operation"] == "invoke_workflow" and row["parent_id"] in ids
        named[row["id"]] = row["name"] if inner else named.get(row["parent_id"], "")
    return named


def _owners(spans: Iterable[Row]) -> dict[str, str]:
    """Span -> the visit of a node it stands in; calls of tools stand below one another."""
    owner: dict[str, str] = {}
    for row in spans:
        is_visit = row["operation"] == "invoke_node"
        owner[row["id"]] = row["id"] if is_visit else owner.get(row["parent_id"], "")
    return owner


def _step(row: Row, calls: Iterable[Row]) -> dict[str, Any]:
    calls = list(calls)
    began, ended = row["started_at"], row.get("ended_at") or row["started_at"]
    return {
        "node": row.get("node_id"),
        "kind": row.get("kind"),
        "label": row["name"],
        "visit": row.get("visit"),
        "item": row.get("item"),
        "inputs": _plain(row.get("input")),
        "outputs": _plain(row.get("output")),
        "outcome": row.get("outcome") or "",
        "error": _said(row.get("error")),
        "tools": [_called(each) for each in calls if each["operation"] == "execute_tool"],
        "tokens": sum((each.get("input_tokens") or 0) + (each.get("output_tokens") or 0) for each in calls),
        "seconds": round(ended - began, 3),
    }


def _called(row: Row) -> dict[str, Any]:
    failed = row.get("status") == "error"
    return {"name": row["name"], "arguments": snapshot(row.get("input")), "result": _result(row), "failed": failed}


def _result(row: Row) -> Any:
    output = row.get("output")
    return _said(row.get("error")) if output is None else snapshot(output)


def _plain(values: Any) -> dict[str, Any]:
    """Ports and their values; the state variables a node reads are no part of what it was given by name."""
    return {name: value for name, value in snapshot(values or {}).items() if name != "state"}


def _said(error: Any) -> str:
    return str(error.get("what", "")) if isinstance(error, Mapping) else ""
