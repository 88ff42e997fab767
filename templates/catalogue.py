"""The templates that come with Nodeloom: list and load them, nothing else.

A template is a folder: ``workflow.yaml``, ``README.md``, ``examples.jsonl`` (one ``{"inputs": {...},
"expected": {...}}`` a line), ``script.yaml`` (the answers of the scripted model, and of people, for its first
example) and ``recording.json`` (a run of that example, for replay without a model: ``nodeloom replay``).
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from graphs.document import Document
from graphs.models.recorder import reply_of
from graphs.models.script import Script
from graphs.replay_recording import ENDED, RecordedSpan, Recording
from graphs.yaml_format import parse

FOLDER: Final = Path(__file__).parent
FIRST: Final = "maths_tutor"
"""The workflow a new home opens with."""
PARTS: Final = ("workflow.yaml", "README.md", "examples.jsonl")
"""Without these a folder is no template yet."""
SHOWN: Final = 8.0
"""Seconds a recorded run takes when it is shown again as if a model answered."""
SLOWEST: Final = 1.5
"""Seconds one of its answers takes at most."""


@dataclass(frozen=True)
class Template:
    """One template, read from its folder."""

    slug: str
    document: Document
    readme: str
    examples: tuple[dict[str, Any], ...]
    recording: Path | None
    """None where no recorded run exists."""

    def part(self, title: str) -> str:
        """What the readme says after ``**title**``, up to the next such title; '' where it says nothing."""
        found = re.search(rf"^\*\*{re.escape(title)}\*\*(.*?)(?=^\*\*|\Z)", self.readme, re.MULTILINE | re.DOTALL)
        return found[1].strip() if found else ""


@cache
def slugs() -> tuple[str, ...]:
    """The names of all templates, the first workflow first; those still being written are ``incomplete``."""
    found = {path.parent.name for path in FOLDER.glob("*/workflow.yaml")}
    return tuple(sorted(found - set(incomplete()), key=lambda slug: (slug != FIRST, slug)))


@cache
def incomplete() -> dict[str, tuple[str, ...]]:
    """Folders with a part of a template -> the parts they lack."""
    folders = {path.parent for part in PARTS for path in FOLDER.glob(f"*/{part}")}
    lacking = {folder.name: tuple(part for part in PARTS if not (folder / part).exists()) for folder in folders}
    return {name: lacks for name, lacks in sorted(lacking.items()) if lacks}


@cache
def load(slug: str) -> Template:
    """The template of that name. Raises KeyError, naming those that exist."""
    if slug not in slugs():
        raise KeyError(f"no template {slug!r}; there are {', '.join(slugs())}")
    folder = FOLDER / slug
    recording = folder / "recording.json"
    examples = (folder / "examples.jsonl").read_text(encoding="utf-8").splitlines()
    return Template(
        slug=slug,
        document=parse((folder / "workflow.yaml").read_text(encoding="utf-8")),
        readme=(folder / "README.md").read_text(encoding="utf-8"),
        examples=tuple(json.loads(line) for line in examples if line.strip()),
        recording=recording if recording.exists() else None,
    )


@dataclass(frozen=True)
class Cast:
    """Who answers when a template is recorded without a model."""

    script: Script
    """The model's answers, under the template's name."""
    people: tuple[dict[str, Any], ...] = ()
    """What people fill in, form by form."""


def cast(slug: str) -> Cast:
    """The answers in the template's ``script.yaml``. Raises OSError, ValidationError."""
    raw = yaml.safe_load((FOLDER / slug / "script.yaml").read_text(encoding="utf-8"))
    return Cast(Script.model_validate({"name": slug, "replies": raw["replies"]}), tuple(raw.get("people", ())))


def recorded_script(slug: str) -> Script:
    """The model's answers in the template's recording, at a pace to watch. Raises NodeError for a broken one.

    Each is there thrice, since calls made together may overtake one another and a question may have changed a
    little: for the very conversation, behind those for the very last question, behind those in order.
    """
    path = load(slug).recording
    if path is None:
        raise KeyError(f"the template {slug!r} is not recorded")
    chats = [span for span in Recording.load(path).spans if span.operation == "chat" and span.status in ENDED]
    pace = min(SLOWEST, round(SHOWN / max(len(chats), 1), 2))
    ordered = [reply_of(_timed(span, pace)) for span in chats]
    said = [tuple(str(message.get("content", "")) for message in span.input) for span in chats]
    same = [reply.model_copy(update={"conversation": texts}) for reply, texts in zip(ordered, said, strict=True)]
    alike = [
        reply.model_copy(update={"match": rf"\A{re.escape(texts[-1])}\Z"})
        for reply, texts in zip(ordered, said, strict=True)
    ]
    return Script(name=slug, replies=(*same, *alike, *ordered))


def _timed(span: RecordedSpan, seconds: float) -> dict[str, Any]:
    return {**vars(span), "started_at": 0.0, "ended_at": seconds}
