"""``nodeloom nodes``: the kinds a workflow is made of."""

from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markdown import Markdown
from rich.table import Table

from graphs.names import nearest
from nodes.contract import NodeSpec, Port
from nodes.reference import HEAD, INDEX, pages
from nodes.registry import KINDS, spec_json
from ui.refusal import Refusal
from ui.terminal import show


def nodes(
    kind: Annotated[str | None, typer.Argument(help="One kind in full.", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON: a list, or one object for KIND.")] = False,
    reference: Annotated[
        Path | None,
        typer.Option(
            "--reference", help="Write a page for each kind and an index into this folder.", show_default=False
        ),
    ] = None,
) -> None:
    """List the node kinds, describe one, or write the reference."""
    if reference is not None:
        _write(reference)
    elif kind is None:
        _list(json)
    elif kind in KINDS:
        _one(KINDS[kind], json)
    else:
        mend = nearest(kind, KINDS) or "`nodeloom nodes` lists them all."
        raise Refusal(f"There is no node kind {kind!r}.", mend=mend)


def _write(folder: Path) -> None:
    """The pages of the kinds there are; those of kinds that are gone are removed, nothing else is touched."""
    try:
        gone = _stale(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages(KINDS).items():
            (folder / name).write_text(text, encoding="utf-8")
        for page in gone:
            page.unlink()
    except OSError as error:
        what = f"The reference could not be written to {folder}: {error.strerror}."
        raise Refusal(what, mend="Name a folder that can be written to.") from error
    show.note(f"Wrote {len(KINDS)} pages and an index to {folder}; removed {len(gone)}.")


def _stale(folder: Path) -> list[Path]:
    """Pages of kinds that are gone: files that say of themselves they are one. Refuses a folder of something else."""
    index = folder / INDEX
    if index.exists() and not index.read_text(encoding="utf-8").startswith(HEAD):
        raise Refusal(f"{index} is not the index of a node reference.", mend="Name a folder of its own.")
    others = [page for page in folder.glob("*.md") if page.name != INDEX and page.stem not in KINDS]
    return [page for page in others if page.read_text(encoding="utf-8").partition("\n")[0].endswith(f"(`{page.stem}`)")]


def _list(json: bool) -> None:
    if json:
        show.as_json([spec_json(spec) for spec in KINDS.values()])
        return
    table = Table("kind", "title", "what it does", "model calls", box=None, pad_edge=False)
    for family, specs in groupby(sorted(KINDS.values(), key=lambda spec: spec.family), key=lambda spec: spec.family):
        table.add_section()
        table.add_row(f"[bold]{family}[/bold]")
        for spec in specs:
            table.add_row(spec.kind, spec.title, spec.summary, spec.model_calls)
    show.drawn(table)


def _one(spec: NodeSpec, json: bool) -> None:
    if json:
        show.as_json(spec_json(spec))
        return
    show.OUT.print(f"[bold]{spec.title}[/bold]  {spec.kind} version {spec.version}, {spec.family}")
    show.drawn(Markdown(spec.doc or spec.summary))
    _ports("inputs", spec.inputs)
    _ports("outputs", spec.outputs)
    if spec.outcomes:
        show.OUT.print(f"\n[bold]outcomes[/bold]  {', '.join(spec.outcomes)}")
    _settings(spec.config.model_json_schema())
    show.OUT.print(f"\nmodel calls: {spec.model_calls}")
    if spec.source:
        show.OUT.print(f"source: {spec.source}")


def _ports(title: str, ports: tuple[Port, ...]) -> None:
    if not ports:
        return
    table = Table(title, "type", "", box=None, pad_edge=False)
    for port in ports:
        table.add_row(port.name, port.type, port.description)
    show.OUT.print()
    show.drawn(table)


def _settings(schema: dict[str, Any]) -> None:
    fields: dict[str, dict[str, Any]] = schema.get("properties", {})
    if not fields:
        return
    table = Table("settings", "type", "default", "", box=None, pad_edge=False)
    for name, field in fields.items():
        about = field.get("description") or field.get("title", "")
        table.add_row(name, _type(field), _short(field.get("default", "required")), about)
    show.OUT.print()
    show.drawn(table)


def _type(field: dict[str, Any]) -> str:
    options = field.get("anyOf", [field])
    return " or ".join(str(option.get("type") or option.get("$ref", "any").rsplit("/", 1)[-1]) for option in options)


def _short(value: Any, limit: int = 40) -> str:
    text = str(value).replace("\n", " ")
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
