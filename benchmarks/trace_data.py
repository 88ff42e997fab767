"""A synthetic run of any size, written as the engine writes one: rounds of recall, research, critique and notes.

Each visit of a node has its calls below it (model, tool, memory); prompts are of a few hundred characters and share
no artifact, one in fifty is too long for its column, one call in two hundred fails. Everything follows from a seed.
"""

import random
from collections.abc import Iterator
from typing import Any, Final

from store.database import Database
from store.runs import Runs
from store.spans import SpanWriter
from store.workflows import Workflows

START: Final = 1_760_000_000.0
BATCH: Final = 8_000
WORDS: Final = (
    "house", "profit", "repairs", "percent", "price", "step", "answer", "because", "therefore", "total", "compare",
    "recall", "plan", "evidence", "source", "market", "value", "increase", "decrease", "ratio", "estimate", "check",
    "derive", "number", "dollar", "year", "city", "report", "table", "claim", "quote",
)  # fmt: skip
ROUND: Final = ("recall", "research", "critique", "notes")
DOCUMENT: Final[dict[str, Any]] = {
    "nodeloom": 1,
    "title": "Research in rounds",
    "inputs": {"question": {}},
    "outputs": {"answer": {"type": "text"}},
    "state": {"notes": {"type": "list[text]", "reducer": "append"}},
    "nodes": {
        "start": {"kind": "start"},
        "plan": {"kind": "planning.plan", "label": "Plan"},
        "recall": {"kind": "memory.recall", "label": "Recall"},
        "research": {"kind": "agent", "label": "Research"},
        "critique": {"kind": "reflection.critique", "label": "Critique"},
        "notes": {"kind": "control.set_state", "label": "Keep notes"},
        "finish": {"kind": "finish"},
    },
    "edges": {
        "flow": [
            "start -> plan", "plan -> recall", "recall -> research", "research -> critique",
            "critique.revise -> notes", "notes -> recall", "critique.accept -> finish",
        ],
    },
}  # fmt: skip
KINDS: Final = {id: node["kind"] for id, node in DOCUMENT["nodes"].items()}
LABELS: Final = {id: node.get("label", id.title()) for id, node in DOCUMENT["nodes"].items()}


class Story:
    """Makes the spans of one run, in the order they end."""

    def __init__(self, run: str, seed: int) -> None:
        self.run = run
        self.chance = random.Random(seed)
        self.now = START
        self.count = 0
        self.visits: dict[str, int] = {}

    def spans(self, most: int) -> Iterator[dict[str, Any]]:
        """Spans until there are ``most``, the run's own last."""
        self.root = self._id()
        for node in ("start", "plan"):
            yield from self._visit(node)
        while self.count < most - 8:
            for node in ROUND:
                yield from self._visit(node)
        yield from self._visit("finish")
        yield self._span(self.root, None, START, operation="invoke_workflow", name=DOCUMENT["title"])

    def _visit(self, node: str) -> Iterator[dict[str, Any]]:
        id, began = self._id(), self.now
        self.visits[node] = self.visits.get(node, 0) + 1
        calls = {"plan": self._chats(id, 1), "recall": self._recalls(id), "research": self._chats(id, 2),
                 "critique": self._chats(id, 1)}.get(node)  # fmt: skip
        yield from calls or ()
        self.now += 0.002
        outcome = "revise" if node == "critique" else "done"
        output = {"text": self._text(30)}
        if node == "notes":
            output = {"state.notes": f"Note {self.visits[node]}: {self._text(8)}"}
        yield self._span(
            id, self.root, began, node_id=node, kind=KINDS[node], name=LABELS[node], visit=self.visits[node],
            outcome=outcome, input={"task": self._text(20)}, output=output,
        )  # fmt: skip

    def _chats(self, parent: str, count: int) -> Iterator[dict[str, Any]]:
        """Model calls with a tool call between them."""
        for turn in range(count):
            if turn:
                began, self.now = self.now, self.now + 0.05
                given = {"expression": f"{self.chance.randint(1, 999)} * 1.5"}
                yield self._span(
                    self._id(), parent, began, operation="execute_tool", name="calculator", input=given,
                    output=str(self.now),
                )  # fmt: skip
            yield self._chat(parent)

    def _chat(self, parent: str) -> dict[str, Any]:
        began = self.now
        self.now += self.chance.uniform(0.4, 3)
        words = 900 if self.chance.random() < 0.02 else 70
        came = self.chance.random() >= 0.005
        ending: dict[str, Any] = {"output": {"role": "assistant", "content": self._text(40)}}
        if not came:
            ending = {"status": "error", "error": {"what": "The model did not answer", "type": "ModelError"}}
        sent = [
            {"role": "system", "content": "Answer in one paragraph."},
            {"role": "user", "content": self._text(words)},
        ]
        return self._span(
            self._id(), parent, began, operation="chat", name="scripted:bench", provider="scripted", input=sent,
            request_model="bench", input_tokens=words + 8, output_tokens=40, usd=0.0001, **ending,
        )  # fmt: skip

    def _recalls(self, parent: str) -> Iterator[dict[str, Any]]:
        began = self.now
        self.now += 0.03
        parts = {"similarity": 0.4, "recency": 0.1, "importance": 0.2, "keyword": 0.1}
        hits = [{"id": f"m{at}", "text": self._text(12), "score": 0.8 - at / 10, **parts} for at in range(3)]
        yield self._span(
            self._id(), parent, began, operation="retrieve_memory", name="lessons", input={"query": self._text(6)},
            output=hits,
        )  # fmt: skip

    def _span(self, id: str, parent: str | None, began: float, **more: Any) -> dict[str, Any]:
        given = {"operation": "invoke_node", "status": "ok", "attempt": 1, **more}
        return {"id": id, "run_id": self.run, "parent_id": parent, "started_at": began, "ended_at": self.now, **given}

    def _id(self) -> str:
        self.count += 1
        return f"{self.run[:8]}{self.count:08x}"

    def _text(self, words: int) -> str:
        return " ".join(self.chance.choices(WORDS, k=words)) + f" {self.chance.randint(1, 99_999)}"


def write_run(database: Database, spans: int, seed: int = 1) -> str:
    """The number of a new finished run of about so many spans."""
    version = f"{seed:064x}"
    workflows = Workflows(database)
    workflows.pin(DOCUMENT, version)
    stored = workflows.create(DOCUMENT)
    runs = Runs(database)
    run = runs.create(
        title=DOCUMENT["title"], version_hash=version, inputs={"question": "?"}, workflow_id=stored.id, revision=1
    )
    story = Story(run.id, seed)
    writer = SpanWriter(database)
    for at, row in enumerate(story.spans(spans), 1):
        writer.put(row)
        if at % BATCH == 0:
            writer.flush()
    writer.flush()
    writer.close()
    assert writer.dropped == 0
    seconds = story.now - START
    runs.update(run.id, status="done", outputs={"answer": "72"}, started_at=START, ended_at=story.now, seconds=seconds,
                steps=sum(story.visits.values()), input_tokens=70 * spans // 2, output_tokens=20 * spans)  # fmt: skip
    return run.number
