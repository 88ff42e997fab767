"""Runs a template's own document through the real engine, with a scripted model and memory in lists.

lab = Lab("rci", tmp_path)
ran = lab.run(said("draft", "45"), said("draft", "43"), task="17 + 26")
assert ran.outputs["answer"] == "43" and ran.visits["draft"] == 2
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from graphs.document import Document
from graphs.models.script import Script
from nodes.contract import NodeError
from nodes.registry import KINDS
from templates import catalogue
from tests.fakes import FakeServices, ListMemory
from tests.graphs.engine.fakes import Bench, Row, ScriptedModels

Reply = dict[str, Any]


def said(node: str | None, answer: Any = "", *, match: str | None = None, **more: Any) -> Reply:
    """One scripted answer of a node (None: of any): a text, or what a schema asks for.

    ``match`` is searched in the last message; ``visit``, ``item``, ``repeat`` and ``tool_calls`` as in a script.
    """
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return {"node": node, "text": text, **({"match": match} if match is not None else {}), **more}


def calls(node: str | None, tool: str, match: str | None = None, /, **arguments: Any) -> Reply:
    """A scripted answer that calls a tool."""
    return said(node, match=match, tool_calls=[{"name": tool, "arguments": arguments}])


@dataclass(frozen=True)
class Ran:
    """One run that has ended or waits, and what was seen of it."""

    bench: Bench
    row: Row
    events: list[dict[str, Any]]

    @property
    def outputs(self) -> dict[str, Any]:
        """What it gave out. Fails, saying why, where it did not end well."""
        assert self.row.status == "done", (self.row.status, self.row.error)
        return self.row.outputs or {}

    @property
    def visits(self) -> Counter[str]:
        """Node -> how often it ran; 0 for one that never did."""
        return self.bench.visits()

    @property
    def order(self) -> list[str]:
        """The nodes in the order they ran."""
        return self.bench.order()

    def results(self, node: str) -> list[dict[str, Any]]:
        """What each visit of the node gave out."""
        return [row["output"] for row in self.bench.spans.of("invoke_node") if row["node_id"] == node]

    def outcomes(self, node: str) -> list[str]:
        """How each visit of the node ended."""
        return [row["outcome"] for row in self.bench.spans.of("invoke_node") if row["node_id"] == node]

    def prompts(self, node: str) -> list[str]:
        """All messages of each model call of the node as one text, in the order of the calls."""
        asked = [row for row in self.bench.spans.of("chat") if row["node_id"] == node]
        return ["\n".join(str(message["content"]) for message in row["input"]) for row in asked]

    def tool_results(self, tool: str) -> list[Any]:
        """What each call of the tool brought back."""
        return [row["output"] for row in self.bench.spans.of("execute_tool") if row["name"] == tool]

    def views(self, node: str) -> list[dict[str, Any]]:
        """What the node showed of its inner work, in order."""
        return [each["view"] for each in self.events if each["type"] == "node.view" and each["node"] == node]


@dataclass
class Lab:
    """A template's document and the memory spaces its runs share."""

    slug: str
    folder: Path
    """Of the test; each run has a folder of its own in it."""
    spaces: dict[str, ListMemory] = field(default_factory=dict[str, ListMemory])
    workflow: Callable[[str], Mapping[str, Any]] | None = None
    """The saved workflows of the workspace, by name."""
    runs: int = 0

    @property
    def document(self) -> Document:
        """As it is in the gallery."""
        return catalogue.load(self.slug).document

    @property
    def example(self) -> dict[str, Any]:
        """The inputs of its first example, and the defaults of all others."""
        template = catalogue.load(self.slug)
        given: dict[str, Any] = template.examples[0]["inputs"]
        return {name: given.get(name, spec.default) for name, spec in template.document.inputs.items()}

    def changed(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The example with other values for some inputs."""
        return self.example | dict(inputs)

    def run(self, *replies: Reply, answers: Sequence[Mapping[str, Any]] = (), **inputs: Any) -> Ran:
        """Run it to its end with these answers of the model; ``answers`` are a person's, form by form.

        A call that no reply fits fails the run, and names the node and what was asked.
        """
        self.runs += 1
        folder = self.folder / f"run{self.runs}"
        (folder / "files").mkdir(parents=True)
        more = {"workflow": self.workflow} if self.workflow else {}
        models = ScriptedModels(Script.model_validate({"replies": list(replies)}))
        services = FakeServices(own_folder=folder / "files")
        bench = Bench(folder, models=models, kinds=KINDS, memory=self._space, services=services, more=more).open()
        try:
            row = bench.run(self.document, inputs)
            for answer in answers:
                assert row.status == "waiting", (row.status, row.error)
                bench.runner.answer(row.id, row.forms[0]["interrupt"], dict(answer))
                row = bench.runner.wait_here(row.id)
            return Ran(bench, row, bench.events(row.id) if row.status != "waiting" else [])
        finally:
            bench.runner.close()

    def _space(self, name: str, /, *, source: Mapping[str, Any]) -> ListMemory:
        if not name:
            raise NodeError("The memory space has no name", mend="Name it.")
        return self.spaces.setdefault(name, ListMemory(space=name))
