"""``nodeloom model``: the built-in model."""

from typing import Annotated

import typer

from graphs.models.builtin.manifest import DEFAULT, MODELS, SMALL
from store.home import home
from ui.terminal import show

commands = typer.Typer(no_args_is_help=True, help="Fetch the built-in model, or see where it stands.")


@commands.command("fetch")
def fetch(
    small: Annotated[bool, typer.Option("--small", help=f"{SMALL.title} instead: smaller, and weaker.")] = False,
) -> None:
    """Fetch the built-in model, with a progress bar. A fetch that broke off goes on where it was."""
    from graphs.models.builtin.background import fetch_in_terminal  # network and zip libraries

    chosen = SMALL if small else DEFAULT
    path = fetch_in_terminal(home().models, chosen.name, show.ERR)
    show.note(f"{chosen.title} is ready as builtin:{chosen.name} ({path.stat().st_size / 1e9:.1f} GB).")


@commands.command("status")
def status(json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Say which built-in models are on this computer."""
    from graphs.models.builtin.background import state_of  # as above

    states = {name: state_of(home().models, model) for name, model in MODELS.items()}
    if json:
        show.as_json({name: state.wire() for name, state in states.items()})
        return
    for name, state in states.items():
        arrived = f", {state.bytes / 1e9:.1f} of {state.total / 1e9:.1f} GB here" if state.state != "ready" else ""
        show.OUT.print(f"builtin:{name}  {state.state}{arrived}")
