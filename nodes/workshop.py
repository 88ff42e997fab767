"""Workflows as data, as a node sees them: looked up, checked, edited and run inside a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True)
class Problem:
    """A finding of the diagnostics about a workflow document."""

    severity: Literal["error", "warning", "info"]
    code: str
    place: str
    message: str
    remedy: str


@dataclass(frozen=True)
class WorkflowResult:
    """What came of a workflow run inside a run."""

    status: Literal["done", "failed", "limit"]
    outputs: dict[str, Any]
    error: str = ""
    steps: int = 0
    tokens: int = 0
    usd: float = 0.0
    seconds: float = 0.0
    trail: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    """What each node did, in the order they began, where it was asked for; see ``Workshop.run``."""


class Workshop(Protocol):
    """Workflows as data: looked up, checked, edited and run inside a run."""

    def catalogue(self) -> str:
        """The installed kinds with ports and settings, a line each: for a model that writes documents."""
        ...

    def load(self, name: str) -> dict[str, Any]:
        """The document saved under this id or title.

        Raises NodeError with the nearest names, and where running it was refused to the workflow of this run.
        """
        ...

    def parse(self, text: str) -> dict[str, Any]:
        """A document from YAML. Raises NodeError with every problem."""
        ...

    def text(self, document: Mapping[str, Any]) -> str:
        """A document as YAML."""
        ...

    def check(self, document: Mapping[str, Any]) -> list[Problem]:
        """All findings; it can run when none is an error."""
        ...

    def apply(self, document: Mapping[str, Any], operations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The document after a batch of operations. Raises NodeError, and then nothing is changed."""
        ...

    async def run(
        self,
        document: Mapping[str, Any],
        inputs: Mapping[str, Any],
        *,
        max_steps: int = 100,
        trail: bool = False,
        kept: Sequence[Mapping[str, Any]] = (),
    ) -> WorkflowResult:
        """Run it within this run: its spans stand below the node's, its spending counts for this run.

        ``trail``: say also what each visit of a node did: ``{"number" (from 1), "node", "kind", "label", "visit",
        "item" (index in a for each, or None), "within" (the sub-workflow it stands in, or ''), "inputs", "outputs",
        "outcome", "error" ('' for none), "tools" (its calls: name, arguments, result, failed), "tokens", "seconds"}``.
        ``kept``: such steps, of this workflow itself, whose visits come to their outputs instead of running.

        A workflow that fails is a result, not an error. Raises NodeError for one that cannot be run, for one that
        would do what was refused to the workflow of this run (whether drafted or saved, with what and why), and for
        more than five levels of workflows inside workflows.
        """
        ...
