"""Small edits in a person's words, each with what the workflow has to be like once it is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphs.document import Document
from graphs.ports import config_value, ports_of
from graphs.rules.subject import Subject
from nodes.registry import KINDS
from templates import catalogue

Check = Callable[[Document], bool]


@dataclass(frozen=True)
class Case:
    """``of``: a template, or one of ``SMALL``; ``met``: whether a document is what was asked for."""

    id: str
    of: str
    wish: str
    met: Check

    def document(self) -> Document:
        return SMALL[self.of] if self.of in SMALL else catalogue.load(self.of).document


def _answering(kind: str, label: str) -> Document:
    """start -> one step -> finish."""
    return Document.model_validate({
        "title": "Question and answer",
        "inputs": {"question": {"title": "Question"}}, "outputs": {"answer": {"type": "text", "title": "Answer"}},
        "nodes": {
            "start": {"kind": "start", "position": [0, 0]},
            "work": {"kind": kind, "label": label, "position": [250, 0], "config": {"prompt": "Answer: {{question}}"}},
            "finish": {"kind": "finish", "position": [560, 0]},
        },
        "edges": {
            "flow": ["start -> work", "work -> finish"],
            "data": ["start.question -> work.question", "work.answer -> finish.answer"],
        },
    })  # fmt: skip


SMALL = {"prompt": _answering("prompt", "Work"), "agent": _answering("agent", "Helper")}


# --- what a document is asked -----------------------------------------------------------------------


def kinds(document: Document) -> list[str]:
    return [node.kind for node in document.nodes.values()]


def value(document: Document, id: str, key: str) -> Any:
    """A setting, or its default; None where there is no such node."""
    node = document.nodes.get(id)
    return config_value(KINDS[node.kind], node, key) if node else None


def of_kind(document: Document, kind: str) -> str:
    """The id of the last node of a kind; '' for none."""
    return next((id for id, node in reversed(document.nodes.items()) if node.kind == kind), "")


def uses(document: Document, user: str, kind: str) -> bool:
    """Whether a resource of a kind is attached to a node, in a socket that takes it."""
    return any(
        edge.target == user
        and edge.source in document.nodes
        and document.nodes[edge.source].kind == kind
        and bool(ports_of(document, user, KINDS).sockets_for(KINDS[kind].provides))
        for edge in document.parsed("attach")
    )


def leads(document: Document, source: str, target: str) -> bool:
    """Whether the flow comes from one node to another, over whatever stands between."""
    flow = Subject(document, KINDS).flow
    return bool(source and target) and flow.reaches(source, target)


def directly(document: Document, source: str, target: str) -> bool:
    return any((edge.source, edge.target) == (source, target) for edge in document.parsed("flow"))


def finishes_with(document: Document, id: str) -> bool:
    """Whether the result of a node is an output of the workflow."""
    return any(edge.source == id and edge.target == "finish" for edge in document.parsed("data"))


def _critic(document: Document, maker: str, most: int) -> bool:
    id = of_kind(document, "reflection.critique")
    return (
        directly(document, maker, id) and directly(document, id, maker) and value(document, id, "max_revisions") == most
    )


def _new(document: Document, kind: str, after: str, before: str) -> bool:
    id = of_kind(document, kind)
    return leads(document, after, id) and leads(document, id, before)


CASES: tuple[Case, ...] = (
    # Something to use.
    Case("web", "agent", "let it look things up on the web before it answers",
         lambda d: uses(d, "work", "tool.web_search")),
    Case("calculate", "agent", "let Helper calculate", lambda d: uses(d, "work", "tool.calculator")),
    Case("clock", "maths_tutor", "Solve should know today's date", lambda d: uses(d, "solve", "tool.clock")),
    Case("memory", "agent", "give Helper a memory", lambda d: uses(d, "work", "resource.memory_space")),
    Case("approval", "maths_tutor", "ask me before Solve calls a tool", lambda d: uses(d, "solve", "guards.approval")),
    Case("loop_guard", "maths_tutor", "stop Solve from going round in circles with its tools",
         lambda d: uses(d, "solve", "guards.loop")),
    Case("privacy", "codeact", "keep personal data and keys from leaking through the tools",
         lambda d: any(uses(d, id, "guards.secrets_and_personal_data") for id in d.nodes)),
    # A new step.
    Case("critic", "prompt", "add a critic that sends the answer back at most three times",
         lambda d: _critic(d, "work", 3)),
    Case("critic_agent", "agent", "have the answer criticised, and send it back up to 4 times",
         lambda d: _critic(d, "work", 4)),
    Case("approve", "prompt", "have a person approve the answer before it goes out",
         lambda d: _new(d, "control.approve", "work", "finish")),
    Case("recall", "prompt", "first recall from memory what fits the question",
         lambda d: _new(d, "memory.recall", "start", "work")),
    Case("plan", "agent", "make a plan before Helper works", lambda d: _new(d, "planning.plan", "start", "work")),
    Case("translate", "prompt", "translate the answer into French at the end",
         lambda d: any(directly(d, "work", id) and finishes_with(d, id) and "french" in str(d.nodes[id].config).lower()
                       for id in d.nodes)),
    Case("remember", "prompt", "remember the answer in a memory when it is done",
         lambda d: _new(d, "memory.remember", "work", "finish")),
    Case("summarise", "agent", "add a step after Helper that sums the answer up in one sentence",
         lambda d: any(directly(d, "work", id) and finishes_with(d, id) for id in d.nodes)),
    Case("edit", "prompt", "let a person edit the answer after Work",
         lambda d: _new(d, "control.edit", "work", "finish")),
    # Another kind of step.
    Case("debate", "prompt", "make Work a debate of three",
         lambda d: value(d, of_kind(d, "deliberation.debate"), "members") == 3 and "prompt" not in kinds(d)),
    Case("vote", "prompt", "instead of one answer take a vote over seven",
         lambda d: value(d, of_kind(d, "deliberation.vote"), "samples") == 7 and "prompt" not in kinds(d)),
    Case("agent", "prompt", "turn Work into an agent", lambda d: "agent" in kinds(d) and "prompt" not in kinds(d)),
    # Settings.
    Case("revisions", "maths_tutor", "let the critique send it back at most five times",
         lambda d: value(d, "critique", "max_revisions") == 5),
    Case("records", "maths_tutor", "recall eight records instead of three", lambda d: value(d, "recall", "top_k") == 8),
    Case("calls", "maths_tutor", "Solve may make 12 tool calls", lambda d: value(d, "solve", "max_calls") == 12),
    Case("steps", "maths_tutor", "plan at most 6 steps", lambda d: value(d, "plan", "max_steps") == 6),
    Case("tone", "prompt", "tell Work to answer in one short sentence",
         lambda d: value(d, "work", "prompt") != "Answer: {{question}}" and "{{question}}" in value(d, "work", "prompt")
         and "sentence" in value(d, "work", "prompt").lower()),
    # Names, limits, gone, joined.
    Case("rename", "prompt", "rename Work to Solve", lambda d: d.nodes["work"].label == "Solve"),
    Case("rename_plan", "maths_tutor", "call the Plan step Think first",
         lambda d: d.nodes["plan"].label == "Think first"),
    Case("title", "maths_tutor", "call the whole workflow Homework helper", lambda d: d.title == "Homework helper"),
    Case("limit", "maths_tutor", "a run may take at most 40 steps", lambda d: d.limits.steps == 40),
    Case("remove", "maths_tutor", "take the critique out",
         lambda d: "critique" not in d.nodes and directly(d, "solve", "remember")),
    Case("remove_tool", "maths_tutor", "remove the Python snippet", lambda d: "python" not in d.nodes),
)  # fmt: skip
