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
    # Nodes with views: a plan, a vote, drafts, a search of two expansions; slow enough to be watched.
    "views": [
        {"node": "plan", "data": {"steps": ["Add 17 and 26", "Double the sum"]}},
        *({"node": "vote", "text": f"Answer: {answer}", "seconds": 0.7} for answer in (85, 86, 86)),
        {"node": "refine", "text": "The double of 43 is 85."},
        {"node": "refine", "text": "43 doubled is 86, not 85."},
        {"node": "refine", "data": {"verdict": "revise", "score": 3}},
        {"node": "refine", "text": "The double of 43 is 86."},
        {"node": "refine", "text": "Right."},
        {"node": "refine", "data": {"verdict": "accept", "score": 9}},
        {"node": "search", "match": "Double it[^$]*Judge", "data": {"reason": "Solved.", "score": 10}, "repeat": True},
        {"node": "search", "match": "Judge", "data": {"reason": "A start.", "score": 5}, "repeat": True},
        {"node": "search", "match": "nothing yet", "data": {"steps": ["Add 17 and 26", "Guess"]}, "seconds": 0.5},
        {"node": "search", "match": "Propose", "data": {"steps": ["Double it", "Halve it"]}, "seconds": 1.5},
    ],
    # A letter, kind or rude by what the prompt says, and a word on it.
    "letter": [
        {"node": "draft", "match": "slow", "text": "Dear " * 20 + "Ada.", "seconds": 4, "repeat": True},
        {"node": "draft", "match": "kind", "text": "Dear Ada.", "repeat": True},
        {"node": "draft", "match": "rude", "text": "Ada, move!", "repeat": True},
        {"node": "work", "text": "All is done.", "repeat": True},
        {"match": "short", "text": "Short enough.", "repeat": True},
        {"node": "review", "match": "Dear", "text": "It is polite.", "repeat": True},
        {"node": "review", "match": "move", "text": "It is impolite.", "repeat": True},
        {"node": "verdict", "match": "Dear", "text": "It is polite.", "repeat": True},
    ],
    "parts": [{"text": "This part is done.", "seconds": 1.5, "repeat": True}],
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


LETTER: Final[dict[str, Any]] = {
    "title": "Letter",
    "inputs": {"name": {"title": "Name", "examples": ["Ada"]}},
    "outputs": {"answer": {"type": "text", "title": "Answer"}},
    "state": {"tone": {"type": "text", "default": "kind"}},
    "nodes": {
        "start": {"kind": "start", "position": [0, 0]},
        "draft": {
            "kind": "prompt", "label": "Draft", "position": [220, 0],
            "config": {"prompt": "Write to {{name}}, be {{state.tone}}."},
        },
        "review": {
            "kind": "prompt", "label": "Review", "position": [480, 0], "config": {"prompt": "Judge this: {{draft}}"},
        },
        "finish": {"kind": "finish", "position": [740, 0]},
    },
    "edges": {
        "flow": ["start -> draft", "draft -> review", "review -> finish"],
        "data": ["start.name -> draft.name", "draft.answer -> review.draft", "review.answer -> finish.answer"],
    },
}  # fmt: skip
"""Two prompts after each other; the tone of the first is a state variable."""


LETTERS: Final[dict[str, Any]] = {
    "title": "Letters",
    "inputs": {"names": {"type": "list[text]", "title": "Names", "examples": [["Ada", "Eve"]]}},
    "outputs": {"letters": {"type": "list[any]", "title": "Letters"}},
    "nodes": {
        "start": {"kind": "start", "position": [0, 0]},
        "each": {
            "kind": "control.for_each", "position": [200, 0], "size": [440, 220], "config": {"parallel": 1},
        },
        "draft": {
            "kind": "prompt", "label": "Draft", "parent": "each", "position": [120, 80],
            "config": {"prompt": "Write to {{name}}, be kind."},
        },
        "finish": {"kind": "finish", "position": [700, 0]},
    },
    "edges": {
        "flow": ["start -> each", "each.each -> draft", "each -> finish"],
        "data": [
            "start.names -> each.items", "each.item -> draft.name", "draft.answer -> each.result",
            "each.results -> finish.letters",
        ],
    },
}  # fmt: skip
"""A prompt for each name, one after the other."""


STEPS: Final[dict[str, Any]] = {
    "title": "Steps",
    "inputs": {
        "plan": {
            "type": "plan", "title": "Plan",
            "examples": [{"goal": "A letter", "steps": [{"id": "1", "title": "Write to Ada", "status": "open"}]}],
        },
    },
    "outputs": {"answer": {"type": "text", "title": "Answer"}},
    "nodes": {
        "start": {"kind": "start", "position": [0, 0]},
        "work": {"kind": "planning.execute", "label": "Work", "position": [220, 0]},
        "part": {
            "kind": "resource.subworkflow", "label": "Do a step", "position": [200, 260], "size": [460, 220],
            "config": {"takes": [{"name": "step", "type": "text"}], "gives": [{"name": "result", "type": "text"}]},
        },
        "draft": {
            "kind": "prompt", "label": "Draft", "parent": "part", "position": [140, 80],
            "config": {"prompt": "{{step}}, be kind."},
        },
        "finish": {"kind": "finish", "position": [560, 0]},
    },
    "edges": {
        "flow": ["start -> work", "work -> finish", "part.each -> draft"],
        "attach": ["part -> work.act"],
        "data": [
            "start.plan -> work.plan", "part.step -> draft.step", "draft.answer -> part.result",
            "work.answer -> finish.answer",
        ],
    },
}  # fmt: skip
"""A plan whose steps are done by a sub-workflow."""


VIEWS: Final[dict[str, Any]] = {
    "title": "Views",
    "inputs": {"question": {"title": "Question", "examples": [QUESTION]}},
    "outputs": {"answer": {"type": "any", "title": "Answer"}},
    "nodes": {
        "start": {"kind": "start", "position": [0, 0]},
        "plan": {"kind": "planning.plan", "position": [200, 0]},
        "vote": {"kind": "deliberation.vote", "config": {"samples": 3}, "position": [440, 0]},
        "refine": {"kind": "reflection.self_refine", "position": [700, 0]},
        "search": {"kind": "search.best_first", "config": {"width": 2, "depth": 2}, "position": [960, 0]},
        "finish": {"kind": "finish", "position": [1260, 0]},
    },
    "edges": {
        "flow": [
            "start -> plan", "plan -> vote", "vote -> refine", "refine -> search",
            "search.solved -> finish", "search.unsolved -> finish",
        ],
        "data": [
            "start.question -> plan.goal", "start.question -> vote.question", "start.question -> refine.task",
            "start.question -> search.problem", "search.best -> finish.answer",
        ],
    },
}  # fmt: skip


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
