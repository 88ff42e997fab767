"""A tool brought back nothing, without saying that it failed, and the model that used it went no further.

A node that calls a tool without a model may well read an empty file: then that is what it is for.
"""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut, is_empty
from graphs.failures.trace import Row, Trace, Visit


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """At most one finding, about the last call."""
    tools = visit.of("execute_tool")
    if not tools or not visit.of("chat") or not _is_empty_result(tools[-1], trace):
        return
    last = tools[-1]
    same = [row for row in tools if row["name"] == last["name"] and _is_empty_result(row, trace)]
    yield Found(
        last["id"], f"{last['name']}({cut(trace.input(last))}) brought back nothing",
        "Check what the tool is asked for; let the model ask otherwise, or say that nothing was found.",
        tuple(row["id"] for row in same[:-1]),
        f"{last['name']} brings back nothing for this: ask for something else, or say that nothing was found.",
    )  # fmt: skip


def _is_empty_result(row: Row, trace: Trace) -> bool:
    if row["status"] != "ok":
        return False
    output: Any = trace.output(row)
    if isinstance(output, dict):
        return is_empty(output.get("text")) and is_empty(output.get("data"))
    return is_empty(output)


DETECTOR: Final = Detector("empty_tool_result", "tool", "warning", "Tool result empty", visit=check)
