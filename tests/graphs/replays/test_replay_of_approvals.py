"""A run in which people allowed, changed and refused tool calls replays without anybody."""

import asyncio

from graphs.answerer import Answerer
from graphs.models.script import Script
from graphs.replay import replay
from graphs.yaml_format import parse
from ui.recordings import recorded_run
from ui.starting import start_run
from ui.workspace import Workspace

GUARDED = """\
nodeloom: 1
title: Guarded
outputs: {answer: {}}
nodes:
  start: {kind: start}
  solve: {kind: agent, config: {prompt: Add up.}}
  finish: {kind: finish}
  calculator: {kind: tool.calculator}
  guard: {kind: guards.approval}
edges:
  flow: [start -> solve, solve -> finish]
  data: [solve.answer -> finish.answer]
  attach: [calculator -> solve.tools, guard -> solve.policies]
"""


def test_it_replays_exactly(workspace: Workspace) -> None:
    """One call changed, one refused: the replay comes to the same, asks nobody and departs nowhere."""
    sums = [{"tool_calls": [{"name": "calculator", "arguments": {"expression": each}}]} for each in ("1+1", "2+2")]
    script = {"name": "sums", "replies": [*sums, {"text": "Done."}]}
    workspace.models.add_script(Script.model_validate(script))
    runner = workspace.engine.runner
    row = runner.wait_here(start_run(workspace, parse(GUARDED), {}, model="scripted:sums"))
    for answer in (
        {"decision": "Allow once", "argument.expression": "1+2"}, {"decision": "Refuse", "reason": "Enough."},
    ):  # fmt: skip
        assert row.status == "waiting"
        runner.answer(row.id, row.forms[0]["interrupt"], answer, Answerer("Ann"))
        row = runner.wait_here(row.id)
    assert row.outputs == {"answer": "Done."}
    workspace.engine.flush()
    report = asyncio.run(replay(recorded_run(workspace, row.number)))
    assert report.same, report.lines()
    assert report.outputs == {"answer": "Done."}
