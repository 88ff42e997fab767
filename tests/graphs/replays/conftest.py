"""One run with everything a replay takes from its recording, made once in a real workspace."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graphs.document import Document
from graphs.models.script import Script
from graphs.replay_recording import Recording
from graphs.yaml_format import parse
from store.home import Home
from ui.recordings import recorded_run
from ui.starting import start_run
from ui.workspace import Workspace

EVERYTHING = """\
nodeloom: 1
title: Everything
inputs:
  question: {}
  words: {type: "list[text]"}
outputs: {answer: {}, time: {}, words: {}, recalled: {}}
nodes:
  start: {kind: start}
  recall: {kind: memory.recall, config: {top_k: 3}}
  each: {kind: control.for_each, config: {parallel: 4}}
  shout: {kind: prompt, parent: each, config: {prompt: "Shout {{word}}."}}
  clock: {kind: tools.call}
  solve:
    kind: agent
    config: {prompt: "Solve {{question}} with care. {{#feedback}}Mind: {{feedback}}{{/feedback}}"}
  judge: {kind: reflection.critique, config: {max_revisions: 2}}
  remember: {kind: memory.remember, config: {text: "{{answer}}"}}
  finish: {kind: finish}
  notes: {kind: resource.memory_space, config: {space: notes}}
  calculator: {kind: tool.calculator}
  watch: {kind: tool.clock}
edges:
  flow:
  - start -> recall
  - recall -> each
  - each.each -> shout
  - each -> clock
  - clock -> solve
  - solve -> judge
  - judge.revise -> solve
  - judge.accept -> remember
  - remember -> finish
  data:
  - start.question -> recall.query
  - start.words -> each.items
  - each.item -> shout.word
  - shout.answer -> each.result
  - start.question -> solve.question
  - judge.feedback -> solve.feedback
  - solve.answer -> judge.draft
  - solve.answer -> remember.answer
  - solve.answer -> finish.answer
  - clock.result -> finish.time
  - each.results -> finish.words
  - recall.hits -> finish.recalled
  attach: [notes -> recall.memory, notes -> remember.memory, watch -> clock.tool, calculator -> solve.tools]
"""
INPUTS = {"question": "6 times 7", "words": ["a", "b", "c"]}
SCRIPT = {
    "name": "everything",
    "replies": [
        *({"node": "shout", "match": f"Shout {word}", "text": word.upper() * 3, "seconds": 0.02} for word in "abc"),
        {"node": "solve", "visit": 1, "tool_calls": [{"name": "calculator", "arguments": {"expression": "6*6"}}]},
        {"node": "solve", "visit": 1, "text": "It is 36.\n"},
        {"node": "judge", "visit": 1, "text": "Six times seven is not six times six."},
        {"node": "judge", "visit": 1, "text": "this is no verdict"},
        {"node": "judge", "visit": 1, "data": {"verdict": "revise", "score": 2}},
        {"node": "solve", "visit": 2, "tool_calls": [{"name": "calculator", "arguments": {"expression": "6*7"}}]},
        {"node": "solve", "visit": 2, "text": "It is 42."},
        {"node": "judge", "visit": 2, "text": "Right."},
        {"node": "judge", "visit": 2, "data": {"verdict": "accept", "score": 9}},
    ],
}


def edited(old: str, new: str) -> Document:
    """The workflow with one part of its text changed."""
    assert old in EVERYTHING
    return parse(EVERYTHING.replace(old, new))


def ran(workspace: Workspace, document: Document, inputs: dict[str, Any], script: dict[str, Any]) -> Recording:
    """The recording of a run of ``document`` on a scripted model."""
    workspace.models.add_script(Script.model_validate(script))
    row = workspace.engine.runner.wait_here(
        start_run(workspace, document, inputs, model=f"scripted:{script['name']}")
    )  # fmt: skip
    workspace.engine.flush()
    return recorded_run(workspace, row.id)


@pytest.fixture(scope="package")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A home with one memory in it."""
    made = Workspace(Home(tmp_path_factory.mktemp("replays")))
    made.memories.add("notes", "Six times seven was asked before.")
    yield made
    made.close()


@pytest.fixture(scope="package")
def recording(workspace: Workspace) -> Recording:
    """The run of ``EVERYTHING``."""
    made = ran(workspace, parse(EVERYTHING), INPUTS, SCRIPT)
    assert made.status == "done", made.error
    return made


@pytest.fixture(scope="package")
def exported(recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its file."""
    path = tmp_path_factory.mktemp("exported") / "everything.json"
    recording.save(path)
    return path
