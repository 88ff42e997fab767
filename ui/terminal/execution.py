"""A run in the terminal: started, followed, asked for, ended."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Final

from rich.console import Console
from rich.status import Status

from graphs.document import Document
from store.runs import RunRow
from ui.answering import answerer
from ui.starting import played, recording_of, start_run
from ui.terminal import show
from ui.terminal.events import line
from ui.terminal.opened import open_workspace
from ui.terminal.questions import ask
from ui.workspace import Workspace


class Shown(Enum):
    """What goes to stdout."""

    OUTPUTS = "outputs"
    JSON = "json"
    STREAM = "stream"


def execute(document: Document, inputs: Mapping[str, Any], *, model: str | None, recorded: bool, shown: Shown) -> int:
    """Run ``document`` to its end and return the exit code. Raises what ``start_run`` raises."""
    reference = recording_of(document) if recorded else model
    workflow = played(document, reference) if recorded and reference else document
    return run_to_end(lambda workspace: start_run(workspace, workflow, inputs, model=reference), shown)


def run_to_end(begin: Callable[[Workspace], str], shown: Shown) -> int:
    """Follow the run that ``begin`` starts to its end and return the exit code."""
    workspace = open_workspace()
    try:
        run_id = begin(workspace)
        asyncio.run(_follow(workspace, run_id, shown))
        workspace.engine.flush()
        run = workspace.runs.get(run_id)
    finally:
        workspace.close()
    report(run, shown)
    return 0 if run.status == "done" else 1


async def _follow(workspace: Workspace, run_id: str, shown: Shown) -> None:
    """Show the events until the run has ended, or waits for a person who is not there."""
    runner = workspace.engine.runner
    with _status(shown) as status:
        async for event in runner.events(run_id):
            if shown is Shown.STREAM:
                show.OUT.print(line(event), markup=False)
            elif event["type"] == "node.started":
                status.update(event["node"])
            if event["type"] == "node.waiting" and not _is_answered(workspace, run_id, event["interrupt"]):
                if "stop" in event or not _person_there(shown):
                    await runner.wait(run_id)
                    return
                status.stop()
                answer = await asyncio.to_thread(ask, event["form"])
                await runner.wait(run_id)
                who = answerer(workspace, "terminal")
                await asyncio.to_thread(runner.answer, run_id, event["interrupt"], answer, who)
                status.start()


def _is_answered(workspace: Workspace, run_id: str, interrupt: str) -> bool:
    """Whether the question is one of before: a run that goes on tells those again."""
    return any(each.interrupt == interrupt and each.status != "open" for each in workspace.questions.of(run_id))


def _status(shown: Shown) -> Status:
    console = show.ERR if shown is Shown.OUTPUTS else Console(quiet=True)
    return Status("starting", console=console)


def _person_there(shown: Shown) -> bool:
    return shown is not Shown.JSON and sys.stdin.isatty() and sys.stderr.isatty()


KEYS: Final = (
    "id", "number", "status", "outputs", "error", "forms", "model",
    "seconds", "steps", "input_tokens", "output_tokens", "usd",
)  # fmt: skip


def report(run: RunRow, shown: Shown) -> None:
    """Print what a run came to."""
    if shown is Shown.JSON:
        show.as_json({key: getattr(run, key) for key in KEYS})
        return
    if shown is Shown.OUTPUTS:
        _outputs(run.outputs or {})
    if run.status == "waiting":
        asked = ", ".join(form["form"]["title"] for form in run.forms)
        show.failure(
            f"{run.number} waits for an answer: {asked}.",
            mend=f"Answer it with `nodeloom answer {run.number}`, or in the builder: `nodeloom`, then Inbox.",
        )
    elif run.error is not None:
        where = f"{run.number}, node {run.error['node']}" if run.error.get("node") else run.number
        show.failure(run.error["what"], where=where, mend=run.error.get("mend", ""))
    tokens = run.input_tokens + run.output_tokens
    spent = f"{show.seconds(run.seconds)}, {run.steps} steps, {tokens:,} tokens, {show.dollars(run.usd)}"
    show.note(f"{run.number} {run.status}: {spent.rstrip(', ')}. Its trace: nodeloom trace {run.number}")


def _outputs(outputs: Mapping[str, Any]) -> None:
    """One output: its value alone, so that it can be piped; several: each after its name."""
    for name, value in outputs.items():
        text = value if isinstance(value, str) else show.json_text(value)
        show.OUT.print(text if len(outputs) == 1 else f"{name}: {text}", markup=False)
