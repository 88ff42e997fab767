"""``nodeloom runs``: the runs there were."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from ui.terminal import show
from ui.terminal.opened import open_workspace


def runs(
    status: Annotated[str | None, typer.Option(help="Only those that are running, waiting, done, failed, ...")] = None,
    search: Annotated[str, typer.Option(help="Only those with this in title, inputs or outputs.")] = "",
    limit: Annotated[int, typer.Option(help="At most this many.", min=1, max=1000)] = 20,
    json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False,
) -> None:
    """List runs, the newest first."""
    found = open_workspace().runs.list(status=status, q=search, limit=limit)
    if json:
        show.as_json([asdict(run) for run in found])
        return
    if not found:
        show.note("No runs yet. Run a workflow and it shows up here.")
        return
    table = Table("run", "workflow", "status", "began", "time", "tokens", "cost", box=None, pad_edge=False)
    for run in found:
        began = datetime.fromtimestamp(run.started_at or run.created_at).strftime("%Y-%m-%d %H:%M")
        tokens = f"{run.input_tokens + run.output_tokens:,}"
        table.add_row(
            run.number, run.title, run.status, began, show.seconds(run.seconds), tokens, show.dollars(run.usd)
        )
    show.drawn(table)
