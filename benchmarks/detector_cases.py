"""A run of a template as data: clean, or broken by a fault, with what the detectors must say about it.

A case holds everything that a run depends on, so it can be changed by a fault and run again and again.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from graphs.document import Document
from graphs.failures.finding import Finding
from graphs.failures.registry import find_failures
from graphs.failures.trace import ListSource, Row
from graphs.models.script import Script
from nodes.contract import Hit, NodeError
from nodes.registry import KINDS
from templates import catalogue
from tests.fakes import FakeServices, ListMemory
from tests.graphs.engine.fakes import Bench, ScriptedModels
from tests.graphs.engine.fakes import Row as RunRow

DATA = Path(__file__).parent / "data" / "failures"
CLEAN = DATA / "clean.jsonl"
SECONDS = 20.0
"""A case that takes longer is stopped."""


@dataclass(frozen=True)
class Label:
    """A detector that must fire, and on which node; '' where the node does not matter."""

    detector: str
    node: str = ""


@dataclass(frozen=True)
class Case:
    """A run to be made."""

    slug: str
    document: dict[str, Any]
    inputs: dict[str, Any]
    replies: list[dict[str, Any]]
    answers: list[dict[str, Any]] = field(default_factory=list)
    spaces: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    workflows: dict[str, Any] = field(default_factory=dict)
    part: str = "tuned"
    fault: str = ""
    seed: int = 0
    must: tuple[Label, ...] = ()
    may: frozenset[str] = frozenset()
    """Detectors that may rightly fire beside: what the fault leads to in some templates."""
    stop_at: str = ""
    """Node at whose start the run is stopped."""

    @property
    def name(self) -> str:
        return f"{self.slug}/{self.fault or 'clean'}/{self.seed}"

    def copy(self) -> "Case":
        """One whose parts may be changed."""
        return replace(
            self, document=deepcopy(self.document), replies=deepcopy(self.replies), spaces=deepcopy(self.spaces)
        )


@dataclass(frozen=True)
class Ran:
    """A case that was run."""

    row: RunRow
    spans: list[Row]
    document: Document

    def findings(self) -> list[Finding]:
        """What the detectors say."""
        return find_failures(ListSource(self.spans), self.document, self.row)


def clean_cases() -> Iterator[Case]:
    """The clean run of each template."""
    for line in CLEAN.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        document = catalogue.load(raw["slug"]).document.model_dump(mode="json", exclude_defaults=True)
        parts = {name: raw[name] for name in ("slug", "part", "inputs", "replies", "answers", "spaces", "workflows")}
        yield Case(document=document, **parts)


def run(case: Case) -> Ran:
    """Run it in the real engine with its scripted model and its memory in lists."""
    document = Document.model_validate(case.document)
    with tempfile.TemporaryDirectory(prefix="nodeloom-case-") as name:
        bench = _bench(case, Path(name)).open()
        try:
            id = bench.runner.start(document, case.inputs)
            if case.stop_at:
                bench.wait_for(id, "node.started", node=case.stop_at)
                bench.runner.stop(id)
            row = bench.runner.wait_here(id)
            for answer in case.answers:
                if row.status == "waiting":
                    bench.runner.answer(row.id, row.forms[0]["interrupt"], answer)
                    row = bench.runner.wait_here(row.id)
        finally:
            bench.runner.close()
        return Ran(row, [_column(span) for span in bench.spans.rows.values()], document)


def _bench(case: Case, folder: Path) -> Bench:
    spaces = {name: ListMemory(name, {hit["id"]: Hit(**hit) for hit in hits}) for name, hits in case.spaces.items()}

    def space(name: str, /, *, source: Mapping[str, Any]) -> ListMemory:
        return spaces.setdefault(name, ListMemory(space=name))

    def saved(name: str, /) -> dict[str, Any]:
        if name not in case.workflows:
            raise NodeError(f"There is no workflow {name!r}", mend="Save it first.")
        return case.workflows[name]

    (folder / "files").mkdir()
    script = Script.model_validate({"replies": case.replies})
    services = FakeServices(own_folder=folder / "files")
    more = {"workflow": saved} if case.workflows else {}
    return Bench(folder, models=ScriptedModels(script), kinds=KINDS, memory=space, services=services, more=more)


_COLUMNS = (
    "parent_id", "node_id", "kind", "visit", "item", "attempt", "step", "ended_at", "input", "output", "outcome",
    "error", "provider", "request_model", "response_model", "input_tokens", "output_tokens", "usd", "finish_reason",
    "attributes",
)  # fmt: skip


def _column(span: Mapping[str, Any]) -> dict[str, Any]:
    """The span with every column, as the store has it."""
    return dict.fromkeys(_COLUMNS) | dict(span)
