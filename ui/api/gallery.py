"""The gallery: a card for each template, found by words, by meaning, or by likeness; and what is missing."""

from dataclasses import asdict
from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, Query

from store.meaning import Embed, Meaning
from templates import catalogue, gallery
from templates.cards import CardInfo, cards
from templates.likeness import alike
from ui.api.errors import not_found
from ui.api.input import Opened, StrictRoute
from ui.workspace import Workspace

router = APIRouter(prefix="/gallery", route_class=StrictRoute)


@router.get("")
def all_cards() -> dict[str, Any]:
    """``{cards: [...], missing: [{row, name, family, why}]}``: all templates, and what of priority A has none."""
    missing = [{"row": row.id, "name": row.name, "family": row.family, "why": row.missing} for row in gallery.missing()]
    return {"cards": [_wire(card) for card in cards()], "missing": missing}


@router.get("/search")
def search(workspace: Opened, q: Annotated[str, Query(min_length=1, max_length=500)]) -> list[dict[str, Any]]:
    """``[{slug, score}]``, nearest in meaning first; score is the cosine, 0 to 1."""
    return _scored(_meaning(workspace).nearest(q))


@router.get("/{slug}/like")
def like(workspace: Opened, slug: str) -> list[dict[str, Any]]:
    """The other templates, the most like this one first."""
    _known(slug)
    return _scored(alike(slug, _meaning(workspace).like(slug)))


@router.get("/{slug}/readme")
def readme(slug: str) -> dict[str, Any]:
    """What a template says about itself, with its examples."""
    _known(slug)
    template = catalogue.load(slug)
    return {"readme": template.readme, "examples": list(template.examples)}


def _known(slug: str) -> None:
    if slug not in catalogue.slugs():
        raise not_found("template", slug, f"There are: {', '.join(catalogue.slugs())}.")


def _meaning(workspace: Workspace) -> Meaning:
    return _made(workspace.embed)


@lru_cache(maxsize=1)
def _made(embed: Embed) -> Meaning:
    return Meaning(embed, {card.slug: card.text for card in cards()})


def _scored(found: list[tuple[str, float]]) -> list[dict[str, Any]]:
    return [{"slug": slug, "score": round(score, 4)} for slug, score in found]


def _wire(card: CardInfo) -> dict[str, Any]:
    return asdict(card)
