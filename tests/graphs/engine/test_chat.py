"""Model calls of a node: streamed, counted, traced, and failing in words."""
# ruff: noqa: E501 - a graph is easier to read with its edges on one line

from pathlib import Path
from typing import Any

import pytest

from graphs.models.script import Script
from nodes.contract import Hit
from tests.graphs.engine.fakes import Bench, ScriptedModels, workflow


def scripted(tmp_path: Path, *replies: dict[str, Any], **more: Any) -> Bench:
    return Bench(tmp_path, models=ScriptedModels(Script.model_validate({"replies": list(replies)})), **more).open()


PROMPT = workflow(
    {"p": ("prompt", {"prompt": "Say {{q}}", "system": "Be brief.", "temperature": 0.5, "max_tokens": 50})},
    "start -> p, p -> finish", "start.q -> p.q, p.answer -> finish.answer", inputs={"q": {"type": "text"}},
)  # fmt: skip


def test_a_call_is_streamed_counted_and_traced(tmp_path: Path) -> None:
    """Tokens arrive in order, the usage is the model's, and the span holds the messages as sent."""
    bench = scripted(tmp_path, {"text": "one two three", "input_tokens": 7, "output_tokens": 3, "seconds": 0.2})
    bench.models.model.pace = 1.0
    row = bench.run(PROMPT, {"q": "hi"})
    events = bench.events(row.id)
    texts = [event["text"] for event in events if event["type"] == "node.token"]
    assert len(texts) > 1 and "".join(texts) == "one two three"
    told = next(event for event in events if event["type"] == "model.finished")
    assert (told["input_tokens"], told["output_tokens"], told["model"]) == (7, 3, "scripted:script")
    assert next(e for e in events if e["type"] == "node.finished" and e["node"] == "p")["tokens"] == 10
    (span,) = bench.spans.of("chat")
    assert span["input"] == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Say hi"}]
    assert (span["input_tokens"], span["output_tokens"], span["usd"], span["finish_reason"]) == (7, 3, 0.0, "stop")
    assert span["attributes"] == {"temperature": 0.5, "max_tokens": 50}
    node_span = next(row for row in bench.spans.of("invoke_node") if row["node_id"] == "p")
    assert span["parent_id"] == node_span["id"]
    assert (row.input_tokens, row.output_tokens) == (7, 3)
    bench.runner.close()


def test_a_schema_is_kept_and_asked_for_once_more(tmp_path: Path) -> None:
    """An answer that does not fit is asked for again; both calls are in the trace and on the bill."""
    bench = scripted(
        tmp_path,
        {"text": "no json", "input_tokens": 5, "output_tokens": 5},
        {"data": {"answer": 42}, "input_tokens": 5, "output_tokens": 5},
    )
    document = workflow(
        {"p": ("prompt", {"prompt": "A number", "answer_type": "number"})},
        "start -> p, p -> finish",
        "p.answer -> finish.answer",
    )
    row = bench.run(document)
    assert row.outputs == {"answer": 42}
    assert [span["status"] for span in bench.spans.of("chat")] == ["error", "ok"]
    assert row.input_tokens == 10
    bench.runner.close()


def test_the_attached_model_is_used(tmp_path: Path) -> None:
    """An attached model goes before the run's choice, that before the workspace's default."""
    bench = scripted(tmp_path, {"text": "ok", "repeat": True})
    document = workflow(
        {
            "p": ("prompt", {"prompt": "x"}),
            "q": ("prompt", {"prompt": "y"}),
            "m": ("resource.model", {"reference": "openai:x", "max_tokens": 9}),
        },
        "start -> p, p -> q, q -> finish",
        attach="m -> p",
    )
    bench.run(document, model="ollama:y")
    assert bench.models.asked == [("openai:x", {"max_tokens": 9}), ("ollama:y", {})]
    bench.runner.close()


def test_a_model_that_fails_says_how_to_mend_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A passing fault is tried again, a lasting one fails the node with the model's words."""
    monkeypatch.setattr("graphs.wrapper.BACKOFF", 0.001)
    bench = scripted(
        tmp_path,
        {"error": {"what": "cannot be reached", "retryable": True}},
        {"error": {"what": "key refused", "mend": "Check the key."}},
    )
    row = bench.run(PROMPT, {"q": "hi"})
    assert row.status == "failed" and row.error is not None
    assert (row.error["what"], row.error["mend"]) == ("key refused", "Check the key.")
    assert [span["status"] for span in bench.spans.of("chat")] == ["error", "error"]
    bench.runner.close()


