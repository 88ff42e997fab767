"""``nodeloom memory``: the spaces, their policies, and taking them out and in."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.table import Table

from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.opened import open_workspace

commands = typer.Typer(no_args_is_help=True, help="Memory spaces: list, export, import, rebuild, set the policy.")
Space = Annotated[str, typer.Argument(help="The space's name.")]
STDOUT: Final = Path("-")
NONE: Final = "none"
_BAD: Final = 2


@commands.command("spaces")
def spaces(json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False) -> None:
    """List the spaces."""
    found = open_workspace().memories.spaces()
    if json:
        show.as_json([asdict(space) for space in found])
        return
    if not found:
        show.note("Nothing remembered yet. A Remember node fills a space.")
        return
    table = Table("space", "records", "last written", "policy", "what for", box=None, pad_edge=False)
    for space in found:
        written = datetime.fromtimestamp(space.updated_at).strftime("%Y-%m-%d %H:%M") if space.updated_at else ""
        table.add_row(space.name, f"{space.records:,}", written, _policy_words(space.policy), space.description)
    show.drawn(table)


@commands.command("export")
def export(
    space: Space,
    to: Annotated[Path, typer.Option("--to", "-o", help="The file to write; - is standard output.")] = STDOUT,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Write a space as JSON Lines: a header, then a record a line. Vectors are left out."""
    from store import memory_transfer  # the store takes half a second to import

    lines = memory_transfer.export(open_workspace().memories, space)
    if to == STDOUT:
        sys.stdout.writelines(lines)
        return
    if to.exists() and not force:
        raise Refusal(f"{str(to)!r} is there already.", mend="Name another file, or add --force.")
    with to.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(lines)
    show.note(f"{space} is in {to}.")


@commands.command("import")
def take_in(
    space: Space,
    file: Annotated[Path, typer.Argument(help="A file that `nodeloom memory export` wrote.")],
    trusted: Annotated[bool, typer.Option("--trusted", help="Keep the trust the records had.")] = False,
) -> None:
    """Add a file's records to a space, all or none. They are not trusted unless you say so."""
    from store import memory_lines, memory_transfer  # as above

    if not file.is_file():
        raise Refusal(f"There is no file {str(file)!r}.", where=str(file.absolute()), mend="Check the path.")
    try:
        with file.open("rb") as lines:
            done = memory_transfer.take_in(open_workspace().memories, space, file.name, lines, trusted=trusted)
    except memory_lines.BadLines as error:
        for problem in error.problems:
            show.failure(str(problem))
        show.note(f"Nothing was imported from {file}. {error.mend}")
        raise typer.Exit(_BAD) from None
    show.note(f"{done.added:,} added, {done.known:,} known already, {done.expired:,} past their end.")


@commands.command("rebuild")
def rebuild(space: Space) -> None:
    """Make a space's index anew from its records."""
    records = open_workspace().memories.rebuild(space)
    show.note(f"The index of {space} holds {records:,} records.")


@commands.command("policy")
def policy(
    space: Space,
    changes: Annotated[
        list[str] | None,
        typer.Argument(help="name=value, such as ttl_days=30 similarity=0.7; none takes a limit away."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show a space's policy, or change it."""
    memories = open_workspace().memories
    memories.space_id(space)
    if changes:
        memories.set_policy(space, _changed(memories.policy(space), changes))
    data = asdict(memories.policy(space))
    if json:
        show.as_json(data)
        return
    for name, value in {**data.pop("weights"), **data}.items():
        show.OUT.print(f"{name:<16} {NONE if value is None else value}")


def _changed(policy: Any, changes: list[str]) -> Any:
    """The policy with ``name=value`` applied. Raises Refusal for a name or value it cannot have."""
    from store.memory_policies import from_data  # as above

    data = asdict(policy)
    for change in changes:
        name, equals, text = change.partition("=")
        part = data["weights"] if name in data["weights"] else data
        if not equals or name not in part or name == "weights":
            names = ", ".join([*data["weights"], *(each for each in data if each != "weights")])
            raise Refusal(f"{change!r} changes nothing.", mend=f"Write name=value with one of {names}.")
        part[name] = _value(name, text)
    return from_data(data)


def _value(name: str, text: str) -> float | int | bool | None:
    try:
        match name:
            case "only_trusted":
                return {"true": True, "yes": True, "false": False, "no": False}[text.lower()]
            case "ttl_days" | "near_duplicate" | "max_records" if text.lower() == NONE:
                return None
            case "max_records":
                return int(text)
            case _:
                return float(text)
    except (KeyError, ValueError):
        wanted = "true or false" if name == "only_trusted" else "a number"
        raise Refusal(f"{name} cannot be {text!r}.", mend=f"Give {wanted}.") from None


def _policy_words(policy: Any) -> str:
    """What differs from keeping everything forever."""
    words = [f"half-life {policy.half_life_days:g} d"]
    words += [f"kept {policy.ttl_days:g} d"] if policy.ttl_days else []
    words += [f"at most {policy.max_records:,}"] if policy.max_records else []
    words += [f"near-duplicates from {policy.near_duplicate:g}"] if policy.near_duplicate else []
    words += ["only trusted"] if policy.only_trusted else []
    return ", ".join(words)
