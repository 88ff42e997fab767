"""A run becomes a script."""

from typing import Any

import pytest

from graphs.models.recorder import script_from_spans


def span(**fields: Any) -> dict[str, Any]:
    return {
        "operation": "chat",
        "status": "ok",
        "started_at": 1.0,
        "ended_at": 1.5,
        "visit": 1,
        "node_id": "n",
    } | fields


def test_chat_spans_become_replies_in_the_order_of_time():
    """Text, counts, duration and place of each call are kept; other spans are skipped."""
    spans = [
        span(node_id="b", started_at=2.0, ended_at=4.0, output={"role": "assistant", "content": "later"}),
        span(operation="invoke_node", output={"x": 1}),
        span(status="cancelled"),
        span(node_id="a", output="first", input_tokens=5, output_tokens=2, finish_reason="length", item=3),
    ]
    first, second = script_from_spans("r-1", spans).replies
    assert (first.node, first.text, first.item, first.visit, first.input_tokens) == ("a", "first", 3, 1, 5)
    assert (first.finish_reason, second.text, second.seconds) == ("length", "later", 2.0)


def test_tool_calls_and_failures_are_kept():
    """A call of a tool is asked for again, a failure fails again."""
    calls = [{"name": "add", "arguments": {"a": 1}, "id": "c1"}]
    spans = [
        span(output={"content": "", "tool_calls": calls}),
        span(started_at=3.0, status="error", error={"what": "Busy", "mend": "Wait"}),
    ]
    call, failure = script_from_spans("r-1", spans).replies
    assert call.tool_calls[0].model_dump() == calls[0]
    assert failure.error is not None
    assert failure.error.what == "Busy"


def test_a_cut_output_is_refused():
    """A recording of previews would answer wrongly."""
    with pytest.raises(ValueError, match="preview"):
        script_from_spans("r-1", [span(output={"$artifact": "ab", "bytes": 9000, "preview": "x"})])
