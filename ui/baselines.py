"""A workflow beside its baselines: each example through all of them, one run after another, and what came of it.

Every run is an ordinary one, with its trace. What is known so far can be read at any time; it is kept in the
settings of the workspace after each run, so that it outlives the process.
"""

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from graphs.document import Document, content_hash
from graphs.inputs import checked_inputs
from graphs.run_table import NotPossible
from graphs.run_table import RunRow as Row
from graphs.validate import has_errors
from nodes.contract import NodeError
from store.errors import StoreError
from templates import catalogue
from templates.baselines import baselines, tools_of
from templates.checks import checked_by, misses
from ui.refusal import NotRunnable, Refusal
from ui.starting import played, start_run
from ui.workspace import Workspace

WORKFLOW: Final = "workflow"
KEPT: Final = 5
"""Comparisons of one workflow that are kept, the newest."""
SPANS: Final = 20_000
Told = Callable[[str, int, dict[str, Any]], None]
"""Side, number of the example from 0, and what came of the run."""
_FIGURES: Final = ("input_tokens", "output_tokens", "seconds", "calls", "tools")


@dataclass(frozen=True)
class Subject:
    """What is compared."""

    sort: str
    """``template``, ``workflow`` (a stored one) or ``file``."""
    id: str
    document: Document
    examples: Sequence[Mapping[str, Any]]
    """``{"inputs", "expected"}`` each."""

    @property
    def key(self) -> str:
        """Under which its comparisons are kept."""
        return f"baselines.{self.sort}.{self.id}"


def of_template(slug: str) -> Subject:
    """Raises KeyError."""
    template = catalogue.load(slug)
    return Subject("template", slug, template.document, template.examples)


def kept(workspace: Workspace, subject: Subject) -> list[dict[str, Any]]:
    """The comparisons of a subject, the newest first; one that its process left unfinished says ``lost``."""
    return list(workspace.settings.get(subject.key, []))


