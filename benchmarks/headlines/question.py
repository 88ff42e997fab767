"""What a headline question is: two or more workflows, the tasks all of them get, and when one counts as solved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from graphs.document import Document
from graphs.models.script import Script
from graphs.yaml_format import parse

WORKFLOWS: Final = Path(__file__).parent / "workflows"
SECONDS: Final = 1_200
"""Wall time after which a run is given up: no budget of the comparison, only a guard."""


@dataclass(frozen=True)
class ToolCall:
    """One call of a tool in a run, in the order they were made."""

    tool: str
    arguments: Mapping[str, Any]
    result: str


@dataclass(frozen=True)
class Ended:
    """A run at its end, as a check sees it."""

    outputs: Mapping[str, Any]
    tools: Sequence[ToolCall]


Check = Callable[[Ended], tuple[bool, str]]
"""Whether the task is solved, and what was found."""


@dataclass(frozen=True)
class Task:
    """One task. ``inputs`` are those of the workflow."""

    id: str
    inputs: Mapping[str, Any]
    check: Check
    group: str = ""
    """What it is one of, where the table counts several sorts of tasks."""


@dataclass(frozen=True)
class Question:
    """One comparison. The first of ``sides`` is what the others are held against."""

    name: str
    title: str
    sides: Mapping[str, Document]
    tasks: Sequence[Task]
    script: Script | None = None
    """Who answers where the quantity is not what a model can do; None: the model that is measured."""
    prepare: Callable[[Any], None] = field(default=lambda workspace: None)
    """Puts into the workspace what the tasks need; may be called again."""
    bound: Mapping[str, float] = field(default_factory=dict[str, float])
    """Where the quantity is wall time: task -> seconds that no schedule can beat."""


def side(file: str, tokens: int | None, **replaced: str) -> Document:
    """A workflow of this benchmark with its budget; each ``<key>`` in the file's text is replaced.

    ``tokens``: model tokens in and out; the run ends before the call that comes after the budget is spent.
    """
    text = (WORKFLOWS / f"{file}.yaml").read_text(encoding="utf-8")
    for key, value in replaced.items():
        text = text.replace(f"<{key}>", value)
    document = parse(text)
    return limited(document, tokens)


def limited(document: Document, tokens: int | None) -> Document:
    """The document with that budget and no other."""
    limits = document.limits.model_copy(update={"tokens": tokens, "seconds": SECONDS, "usd": None, "steps": 2_000})
    return document.model_copy(update={"limits": limits})
