"""``nodeloom templates``: the workflows that come with Nodeloom, and the systems of the literature they carry."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from graphs.names import nearest
from graphs.yaml_format import dump
from templates import catalogue, gallery
from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.recording import record

commands = typer.Typer(invoke_without_command=True, help="List the workflows that come with Nodeloom, or copy one.")
commands.command("record")(record)

AsJson = Annotated[bool, typer.Option("--json", help="Print a JSON list.")]
Family = Annotated[str | None, typer.Option(help="Only those of a family, such as search or memory.")]


@commands.callback()
def templates(
    context: typer.Context,
    json: AsJson = False,
    family: Family = None,
    missing: Annotated[bool, typer.Option("--missing", help="List what of priority A no template carries.")] = False,
) -> None:
    """List the templates."""
    if context.invoked_subcommand is None:
        (_list_missing if missing else _list)(json, family)


@commands.command("list")
def list_templates(json: AsJson = False, family: Family = None) -> None:
    """List the templates."""
    _list(json, family)


@commands.command("copy")
def copy(
    slug: Annotated[str, typer.Argument(help="The template.", show_default=False)],
    file: Annotated[Path | None, typer.Argument(help="Where to; else SLUG.yaml.", show_default=False)] = None,
) -> None:
    """Copy a template into a file of your own."""
    if slug not in catalogue.slugs():
        raise Refusal(f"There is no template {slug!r}.", mend=nearest(slug, catalogue.slugs()))
    target = file or Path(f"{slug}.yaml")
    try:
        with target.open("x", encoding="utf-8") as out:
            out.write(dump(catalogue.load(slug).document))
    except FileExistsError:
        raise Refusal(f"{str(target)!r} exists already.", mend="Name another file.") from None
    except OSError as error:
        raise Refusal(f"Cannot write {str(target)!r}: {error.strerror or error}.", mend="Name another file.") from None
    show.note(f"Written to {target}.")


def _list(json: bool, family: str | None) -> None:
    found = [_line(slug) for slug in catalogue.slugs()]
    _require_family(family, {line["family"] for line in found})
    found = [line for line in found if family in (None, line["family"])]
    for name, lacks in catalogue.incomplete().items():
        show.note(f"Left out: templates/{name} has no {' and no '.join(lacks)}.")
    if json:
        show.as_json(found)
        return
    table = Table("template", "family", "status", "recorded", "what it does", box=None, pad_edge=False)
    for line in found:
        recorded = "yes" if line["recorded"] else "no"
        table.add_row(line["id"], line["family"], line["status"], recorded, line["summary"])
    show.drawn(table)


def _line(slug: str) -> dict[str, Any]:
    """``{id, row, family, status, title, summary, mechanism, cost, recorded}``; contracts.md says what they hold."""
    template, row = catalogue.load(slug), gallery.of_template(slug)
    return {
        "id": slug,
        "row": row.id if row else None,
        "family": gallery.family_of(slug),
        "status": row.status if row else "drawn",
        "title": template.document.title,
        "summary": template.document.summary,
        "mechanism": template.part("Mechanism"),
        "cost": template.part("Cost").splitlines()[0] if template.part("Cost") else "",
        "recorded": template.recording is not None,
    }


def _list_missing(json: bool, family: str | None) -> None:
    _require_family(family, {row.family for row in gallery.rows()})
    found = [row for row in gallery.missing() if family in (None, row.family)]
    if json:
        show.as_json([{"row": row.id, "name": row.name, "family": row.family, "why": row.missing} for row in found])
        return
    table = Table("system", "family", "why there is no template", box=None, pad_edge=False)
    for row in found:
        table.add_row(row.name, row.family, row.missing)
    show.drawn(table)


def _require_family(family: str | None, known: set[str]) -> None:
    if family is not None and family not in known:
        raise Refusal(f"There is no family {family!r}.", mend=nearest(family, sorted(known)))
