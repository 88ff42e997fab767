"""``nodeloom explain``: what went wrong in a run."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.opened import open_workspace

if TYPE_CHECKING:
    from store.runs import RunRow
    from ui.workspace import Workspace

COLOURS = {"error": "bold red", "warning": "yellow", "info": "cyan"}


@dataclass(frozen=True)
class Asked:
    """What is asked beside the rules."""

    diagnose: bool
    model: str | None
    good: str | None
    expect: str
    attempt: bool

    @property
    def forks(self) -> bool:
        """Whether corrections are tried."""
        return self.attempt or self.good is not None


def explain(
    run: Annotated[
        str, typer.Argument(help="A run's number (r-0042) or id, or an exported recording.", show_default=False)
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    diagnose: Annotated[bool, typer.Option(help="Ask a model too; it costs three calls.")] = False,
    model: Annotated[str | None, typer.Option(help="Ask this model (provider:model) instead of the default.")] = None,
    attempt: Annotated[
        bool, typer.Option("--try", help="Try what rules, and with --diagnose the model, would tell a step, on forks.")
    ] = False,
    good: Annotated[
        str | None, typer.Option(help="A run on the same inputs that went well: find the step that decided by forks.")
    ] = None,
    expect: Annotated[str, typer.Option(help="With --good or --try: CEL over outputs that a good run meets.")] = "",
) -> None:
    """Say what went wrong in a run, with the spans that show it (exit code 1 where something did)."""
    asked = Asked(diagnose or model is not None, model, good, expect, attempt)
    if expect and not asked.forks:
        raise Refusal("--expect says what a good run gives out, and nothing is tried.", mend="Add --try or --good RUN.")
    file = Path(run)
    if file.suffix or file.exists():
        if asked.diagnose or asked.forks:
            raise Refusal(f"{run} is a recording, and only a run can be diagnosed or forked.", mend="Name the run.")
        head, answer = _of_recording(file)
    else:
        head, answer = _of_run(run, asked)
    if json:
        show.as_json(answer)
    else:
        _tell(head, answer)
    raise typer.Exit(1 if answer["findings"] else 0)


def _of_recording(file: Path) -> tuple[str, dict[str, Any]]:
    from graphs.replay_recording import Recording  # see _report
    from ui.explaining import report_of_recording

    recording = Recording.load(file)
    return f"{recording.number} {recording.title}: {recording.status}", report_of_recording(recording)


def _of_run(run: str, asked: Asked) -> tuple[str, dict[str, Any]]:
    workspace = open_workspace()
    found = workspace.runs.get(run)
    try:
        answer = _report(workspace, found)
        if asked.diagnose:
            answer["diagnosis"] = _diagnosis(workspace, found, asked.model)
        if asked.forks:
            answer["counterfactual"] = _counterfactual(workspace, found, asked, answer.get("diagnosis"))
    finally:
        workspace.close()
    return f"{found.number} {found.title}: {found.status}", answer


def _report(workspace: "Workspace", run: "RunRow") -> dict[str, Any]:
    from ui.explaining import report  # the store is slow to import

    return report(workspace, run)


def _diagnosis(workspace: "Workspace", run: "RunRow", model: str | None) -> dict[str, Any]:
    from ui.diagnosing import diagnose  # see _report

    return diagnose(workspace, run, model=model)


def _counterfactual(
    workspace: "Workspace", run: "RunRow", asked: Asked, said: dict[str, Any] | None
) -> dict[str, Any]:  # fmt: skip
    from ui.deciding import Wanted, planned  # see _report
    from ui.trying import decided  # see _report

    good = workspace.runs.get(asked.good) if asked.good else None
    diagnosis = workspace.runs.get(said["run_id"]) if said else None
    return decided(workspace, planned(workspace, run, Wanted(good, diagnosis, asked.expect)))


def _tell(head: str, answer: dict[str, Any]) -> None:
    findings: list[dict[str, Any]] = answer["findings"]
    show.OUT.print(head, markup=False)
    if not findings:
        show.OUT.print("Nothing was found wrong with it.")
    for finding in findings:
        place = f" at {finding['node']}" if finding["node"] else ""
        visit = f", visit {finding['visit']}" if (finding["visit"] or 1) > 1 else ""
        severity = Text(f"\n{finding['severity']}: ", style=COLOURS[finding["severity"]])
        show.OUT.print(severity + Text(f"{finding['detector']} ({finding['module']}){place}{visit}", style="bold"))
        show.OUT.print(f"  {finding['what']}", markup=False)
        show.OUT.print(f"  mend: {finding['mend']}", markup=False)
        shown = ", ".join([finding["span"] or "no span", *finding["evidence"]][:6])
        show.OUT.print(Text(f"  spans: {shown}", style="dim"))
    if not answer["complete"]:
        show.note("The run still goes on: more may come.")
    if "diagnosis" in answer:
        _tell_diagnosis(answer["diagnosis"])
    if "counterfactual" in answer:
        _tell_trials(answer["counterfactual"])


def _tell_diagnosis(said: dict[str, Any]) -> None:
    show.OUT.print(Text("\ndiagnosis: ", style="bold cyan") + Text(f"{said['module']} at {said['node']}", style="bold"))
    show.OUT.print(f"  {said['reason']}", markup=False)
    show.OUT.print(f"  tell it: {said['feedback']}", markup=False)
    show.OUT.print(Text(f"  span: {said['span']}", style="dim"))


def _tell_trials(verdict: dict[str, Any]) -> None:
    decisive = verdict["decisive"]
    who = f"{decisive['node']}, visit {decisive['visit']}" if decisive else "no step that was tried"
    show.OUT.print(Text("\ndecisive: ", style="bold cyan") + Text(who, style="bold"))
    for trial in verdict["trials"]:
        came = "turned the outcome" if trial["turned"] else "did not turn it"
        show.OUT.print(
            f"  {trial['node']}, visit {trial['visit']}, by {trial['source']}: {trial['number']} {came}",
            markup=False,
        )
