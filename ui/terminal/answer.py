"""``nodeloom inbox`` and ``nodeloom answer``: what waits for a person, and answering it."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.table import Table

from nodes.forms import AnswerFaults, checked, read
from ui.panels.words import age
from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.inputs import Fault, file_text
from ui.terminal.opened import open_workspace
from ui.terminal.questions import ask, introduce

if TYPE_CHECKING:
    from graphs.answerer import Answerer
    from store.questions import QuestionRow
    from store.runs import RunRow
    from ui.terminal.execution import Shown
    from ui.workspace import Workspace

LOOK: Final = 0.2
"""Seconds between two looks at a run that goes on in another process."""
FIELD = "An answer: name=value, name=@file, JSON for lists and records. Once for each field."


def inbox(json: Annotated[bool, typer.Option("--json", help="Print a JSON list.")] = False) -> None:
    """List what waits for a person, the oldest first."""
    found = open_workspace().questions.waiting()
    if json:
        show.as_json([asdict(each) for each in found])
        return
    if not found:
        show.note("Nothing waits for you.")
        return
    table = Table("run", "workflow", "asks", "question", "waits", "until", box=None, pad_edge=False)
    for each in found:
        until = datetime.fromtimestamp(each.deadline).strftime("%Y-%m-%d %H:%M") if each.deadline else ""
        table.add_row(each.number, each.title, each.label, _short(each.form), _age(each.asked_at), until)
    show.drawn(table)
    show.note(f"Answer with: nodeloom answer {found[0].number}")


def answer(
    run: Annotated[str, typer.Argument(help="The run: its number or id.", show_default=False)],
    question: Annotated[
        str | None, typer.Argument(help="Which question, where several wait: its id or its node.", show_default=False)
    ] = None,
    field: Annotated[list[str] | None, typer.Option("--field", "-f", help=FIELD, show_default=False)] = None,
    by: Annotated[str | None, typer.Option(help="Who answers; else the name in the settings.")] = None,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait until the run has ended or asks again.")] = True,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object when it has ended.")] = False,
) -> None:
    """Answer a question of a run, which goes on. What is not given is asked for, where somebody is there."""
    # Opening the home takes half a second, the engine two: both only once the command line is read.
    from ui.answering import answerer, chosen

    workspace = open_workspace()
    row = workspace.runs.get(run)
    asked = chosen(workspace, row, question)
    if asked is None:
        raise Refusal(f"{row.number} does not wait for {question or 'an answer'}.", mend="See `nodeloom inbox`.")
    values = _values(asked, field or [], there=not json and sys.stdin.isatty() and sys.stderr.isatty())
    _hand_in(workspace, row, asked, values, answerer(workspace, "terminal", by), wait=wait, json=json)


def _hand_in(
    workspace: "Workspace", row: "RunRow", asked: "QuestionRow", values: Mapping[str, Any], who: "Answerer", *,
    wait: bool, json: bool,
) -> None:  # fmt: skip
    """To the server where one runs, which goes on with the run; else the run goes on here."""
    from ui.sweeper import is_swept
    from ui.terminal.execution import Shown, run_to_end

    shown = Shown.JSON if json else Shown.OUTPUTS
    if is_swept(workspace.home):
        if not workspace.questions.answer(row.id, asked.interrupt, values, by=who.by, channel=who.channel):
            raise Refusal(f"{row.number}: somebody answered this question meanwhile.", mend="See `nodeloom runs`.")
        show.note(f"{row.number} goes on in the Nodeloom that runs.")
        raise typer.Exit(_followed(workspace, row.id, asked.interrupt, shown) if wait else 0)

    def begin(opened: "Workspace") -> str:
        opened.engine.runner.answer(row.id, asked.interrupt, values, who)
        return row.id

    raise typer.Exit(run_to_end(begin, shown))


def _followed(workspace: "Workspace", run_id: str, interrupt: str, shown: "Shown") -> int:
    """Wait for a run that goes on in another process, and return the exit code."""
    from ui.terminal.execution import report

    while True:
        time.sleep(LOOK)
        run = workspace.runs.get(run_id)
        taken = any(each.interrupt == interrupt and each.taken for each in workspace.questions.of(run_id))
        if run.status not in ("queued", "running") and (taken or run.status != "waiting"):
            report(run, shown)
            return 0 if run.status == "done" else 1


def _values(asked: "QuestionRow", given: Sequence[str], *, there: bool) -> dict[str, Any]:
    """The answer. Raises Refusal naming all that is wrong with it."""
    fields = list(asked.form.get("fields") or ())
    try:
        known = _given(fields, given)
        if there and any(each["name"] not in known for each in fields):
            return ask(asked.form, known)
        return checked(fields, known)
    except (Fault, AnswerFaults) as error:
        faults = error.faults if isinstance(error, AnswerFaults) else ()
        listed = "\n       ".join(f"{each.what}. {each.mend}" for each in faults) or str(error)
        introduce(asked.form)
        names = ", ".join(f"{each['name']} ({each['type']})" for each in fields)
        raise Refusal(listed, where="--field", mend=f"Give each as --field name=value: {names}.") from None


def _given(fields: Sequence[Mapping[str, Any]], given: Sequence[str]) -> dict[str, Any]:
    known = {each["name"]: each for each in fields}
    values: dict[str, Any] = {}
    for text in given:
        name, equals, raw = text.partition("=")
        if not equals:
            raise Fault(f"{text!r} has no '='.")
        raw = raw[1:] if raw.startswith("@@") else file_text(Path(raw[1:]).expanduser()) if raw.startswith("@") else raw
        values[name] = read(known[name], raw) if name in known else raw
    return values


def _short(form: Mapping[str, Any]) -> str:
    line = " ".join(str(form.get("text") or form.get("title") or "").split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _age(asked_at: float) -> str:
    return age(time.time() - asked_at)
