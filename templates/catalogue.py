"""The templates that come with Nodeloom: list and load them, nothing else.

A template is a folder: ``workflow.yaml``, ``README.md``, ``examples.jsonl`` (one ``{"inputs": {...},
"expected": {...}}`` a line) and ``recording.json`` (the model's answers of one run, for replay
without a model).
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from graphs.document import Document
from graphs.yaml_format import parse

FOLDER: Final = Path(__file__).parent
FIRST: Final = "maths_tutor"
"""The workflow a new home opens with."""


@dataclass(frozen=True)
class Template:
    """One template, read from its folder."""

    slug: str
    document: Document
    readme: str
    examples: tuple[dict[str, Any], ...]
    recording: Path | None
    """None where no recorded run exists."""


@cache
def slugs() -> tuple[str, ...]:
    """The names of all templates, the first workflow first."""
    found = sorted(path.parent.name for path in FOLDER.glob("*/workflow.yaml"))
    return tuple(sorted(found, key=lambda slug: slug != FIRST))


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
