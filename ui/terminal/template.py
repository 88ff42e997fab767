"""``nodeloom template``: the workflows that come with Nodeloom."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from graphs.names import nearest
from graphs.yaml_format import dump
from templates import catalogue
from ui.refusal import Refusal
from ui.terminal import show

commands = typer.Typer(no_args_is_help=True, help="List the workflows that come with Nodeloom, or copy one.")


@commands.command("list")
def list_templates(json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False) -> None:
    """List the templates."""
    found = [catalogue.load(slug) for slug in catalogue.slugs()]
    if json:
        lines = [{"slug": each.slug, "title": each.document.title, "summary": each.document.summary} for each in found]
        show.as_json(lines)
        return
    table = Table("template", "title", "what it does", "recorded", box=None, pad_edge=False)
    for each in found:
        recorded = "yes" if each.recording else "no"
        table.add_row(each.slug, each.document.title, each.document.summary, recorded)
    show.drawn(table)


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