class Comparison:
    """One comparison. ``data()`` is thread-safe and JSON-like: see docs/contracts.md."""

    def __init__(
        self, workspace: Workspace, subject: Subject, *, model: str | None = None, count: int | None = None
    ) -> None:
        """``count``: the first so many examples; None: all.

        Raises Refusal for a subject without examples or output, InputErrors for an example that does not fit,
        NotRunnable, NodeError for a model that cannot be.
        """
        self.subject = subject
        self.version = 0
        """Grows with each change."""
        self._workspace = workspace
        self._model = model or workspace.models.default()
        self._examples = list(subject.examples)[:count]
        self._sides = _sides(subject, self._model)
        self._check()
        self._guard = threading.Lock()
        self._cancelled = threading.Event()
        self._run_id: str | None = None
        self._data = self._planned()

    @property
    def id(self) -> str:
        """Of this comparison."""
        return self._data["id"]

    def data(self) -> dict[str, Any]:
        """What is known so far."""
        with self._guard:
            return deepcopy(self._data)

    def cancel(self) -> None:
        """Stop the run it is at and make no more; what was measured stays."""
        self._cancelled.set()
        if self._run_id is not None:
            self._stop(self._run_id)

    def run(self, told: Told = lambda *_: None) -> dict[str, Any]:
        """Make all runs, tell of each that has ended, and return what came of it. Blocks; call it once."""
        try:
            for at in range(len(self._examples)):
                for name in self._sides:
                    if not self._cancelled.is_set():
                        told(name, at, self._trial(name, at))
            status, error = ("cancelled" if self._cancelled.is_set() else "done"), ""
        except (NodeError, NotRunnable, StoreError) as fault:
            status, error = "failed", str(fault)
        except KeyboardInterrupt:
            self.cancel()
            self._end("cancelled", "")
            raise
        return self._end(status, error)

    def _check(self) -> None:
        """Nothing begins that cannot be carried through."""
        if not self._examples:
            raise Refusal("There is no example to compare by.", mend="Give some: inputs, and what is expected.")
        for example in self._examples:
            checked_inputs(self.subject.document.inputs, example["inputs"])
        self._workspace.models.check(self._model)
        workflow_id = self.subject.id if self.subject.sort == WORKFLOW else None
        for document in self._sides.values():
            found = self._workspace.diagnose(document, model=self._model, workflow_id=workflow_id)
            if has_errors(found):
                raise NotRunnable(found)

    def _planned(self) -> dict[str, Any]:
        document = self.subject.document
        return {
            "id": secrets.token_hex(6), "sort": self.subject.sort, "subject": self.subject.id, "title": document.title,
            "hash": content_hash(document), "model": self._model, "budget": document.limits.model_dump(),
            "status": "running", "error": "", "started_at": time.time(), "ended_at": None,
            "examples": [dict(each["inputs"]) for each in self._examples],
            "sides": [
                {"name": name, "tools": tools_of(side), "runs": runs, "totals": totals(runs)}
                for name, side in self._sides.items()
                for runs in [[_not_run() for _ in self._examples]]
            ],
        }  # fmt: skip

    def _trial(self, name: str, at: int) -> dict[str, Any]:
        """One example through one side."""
        document, example = self._sides[name], self._examples[at]
        inputs = {key: value for key, value in example["inputs"].items() if key in document.inputs}
        workflow_id = self.subject.id if (self.subject.sort, name) == (WORKFLOW, WORKFLOW) else None
        run_id = start_run(
            self._workspace, document, inputs, model=self._model, workflow_id=workflow_id, label=f"compared: {name}"
        )
        self._run_id = run_id
        self._put(name, at, {"status": "running", "run_id": run_id})
        if self._cancelled.is_set():
            self._stop(run_id)
        row = self._ended(run_id, name, at)
        if row.status == "stopped":  # by whoever cancels, or from elsewhere: the server closes, somebody stops it
            self._cancelled.set()
        trial = self._figures(row, self._verdict(row, document, example, name))
        self._put(name, at, trial)
        return trial

    def _ended(self, run_id: str, name: str, at: int) -> Row:
        """The run at its end. A person's answers are known of a template's first example alone."""
        runner = self._workspace.engine.runner
        template = self.subject.sort == "template" and name == WORKFLOW and at == 0
        answers = list(catalogue.cast(self.subject.id).people) if template else []
        row = runner.wait_here(run_id)
        while row.status == "waiting" and answers:
            runner.answer(run_id, row.forms[0]["interrupt"], answers.pop(0))
            row = runner.wait_here(run_id)
        if row.status == "waiting":
            self._stop(run_id)
        self._workspace.flush()
        return row

    def _verdict(self, row: Row, document: Document, example: Mapping[str, Any], name: str) -> tuple[str, list[str]]:
        """How the trial counts, and what is amiss."""
        expected = dict(example.get("expected", {}))
        checks = expected if name == WORKFLOW else checked_by(expected, list(document.outputs))
        match row.status:
            case "done" if checks:
                missed = misses(checks, row.outputs or {})
                return ("missed" if missed else "solved"), missed
            case "done":
                left = ", ".join(expected) or "nothing"
                return "unchecked", [f"The example checks {left}, which this does not give out."]
            case "waiting":
                return "person", ["It asks a person, and no answer is known."]
            case "stopped":
                return "stopped", []
            case "limit":
                return "limit", [(row.error or {}).get("what", "A limit was reached.")]
            case _:
                return "failed", [(row.error or {}).get("what", f"The run is {row.status}.")]

    def _figures(self, row: Row, verdict: tuple[str, list[str]]) -> dict[str, Any]:
        spans = self._workspace.spans.list(row.id, 0, SPANS)
        status, missed = verdict
        return {
            "status": status, "missed": missed, "run_id": row.id, "number": row.number, "usd": row.usd,
            "input_tokens": row.input_tokens, "output_tokens": row.output_tokens, "seconds": round(row.seconds, 1),
            "calls": sum(span.operation == "chat" for span in spans),
            "tools": sum(span.operation == "execute_tool" for span in spans),
        }  # fmt: skip

    def _put(self, name: str, at: int, trial: dict[str, Any]) -> None:
        with self._guard:
            side = next(each for each in self._data["sides"] if each["name"] == name)
            side["runs"][at] = {**_not_run(), **trial}
            self._changed()

    def _end(self, status: str, error: str) -> dict[str, Any]:
        with self._guard:
            for side in self._data["sides"]:  # what was cut off counts for nothing
                side["runs"] = [
                    each | {"status": "stopped"} if each["status"] == "running" else each for each in side["runs"]
                ]
            self._data |= {"status": status, "error": error, "ended_at": time.time()}
            return self._changed()

    def _changed(self) -> dict[str, Any]:
        """Count, keep, and hand out what is known now."""
        for side in self._data["sides"]:
            side["totals"] = totals(side["runs"])
        self.version += 1
        now = deepcopy(self._data)
        settings, key = self._workspace.settings, self.subject.key
        resting = now | {"status": "lost"} if now["status"] == "running" else now
        others = [each for each in settings.get(key, []) if each["id"] != now["id"]]
        settings.set(key, [resting, *others][:KEPT])
        return now

    def _stop(self, run_id: str) -> None:
        try:
            self._workspace.engine.runner.stop(run_id)
        except NotPossible:
            return  # it ended in this moment


def _sides(subject: Subject, model: str) -> dict[str, Document]:
    """The workflow first. All on one model: those that the workflow names are replaced by it."""
    try:
        documents = {WORKFLOW: subject.document, **baselines(subject.document)}
    except ValueError as error:
        raise Refusal(f"{error}.", mend="Give the workflow an output.") from None
    return {name: played(document, model) for name, document in documents.items()}


def _not_run() -> dict[str, Any]:
    figures = dict.fromkeys((*_FIGURES, "usd"))
    return {"status": "not run", "missed": [], "run_id": None, "number": None, **figures}


def totals(runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How many count as what, and the sums over those that ran; ``usd`` is null where a price is not known."""
    ran = [run for run in runs if run["seconds"] is not None]
    counts = {
        name: sum(run["status"] == name for run in runs)
        for name in ("solved", "missed", "failed", "limit", "person", "unchecked", "running", "stopped", "not run")
    }
    prices = [run["usd"] for run in ran]
    spent = {name: sum(run[name] for run in ran) for name in _FIGURES}
    return {"of": len(runs), "counts": counts, **spent, "usd": None if None in prices or not prices else sum(prices)}
