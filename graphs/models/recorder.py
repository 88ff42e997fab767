"""Makes a script from a finished run, so that the run can be shown again without its models."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from graphs.models.script import Script, ScriptedError, ScriptedReply, ScriptedToolCall


def script_from_spans(name: str, spans: Iterable[Mapping[str, Any]]) -> Script:
    """The script that answers as the ``chat`` spans (docs/contracts.md, Spans) did, oldest first.

    Spans of other operations are skipped, and so are those that did not end. A span's ``output`` may
    be the text, or ``{"text" or "content", "data", "tool_calls"}`` with calls as
    ``{"name", "arguments" or "args", "id"}``. Outputs must be whole, not cut previews.
    Raises ValueError for a preview.
    """
    chats = [span for span in spans if span.get("operation") == "chat" and span.get("status") in ("ok", "error")]
    chats.sort(key=lambda span: float(span.get("started_at") or 0.0))
    return Script(name=name, replies=tuple(reply_of(span) for span in chats))


def reply_of(span: Mapping[str, Any]) -> ScriptedReply:
    """What the model answered in one ``chat`` span that ended. Raises ValueError for a preview."""
    began, ended = span.get("started_at") or 0.0, span.get("ended_at") or 0.0
    return ScriptedReply(
        node=span.get("node_id"),
        visit=span.get("visit"),
        item=span.get("item"),
        input_tokens=span.get("input_tokens"),
        output_tokens=span.get("output_tokens"),
        seconds=round(min(max(ended - began, 0.0), 600.0), 3),
        finish_reason=span.get("finish_reason") or "stop",
        error=_error(span),
        **_output(span),
    )


def _error(span: Mapping[str, Any]) -> ScriptedError | None:
    if span["status"] != "error":
        return None
    error: Mapping[str, Any] = span.get("error") or {}
    return ScriptedError(
        what=str(error.get("what") or "The model failed"),
        mend=str(error.get("mend") or ""),
        retryable=bool(span.get("retried")),
        unfit=error.get("type") == "AnswerError",
    )


def _output(span: Mapping[str, Any]) -> dict[str, Any]:
    output: Any = span.get("output")
    if output is None:
        return {}
    if not isinstance(output, Mapping):
        return {"text": output if isinstance(output, str) else json.dumps(output, ensure_ascii=False)}
    if "$artifact" in output:
        raise ValueError(f"The output of span {span.get('id')} is a preview; give the whole span")
    calls: list[Mapping[str, Any]] = output.get("tool_calls") or []
    return {
        "text": str(output.get("text") or output.get("content") or ""),
        "data": output.get("data"),
        "tool_calls": tuple(_tool_call(call) for call in calls),
    }


def _tool_call(call: Mapping[str, Any]) -> ScriptedToolCall:
    arguments = call.get("arguments", call.get("args")) or {}
    return ScriptedToolCall(name=str(call["name"]), arguments=arguments, id=call.get("id"))
