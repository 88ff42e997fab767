"""``nodeloom templates record``: runs templates on their first example, and keeps each run for replay.

Without ``--model`` the answers are those of the template's ``script.yaml``, so that anybody makes the same run
anywhere, without a model. Each run has a home of its own: nothing is recalled that another run left behind.
"""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from graphs.names import nearest
from nodes.contract import NodeError
from templates import catalogue
from ui.refusal import Refusal
from ui.terminal import show

if TYPE_CHECKING:
    from graphs.document import Limits
    from graphs.replay_recording import Recording
    from graphs.run_table import RunRow
    from ui.workspace import Workspace

ANSWERS: Final = 12
"""Questions a person answers in one run, at most."""
EXAMPLE: Final = 0
"""Which example is recorded."""
BEGAN: Final = 1_767_258_000.0
"""When a recorded run is said to have begun, seconds since the epoch: the file shall not change with the day."""


def record(
    slugs: Annotated[list[str] | None, typer.Argument(help="Templates; none: all of them.", show_default=False)] = None,
    model: Annotated[str | None, typer.Option(help="provider:model to run on; else the template's script.")] = None,
    into: Annotated[Path | None, typer.Option(help="A folder for the files; else each template's own.")] = None,
) -> None:
    """Run templates on their first example and keep the runs, each proved to replay exactly."""
    for slug in slugs or ():
        if slug not in catalogue.slugs():
            raise Refusal(f"There is no template {slug!r}.", mend=nearest(slug, catalogue.slugs()))
    for slug in slugs or catalogue.slugs():
        recording = recorded(slug, model)
        target = catalogue.FOLDER / slug / "recording.json" if into is None else into / f"{slug}.json"
        recording.save(target)
        show.note(f"{slug}: {len(recording.spans)} spans of a run on {recording.model}, in {target}")


def recorded(slug: str, model: str | None = None) -> "Recording":
    """The recording of a new run of the template. Raises NodeError where it does not end well or not replay."""
    from ui.recordings import recorded_run, replayed  # the engine takes two seconds to import

    with tempfile.TemporaryDirectory(prefix="nodeloom-record-") as folder:
        workspace = workspace_apart(Path(folder), slug, model)
        try:
            row = run_first(workspace, slug, model or f"scripted:{slug}")
            if row.status != "done":
                raise NodeError(f"The run of {slug} is {row.status}: {(row.error or {}).get('what', 'it waits')}")
            recording = _dateless(recorded_run(workspace, row.id), slug)
        finally:
            workspace.close()
    report = replayed(recording, None, None)
    if not report.same:
        raise NodeError(f"The run of {slug} does not replay exactly: {' '.join(report.lines())}")
    return recording


def workspace_apart(folder: Path, slug: str, model: str | None) -> "Workspace":
    """A workspace of its own: with the model files of the user's, or with the script in place of every model."""
    from store.home import Home, home
    from ui.terminal.scripted import ScriptedWorkspace  # the store takes half a second to import
    from ui.workspace import Workspace

    apart = Home(folder / "home").create()
    if model is None:
        return ScriptedWorkspace(apart, catalogue.cast(slug).script)
    if home().models.exists():
        apart.models.symlink_to(home().models, target_is_directory=True)
    return Workspace(apart)


def run_first(workspace: "Workspace", slug: str, model: str, limits: "Limits | None" = None) -> "RunRow":
    """The run of the template's first example, at its end; people answer as the script says.

    A model may ask more often than the script's did: then the last answer is given again, ``ANSWERS`` in all.
    ``limits`` in place of the template's.
    """
    from graphs.document import content_hash
    from ui.documents import data  # see recorded

    template, runner = catalogue.load(slug), workspace.engine.runner
    workspace.workflows.pin(data(template.document), content_hash(template.document))
    run = runner.start(template.document, template.examples[EXAMPLE]["inputs"], model=model, limits=limits)
    row = runner.wait_here(run)
    said = catalogue.cast(slug).people
    for answer in [*said, *said[-1:] * (ANSWERS - len(said))]:
        if row.status != "waiting":
            break
        runner.answer(run, row.forms[0]["interrupt"], answer)
        row = runner.wait_here(run)
    workspace.engine.flush()
    return row


def _dateless(recording: "Recording", slug: str) -> "Recording":
    """The recording with an id and times that are the same whenever it is made; a second for each span."""
    spans = tuple(
        span if span.at is None else span.model_copy(update={"at": BEGAN + span.id}) for span in recording.spans
    )
    text = recording.model_copy(update={"spans": spans}).model_dump_json()
    id = hashlib.sha256(slug.encode()).hexdigest()[: len(recording.run)]
    return type(recording).model_validate(json.loads(text.replace(recording.run, id)))
