"""``nodeloom merge``: what two people made of one workflow file, as one; also a merge driver for git."""

from pathlib import Path
from typing import Annotated, cast

import typer
from rich.text import Text

from graphs.document import Document
from graphs.document_change import shown
from graphs.merging.conflict import Choice, Conflict
from graphs.merging.merge import Merge, brought, merge
from graphs.names import nearest
from graphs.word_diff import word_diff
from graphs.yaml_format import dump
from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.files import read_document


def merge_files(
    base: Annotated[Path, typer.Argument(help="The workflow file both began with.", show_default=False)],
    ours: Annotated[Path, typer.Argument(help="What one made of it.", show_default=False)],
    theirs: Annotated[Path, typer.Argument(help="What the other made of it.", show_default=False)],
    write: Annotated[Path | None, typer.Option(help="Write the merged workflow here, not to the terminal.")] = None,
    take: Annotated[str | None, typer.Option(help="Decide every conflict for: ours, theirs.")] = None,
    choose: Annotated[list[str] | None, typer.Option(help="Decide one: KEY=ours, KEY=theirs, KEY=both.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Bring two people's edits of a workflow together (exit code 1 where somebody has to choose)."""
    documents = read_document(base), read_document(ours), read_document(theirs)
    found = _decided(documents, _choices(choose or ()), _side(take))
    text = dump(found.document)
    if write is not None:
        write.write_text(text, encoding="utf-8")
    broken = brought(found.document, documents[1], documents[2])
    if json:
        conflicts = [each.as_dict() for each in found.conflicts]
        show.as_json({"conflicts": conflicts, "brought": [each.wire() for each in broken], "yaml": text})
    else:
        if write is None:
            typer.echo(text, nl=False)
        for conflict in found.open:
            show.ERR.print(Text("\n".join(_lines(conflict))))
        for each in broken:
            show.ERR.print(Text(f"! {each.code} {each.message} (neither side had this)"))
        _summary(found)
    raise typer.Exit(1 if found.open else 0)


def _decided(documents: tuple[Document, Document, Document], chosen: dict[str, Choice], take: Choice | None) -> Merge:
    """With the choices; ``take`` for the rest, and for what comes up only then."""
    found = merge(*documents, chosen)
    keys = [each.key for each in found.conflicts]
    unknown = next((key for key in chosen if key not in keys), None)
    if unknown is not None:
        raise Refusal(f"There is no conflict {unknown!r}.", mend=nearest(unknown, keys) or "There is none at all.")
    while take is not None and found.open:
        chosen |= {each.key: take for each in found.open}
        found = merge(*documents, chosen)
    return found


def _choices(given: list[str] | tuple[str, ...]) -> dict[str, Choice]:
    found: dict[str, Choice] = {}
    for each in given:
        key, _, choice = each.rpartition("=")
        if not key or choice not in ("ours", "theirs", "both"):
            raise Refusal(f"--choose {each!r} is no choice.", mend="Write KEY=ours, KEY=theirs or KEY=both.")
        found[key] = choice
    return found


def _side(take: str | None) -> Choice | None:
    if take not in (None, "ours", "theirs"):
        raise Refusal(f"--take {take!r} is no side.", mend="Write --take ours or --take theirs.")
    return cast("Choice | None", take)


def _lines(conflict: Conflict) -> list[str]:
    """The conflict for a person: what, both values, and how to decide it."""
    lines = [f"? {conflict.what}"]
    if conflict.sort == "field" and all(isinstance(each, str) for each in (conflict.ours, conflict.theirs)):
        lines += [f"    {line}" for line in word_diff(conflict.ours, conflict.theirs).splitlines()]
    elif conflict.sort == "field":
        lines.append(f"    base {shown(conflict.base)}, ours {shown(conflict.ours)}, theirs {shown(conflict.theirs)}")
    choices = " or ".join(f"{conflict.key}={choice}" for choice in conflict.choices)
    return [*lines, f"    --choose {choices}"]


def _summary(found: Merge) -> None:
    count = len(found.open)
    if count:
        show.note(f"{count} conflict{'' if count == 1 else 's'} left; ours stands there until you choose.")
    else:
        show.note("Merged; nothing is left to choose.")
