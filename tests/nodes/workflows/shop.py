"""A workshop whose documents are checked and edited for real, and run by a function of the test."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphs.catalogue import catalogue
from graphs.diagnostics import DocumentError
from graphs.operations import OperationError, apply, parse_operations
from graphs.validate import validate
from graphs.yaml_format import dump, parse
from nodes.contract import NodeError, Problem, WorkflowResult
from nodes.registry import registry

Runner = Callable[[Mapping[str, Any], Mapping[str, Any]], WorkflowResult | str]


class Shop:
    """``runner`` answers a document and its inputs with a result, or with the answer; ``runs`` keeps them, and
    ``kept`` what each took over.
    """

    def __init__(self, runner: Runner | None = None, **saved: dict[str, Any]) -> None:
        self._runner = runner or (lambda document, inputs: "42")
        self._saved = saved
        self.runs: list[tuple[dict[str, Any], dict[str, Any]]] = []
        self.kept: list[list[dict[str, Any]]] = []

    def catalogue(self) -> str:
        return catalogue(registry())

    def load(self, name: str) -> dict[str, Any]:
        if name not in self._saved:
            raise NodeError(f"There is no workflow {name!r}", mend="Choose another.")
        return self._saved[name]

    def parse(self, text: str) -> dict[str, Any]:
        try:
            return data(parse(text))
        except DocumentError as error:
            raise NodeError("; ".join(each.message for each in error.diagnostics)) from None

    def text(self, document: Mapping[str, Any]) -> str:
        return dump(parse(json.dumps(document)))

    def check(self, document: Mapping[str, Any]) -> list[Problem]:
        found = validate(parse(json.dumps(document)), kinds=registry())
        return [Problem(each.severity, each.code, str(each.place), each.message, each.remedy) for each in found]

    def apply(self, document: Mapping[str, Any], operations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        try:
            return data(apply(parse(json.dumps(document)), parse_operations(list(operations))))
        except OperationError as error:
            raise NodeError(str(error)) from None

    async def run(
        self,
        document: Mapping[str, Any],
        inputs: Mapping[str, Any],
        *,
        max_steps: int = 100,
        trail: bool = False,
        kept: Sequence[Mapping[str, Any]] = (),
    ) -> WorkflowResult:
        self.runs.append((dict(document), dict(inputs)))
        self.kept.append([dict(step) for step in kept])
        said = self._runner(document, inputs)
        return said if isinstance(said, WorkflowResult) else WorkflowResult("done", {"answer": said}, tokens=10)


def data(document: Any) -> dict[str, Any]:
    return {"nodeloom": 1, **document.model_dump(mode="json", exclude_defaults=True)}


def workflow(prompt: str = "Solve:\n{{task}}", title: str = "Solver") -> dict[str, Any]:
    """The smallest workflow: one prompt."""
    return {
        "nodeloom": 1, "title": title, "inputs": {"task": {}}, "outputs": {"answer": {"type": "text"}},
        "nodes": {
            "start": {"kind": "start"}, "solve": {"kind": "prompt", "config": {"prompt": prompt}},
            "finish": {"kind": "finish"},
        },
        "edges": {
            "flow": ["start -> solve", "solve -> finish"],
            "data": ["start.task -> solve.task", "solve.answer -> finish.answer"],
        },
    }  # fmt: skip
