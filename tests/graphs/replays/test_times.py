"""How long something took is part of what some nodes give out: a replay gives the recorded times."""

import asyncio

from graphs.replay import replay
from graphs.yaml_format import parse
from tests.graphs.replays.conftest import ran
from ui.workspace import Workspace

TIMED = """\
nodeloom: 1
title: Timed
inputs: {task: {}}
outputs: {spent: {}, inner: {}}
nodes:
  start: {kind: start}
  think: {kind: prompt, config: {prompt: "Think of {{task}}."}}
  gate: {kind: control.budget_gate}
  run: {kind: workflows.run}
  finish: {kind: finish}
edges:
  flow:
  - start -> think
  - think -> gate
  - gate.within -> run
  - gate.over -> finish
  - run.done -> finish
  - run.failed -> finish
  data:
  - start.task -> think.task
  - start.task -> run.workflow
  - gate.spent -> finish.spent
  - run.spent -> finish.inner
"""
INNER = """\
nodeloom: 1
title: Inner
outputs: {answer: {}}
nodes:
  start: {kind: start}
  think: {kind: prompt, config: {prompt: "Slowly."}}
  finish: {kind: finish}
edges: {flow: [start -> think, think -> finish], data: [think.answer -> finish.answer]}
"""
SCRIPT = {"name": "timed", "replies": [{"text": "Hm.", "seconds": 0.3, "repeat": True}]}


def test_seconds_are_those_of_the_recorded_run(workspace: Workspace) -> None:
    """The run took a third of a second twice, the replay none; the outputs are the same all the same."""
    recording = ran(workspace, parse(TIMED), {"task": INNER}, SCRIPT)
    assert recording.status == "done", recording.error
    report = asyncio.run(replay(recording))
    assert report.same, report.lines()
    outputs = report.outputs or {}
    assert outputs["spent"]["seconds"] >= 0.3 and outputs["inner"]["seconds"] >= 0.3


POSTED = """\
nodeloom: 1
title: Posted
outputs: {at: {}}
state: {board: {type: "list[record]", reducer: append}}
nodes:
  start: {kind: start}
  post: {kind: memory.board_post, config: {board: board, text: "It is done."}}
  finish: {kind: finish}
edges:
  flow: [start -> post, post -> finish]
  data: [post.entry -> finish.at]
"""


def test_a_nodes_clock_says_the_same_in_the_run_and_in_its_replay(workspace: Workspace) -> None:
    """A node is told when its visit began, live and replayed: what it does by the time comes out the same."""
    recording = ran(workspace, parse(POSTED), {}, SCRIPT)
    (began,) = [span.at for span in recording.spans if span.node_id == "post"]
    assert (recording.outputs or {})["at"]["at"] == began
    report = asyncio.run(replay(recording))
    assert report.same, report.lines()
