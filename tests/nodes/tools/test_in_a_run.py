"""Tools that wrap others, and programs that call tools, in runs of the real engine"""

import asyncio
from pathlib import Path
from typing import Any

from tests.graphs.engine.fakes import Bench, workflow
from tests.graphs.engine.reaching import SPACES, opened, spaces

PROGRAM = "```python\ntotal = 0\nfor n in (2, 3):\n    total += calculator(f'{n} * 10')\nfinal_answer(total)\n```"


def ran(
    tmp_path: Path, replies: list[dict[str, Any]], nodes: dict[str, Any], attach: str, **more: Any
) -> tuple[Any, Bench]:
    bench = opened(tmp_path, *replies)
    for keep in more.get("keep", ()):
        asyncio.run(spaces("shed", source={}).add(**keep))
    data = "work.answer -> finish.answer, start.task -> work.task"
    document = workflow(nodes, "start -> work, work -> finish", data, attach, inputs={"task": {}})
    row = bench.run(document, {"task": "Add 2 * 10 and 3 * 10"})
    bench.runner.close()
    assert row.status == "done", row.error
    return row, bench


def test_a_program_calls_the_attached_tools(tmp_path: Path):
    """Each call a program makes is a span of its own below the node, like any other call of the tool."""
    row, bench = ran(
        tmp_path, [{"text": PROGRAM}], {"work": "tools.act_in_code", "calc": "tool.calculator"}, "calc -> work.tools"
    )
    assert row.outputs == {"answer": "50"}
    (node,) = (span for span in bench.spans.of("invoke_node") if span["node_id"] == "work")
    calls = bench.spans.of("execute_tool")
    assert [call["name"] for call in calls] == ["calculator", "calculator"]
    assert {call["parent_id"] for call in calls} == {node["id"]}
    assert node["attributes"]["view"]["type"] == "chat"


def test_a_faulty_tool_fails_and_the_program_copes(tmp_path: Path):
    """A tool wrapped in a faulty one fails in the run, the model is told, and the next program goes without."""
    replies = [{"text": PROGRAM}, {"text": "```python\nfinal_answer(2 * 10 + 3 * 10)\n```"}]
    row, bench = ran(
        tmp_path, replies,
        {
            "work": "tools.act_in_code", "calc": "tool.calculator",
            "bad": ("tool.faulty", {"rate": 1, "faults": ["error"]}),
        },
        "calc -> bad.tool, bad -> work.tools",
    )  # fmt: skip
    assert row.outputs == {"answer": "50"}
    (call,) = bench.spans.of("execute_tool")
    assert call["status"] == "error" and "500 Internal Server Error" in str(call["output"])


def test_an_emulated_tool_is_played_by_the_node_s_model(tmp_path: Path):
    """The tool inside is never run; the model's call counts for the node."""
    replies = [{"text": PROGRAM, "match": "Add"}, {"text": "7", "match": "You play", "repeat": True}]
    row, bench = ran(
        tmp_path, replies, {"work": "tools.act_in_code", "calc": "tool.calculator", "play": "tool.emulated"},
        "calc -> play.tool, play -> work.tools",
    )  # fmt: skip
    assert row.outputs == {"answer": "14"}
    assert len(bench.spans.of("chat")) == 3


def test_kept_tools_are_used_from_a_space(tmp_path: Path):
    """A tool kept in a space is found through the attached memory and runs in the run."""
    code = "def double(n: int) -> int:\n    return n * 2"
    parameters = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    kept = {
        "text": "double: doubles",
        "kind": "tool",
        "data": {"name": "double", "code": code, "parameters": parameters},
    }
    program = "```python\nfinal_answer(kept_tools('double', {'n': 21}))\n```"
    row, _ = ran(
        tmp_path, [{"text": program}],
        {"work": "tools.act_in_code", "kept": "tool.kept", "shed": ("resource.memory_space", {"space": "shed"})},
        "shed -> kept.memory, kept -> work.tools", keep=[kept],
    )  # fmt: skip
    assert row.outputs == {"answer": "42"}
    assert list(SPACES) == ["shed"]
