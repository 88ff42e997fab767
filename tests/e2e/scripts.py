"""Workflows and the scripted models that answer them."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

QUESTION: Final = "What is the double of 17 plus 26?"
PROMPT: Final = "Solve: {{task}}\nSteps: {{steps}}\n{{#feedback}}Mind: {{feedback}}{{/feedback}}"
ANSWER: Final = "17 plus 26 is 43, and 43 doubled is 86. Answer: 86"

SCRIPTS: Final[dict[str, list[dict[str, Any]]]] = {
    # A whole workflow: plan, tool call, answer, one revision, acceptance. Slow enough to be watched.
    "tutor": [
        {"node": "plan", "data": {"steps": ["Add 17 and 26", "Double the sum"]}, "seconds": 0.6},
        {"node": "agent", "tool_calls": [{"name": "calculator", "arguments": {"expression": "(17+26)*2"}}]},
        {"node": "agent", "text": "It is 85.", "seconds": 0.6},
        {"node": "critique", "visit": 1, "text": "43 doubled is 86, not 85.", "seconds": 0.4},
        {"node": "critique", "visit": 1, "data": {"verdict": "revise", "score": 3}},
        {"node": "agent", "text": ANSWER, "seconds": 3},
        {"node": "critique", "visit": 2, "text": "Every number follows."},
        {"node": "critique", "visit": 2, "data": {"verdict": "accept", "score": 9}},
    ],
    "hello": [{"text": "Hello there, Ada.", "repeat": True}],
    "slow": [{"text": "word " * 120, "repeat": True, "seconds": 60}],
}

GREETING: Final[dict[str, Any]] = {
    "title": "Greeting",
    "inputs": {"name": {"title": "Name", "examples": ["Ada"]}},
    "outputs": {"answer": {"type": "text", "title": "Answer"}},
    "nodes": {
        "start": {"kind": "start", "position": [0, 0]},
        "greet": {"kind": "prompt", "label": "Greet", "config": {"prompt": "Greet {{name}}."}, "position": [240, 0]},
        "finish": {"kind": "finish", "position": [520, 0]},
    },
    "edges": {
        "flow": ["start -> greet", "greet -> finish"],
        "data": ["start.name -> greet.name", "greet.answer -> finish.answer"],
    },
}


def write_scripts(home: Path) -> None:
    """Put the scripts where the server looks for ``scripted:<name>``."""
    folder = home / "scripts"
    folder.mkdir(parents=True)
    for name, replies in SCRIPTS.items():
        (folder / f"{name}.json").write_text(json.dumps({"name": name, "replies": replies}))


ASKING: Final[dict[str, Any]] = {
    "title": "Asking",
    "inputs": {"name": {"title": "Name", "examples": ["Ada"]}},
    "outputs": {"answer": {"type": "text", "title": "Answer"}},
    "nodes": {
        "start": {"kind": "start", "position": [0, 0]},
        "ask": {"kind": "control.ask", "config": {"question": "How shall {{name}} be greeted?"}, "position": [240, 0]},
        "finish": {"kind": "finish", "position": [520, 0]},
    },
    "edges": {
        "flow": ["start -> ask", "ask -> finish"],
        "data": ["start.name -> ask.name", "ask.text -> finish.answer"],
    },
}


def chain(length: int) -> dict[str, Any]:
    """A workflow of ``length`` nodes between start and finish that never runs: for edits."""
    ids = [f"step_{number}" for number in range(1, length + 1)]
    nodes = {
        id: {"kind": "prompt", "config": {"prompt": "Go on."}, "position": [240 * at, 0]}
        for at, id in enumerate(ids, 1)
    }
    return {
        "title": "Chain",
        "nodes": {"start": {"kind": "start", "position": [0, 0]}, **nodes},
        "edges": {"flow": [f"{a} -> {b}" for a, b in pairwise(["start", *ids])]},
    }
