"""What a gallery card shows of a template, and what the gallery filters by."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from graphs.permissions import Sort, permissions_of
from graphs.rules.subject import Subject
from nodes.registry import KINDS
from templates import catalogue, gallery
from templates.catalogue import Template
from templates.miniature import miniature

Need = Literal["web", "sandbox", "memory", "files", "person", "nothing"]
Structure = Literal["loop", "parallel", "subworkflow"]
_NEEDS: Final[dict[Sort, Need]] = {
    "host": "web", "search": "web", "server": "web", "snippet": "sandbox", "memory": "memory", "folder": "files",
    "database": "files", "files": "files", "person": "person",
}  # fmt: skip
"""What a workflow may do -> what it needs; a model it can always have."""


@dataclass(frozen=True)
class CardInfo:
    """One template as the gallery knows it."""

    slug: str
    title: str
    system: str
    """Name of the system in the literature; '' for a template of our own."""
    summary: str
    mechanism: str
    paper: str
    """The readme's line on the paper; '' where it carries none."""
    family: str
    row: str | None
    priority: str
    status: str
    nodes: int
    kinds: tuple[str, ...]
    """Families of the nodes in it, those used most first."""
    needs: tuple[Need, ...]
    structure: tuple[Structure, ...]
    calls: int | None
    """Model calls of its recorded run; None where there is no recording."""
    tokens: int | None
    cost: str
    recorded: bool
    miniature: str

    @property
    def text(self) -> str:
        """What it is found by."""
        return f"{self.title}. {self.system}. {self.summary} {self.mechanism}"


@cache
def cards() -> tuple[CardInfo, ...]:
    """A card for each template, the first workflow first."""
    return tuple(_card(catalogue.load(slug)) for slug in catalogue.slugs())


def _card(template: Template) -> CardInfo:
    document, row = template.document, gallery.of_template(template.slug)
    subject = Subject(document, KINDS)
    calls, tokens = _spent(template)
    return CardInfo(
        slug=template.slug,
        title=document.title,
        system=row.name if row else "",
        summary=document.summary,
        mechanism=template.part("Mechanism"),
        paper=_first_line(template.part("Paper")),
        family=gallery.family_of(template.slug),
        row=row.id if row else None,
        priority=row.priority if row else "",
        status=row.status if row else "drawn",
        nodes=len(document.nodes),
        kinds=_families(subject),
        needs=_needs(template),
        structure=_structure(subject),
        calls=calls,
        tokens=tokens,
        cost=_first_line(template.part("Cost")),
        recorded=template.recording is not None,
        miniature=miniature(document),
    )


def _first_line(text: str) -> str:
    return text.splitlines()[0].strip(" .:-") if text else ""


def _needs(template: Template) -> tuple[Need, ...]:
    found: list[Need] = [_NEEDS[each.sort] for each in permissions_of(template.document) if each.sort in _NEEDS]
    return tuple(dict.fromkeys(found)) or ("nothing",)


def _structure(subject: Subject) -> tuple[Structure, ...]:
    """Loops of the flow; branches or items at the same time; frames and saved workflows."""
    found: list[Structure] = []
    flow = subject.flow
    kinds = {node.kind for node in subject.document.nodes.values()}
    if flow.cycles or "control.while" in kinds:
        found.append("loop")
    together = [(edge.source, edge.outcome) for edge in flow.flow.edges]
    if len(set(together)) < len(together) or "control.for_each" in kinds:
        found.append("parallel")
    if subject.subworkflows or "control.subworkflow" in kinds:
        found.append("subworkflow")
    return tuple(found)


def _families(subject: Subject) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for spec in subject.specs.values():
        if not spec.dynamic and spec.family != "resources":
            counts[spec.family] = counts.get(spec.family, 0) + 1
    return tuple(sorted(counts, key=lambda family: (-counts[family], family)))


def _spent(template: Template) -> tuple[int | None, int | None]:
    """Model calls and tokens of the recorded run."""
    if template.recording is None:
        return None, None
    spans: Sequence[dict[str, object]] = json.loads(template.recording.read_text(encoding="utf-8"))["spans"]
    chats = [span for span in spans if span.get("operation") == "chat"]
    tokens = [span.get(name) for span in chats for name in ("input_tokens", "output_tokens")]
    return len(chats), sum(each for each in tokens if isinstance(each, int))
