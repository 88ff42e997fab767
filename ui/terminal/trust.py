"""``nodeloom trust``: whose bundles you trust, and your own key."""

from typing import Annotated

import typer
from rich.table import Table

from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.opened import open_workspace

commands = typer.Typer(no_args_is_help=True, help="Whose signatures on bundles you trust.")
Print = Annotated[str, typer.Argument(help="The fingerprint, with or without blanks.")]


@commands.command("list")
def trusted(json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False) -> None:
    """List the keys you trust."""
    from templates.sharing.signing import as_text  # the cryptography package takes a while to import

    found = open_workspace().trusted.list()
    if json:
        show.as_json(
            [
                {"name": each.name, "fingerprint": each.fingerprint, "public_key": as_text(each.public_key)}
                for each in found
            ]
        )
        return
    if not found:
        show.note("Nobody yet. `nodeloom import FILE --yes --trust-as NAME` adds who signed it.")
        return
    table = Table("name", "fingerprint", box=None, pad_edge=False)
    for each in found:
        table.add_row(each.name, each.fingerprint)
    show.drawn(table)


@commands.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    public_key: Annotated[str, typer.Argument(help="The key as `nodeloom trust own` prints it.")],
) -> None:
    """Trust a key that somebody gave you."""
    from templates.sharing.signing import fingerprint, from_text  # as above

    try:
        key = from_text(public_key, 32)
    except ValueError as error:
        raise Refusal(
            f"{public_key[:60]!r} is no key: {error}.", mend="Copy what `nodeloom trust own` prints."
        ) from None
    open_workspace().trusted.add(fingerprint(key), key, name)
    show.note(f"Trusted: {name}, {fingerprint(key)}. Compare it with theirs.")


@commands.command("remove")
def remove(print: Print) -> None:
    """Trust a key no longer."""
    from templates.sharing.signing import spaced  # as above

    open_workspace().trusted.remove(spaced(print))
    show.note("Removed.")


@commands.command("own")
def own() -> None:
    """Print your own public key; it is made at the first use."""
    from templates.sharing.signing import as_text, fingerprint, public_key  # as above
    from ui.sharing import signing_key

    key = public_key(signing_key(open_workspace()))
    show.OUT.print(as_text(key))
    show.note(f"Fingerprint: {fingerprint(key)}")
