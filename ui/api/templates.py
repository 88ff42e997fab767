"""The templates that come with Nodeloom. ``POST /workflows {template}`` makes a workflow from one."""

from typing import Any

from fastapi import APIRouter

from templates import catalogue
from templates.catalogue import Template
from ui.api.errors import not_found
from ui.documents import data

router = APIRouter(prefix="/templates")


@router.get("")
def list_templates() -> list[dict[str, Any]]:
    """``[{slug, title, summary, tags, nodes, recorded}]``, the first workflow first."""
    return [_line(catalogue.load(slug)) for slug in catalogue.slugs()]


@router.get("/{slug}")
def read_template(slug: str) -> dict[str, Any]:
    """A template whole: its document, its page and its examples too."""
    if slug not in catalogue.slugs():
        raise not_found("template", slug, f"There are: {', '.join(catalogue.slugs())}.")
    template = catalogue.load(slug)
    more = {"document": data(template.document), "readme": template.readme, "examples": list(template.examples)}
    return _line(template) | more


def _line(template: Template) -> dict[str, Any]:
    document = template.document
    return {
        "slug": template.slug,
        "title": document.title,
        "summary": document.summary,
        "tags": list(document.tags),
        "nodes": len(document.nodes),
        "recorded": template.recording is not None,
    }