AGENT = workflow(
    {"a": ("agent", {"prompt": "What is 17 + 26?", "max_calls": 2}), "calc": "tool.calculator"},
    "start -> a, a -> finish", "a.answer -> finish.answer", "calc -> a.tools",
)  # fmt: skip


def call(expression: str) -> dict[str, Any]:
    return {"tool_calls": [{"name": "calculator", "arguments": {"expression": expression}}]}


def test_an_agent_calls_a_tool_and_answers(tmp_path: Path) -> None:
    """The tool runs in a span of the node, and the loop's calls are counted."""
    bench = scripted(tmp_path, call("17+26"), {"text": "It is 43."})
    row = bench.run(AGENT)
    assert row.outputs == {"answer": "It is 43."}
    (tool,) = bench.spans.of("execute_tool")
    assert tool["name"] == "calculator" and tool["input"] == {"expression": "17+26"} and "43" in str(tool["output"])
    assert len(bench.spans.of("chat")) == 2
    types = [event["type"] for event in bench.events(row.id)]
    assert types.index("tool.started") < types.index("tool.finished")
    bench.runner.close()


def test_a_repeated_call_is_not_run_and_ends_the_loop(tmp_path: Path) -> None:
    """The same call again is answered from memory, and the next answer is asked for without tools."""
    bench = scripted(tmp_path, call("17+26"), call("17+26"), {"text": "43"})
    row = bench.run(AGENT)
    assert row.outputs == {"answer": "43"}
    assert len(bench.spans.of("execute_tool")) == 1
    last = max(bench.spans.of("chat"), key=lambda span: span["started_at"])
    assert "tools" not in last["attributes"] and "made this very call before" in last["input"][-1]["content"]
    bench.runner.close()


def test_the_limit_on_calls_ends_the_loop(tmp_path: Path) -> None:
    """After its calls the agent must answer."""
    bench = scripted(tmp_path, call("1+1"), call("2+2"), call("3+3"), {"text": "enough"})
    row = bench.run(AGENT)
    assert row.outputs == {"answer": "enough"}
    assert len(bench.spans.of("execute_tool")) == 2
    bench.runner.close()


def test_a_failing_tool_is_a_result(tmp_path: Path) -> None:
    """What a tool does wrong goes to the model, not to the run's end."""
    bench = scripted(tmp_path, call("17+"), {"text": "sorry"})
    row = bench.run(AGENT)
    assert row.outputs == {"answer": "sorry"}
    assert bench.spans.of("execute_tool")[0]["status"] == "error"
    bench.runner.close()


class OneHit:
    space = "notes"

    async def search(self, query: str, **_: Any) -> list[Hit]:
        return [Hit("1", "43", "solved", 0.9, 0.5, 0.1, 0.2, 0.1, 0.0)]

    async def add(self, text: str, **_: Any) -> str:
        return "r1"


def test_memory_is_traced(tmp_path: Path) -> None:
    """A search is a span with its hits and their parts, a write one with the record."""
    sources: list[dict[str, Any]] = []

    def memory(name: str, *, source: dict[str, Any]) -> OneHit:
        sources.append(source)
        return OneHit()

    bench = scripted(tmp_path, {"text": "ok", "repeat": True}, memory=memory)
    document = workflow(
        {"r": "memory.recall", "w": "memory.remember", "m": ("resource.memory_space", {"space": "notes"})},
        "start -> r, r -> w, w -> finish", "start.q -> r.query, start.q -> w.text, start.q -> finish.answer", "m -> r, m -> w",
        inputs={"q": {"type": "text"}},
    )  # fmt: skip
    row = bench.run(document, {"q": "what?"})
    assert row.status == "done", row.error
    (read,) = bench.spans.of("retrieve_memory")
    assert read["output"][0]["similarity"] == 0.5 and read["input"]["query"] == "what?"
    (written,) = bench.spans.of("write_memory")
    assert written["output"] == {"id": "r1"} and written["attributes"] == {"space": "notes"}
    assert sources[-1] == {"run": row.id, "number": row.number, "node": "w", "label": "Remember"}
    bench.runner.close()
