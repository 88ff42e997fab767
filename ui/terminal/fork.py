"""``nodeloom fork``: run on from any step of a recorded run, with something changed."""

import json as json_reader
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from graphs.fork_request import Changes, ForkRequest
from ui.refusal import Refusal
from ui.terminal.files import read_document

if TYPE_CHECKING:
    from ui.workspace import Workspace

SET: Final = (
    "What to change, once for each: inputs.PORT=TEXT and state.NAME=TEXT at the step, NODE.PORT=TEXT for what a node "
    "came to, NODE.outcome=NAME, NODE.config.FIELD=TEXT. := in place of = takes JSON, =@FILE the text of a file."
)


def fork(
    run: Annotated[str, typer.Argument(help="The run's number (r-0042) or id.", show_default=False)],
    at: Annotated[
        str | None, typer.Option(help="NODE, NODE#VISIT or NODE[ITEM]: the step; by default where the run stands.")
    ] = None,
    set: Annotated[list[str] | None, typer.Option("--set", "-s", help=SET, show_default=False)] = None,
    model: Annotated[str | None, typer.Option(help="provider:model from the step on.")] = None,
    against: Annotated[Path | None, typer.Option(help="Run this edited workflow file.")] = None,
    rename: Annotated[list[str] | None, typer.Option("--map", help="OLD=NEW: a node that was renamed.")] = None,
    only: Annotated[bool, typer.Option("--only", help="Run this one step alone, with its recorded inputs.")] = False,
    unchanged: Annotated[
        bool, typer.Option("--unchanged", help="Keep later steps too where nothing they are given has changed.")
    ] = False,
    label: Annotated[str, typer.Option(help="A name for the new run.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object when it has ended.")] = False,
    stream: Annotated[bool, typer.Option("--stream", help="Print what happens, as it happens.")] = False,
) -> None:
    """Keep what a run did up to a step and run on from there. Exit codes as of `nodeloom run`."""
    if json and stream:
        raise Refusal("--json and --stream exclude each other.", mend="Use one of them.")
    asked = ForkRequest.model_validate({
        **_place(at), "changes": changes_of(set or [], model), "only": only, "map": dict(_pairs(rename or [])),
        "keep": "unchanged" if unchanged else "before",
    })  # fmt: skip
    document = read_document(against) if against is not None else None
    # The engine takes two seconds to import: what is wrong with the words was said before.
    from ui.starting import start_fork
    from ui.terminal.execution import Shown, run_to_end

    def begin(workspace: "Workspace") -> str:
        return start_fork(workspace, workspace.runs.get(run), asked, document, label=label)

    raise typer.Exit(run_to_end(begin, Shown.JSON if json else Shown.STREAM if stream else Shown.OUTPUTS))


def changes_of(given: list[str], model: str | None = None) -> Changes:
    """The changes that ``--set`` asks for. Raises Refusal for one that is not understood."""
    found: dict[str, Any] = {"inputs": {}, "state": {}, "outputs": {}, "outcomes": {}, "config": {}}
    for text in given:
        key, value = _assignment(text)
        match key.split("."):
            case [("inputs" | "state") as what, name]:
                found[what][name] = value
            case [node, "outcome"]:
                found["outcomes"][node] = str(value)
            case [node, "config", name]:
                found["config"].setdefault(node, {})[name] = value
            case [node, name]:
                found["outputs"].setdefault(node, {})[name] = value
            case _:
                raise Refusal(f"{key!r} is nothing that can be changed.", where="--set", mend=SET)
    return Changes.model_validate(found | {"model": model})


def _assignment(text: str) -> tuple[str, Any]:
    key, equals, raw = text.partition("=")
    if not equals or not key.strip(": "):
        raise Refusal(f"{text!r} has no '='.", where="--set", mend=SET)
    if key.endswith(":"):
        try:
            return key[:-1].strip(), json_reader.loads(raw)
        except (ValueError, RecursionError) as error:
            raise Refusal(f"{raw[:60]!r} is not JSON: {error}.", where=f"--set {key[:-1]}") from None
    if raw.startswith("@"):
        return key.strip(), _file(Path(raw[1:]).expanduser())
    return key.strip(), raw


def _file(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"Cannot read the file {str(path)!r}: {error}.", where="--set") from None


def _place(at: str | None) -> dict[str, Any]:
    """NODE, NODE#2, NODE[0], NODE#2[0]."""
    if at is None:
        return {}
    rest, bracket, item = at.partition("[")
    node, hash, visit = rest.partition("#")
    numbers = {"visit": visit if hash else None, "item": item.removesuffix("]") if bracket else None}
    for name, text in numbers.items():
        if text is not None and not text.isdecimal():
            raise Refusal(f"The {name} {text!r} of {at!r} is no number.", where="--at", mend="Such as plan#2.")
    if numbers["visit"] == "0":
        raise Refusal("Visits count from 1.", where="--at", mend=f"Such as {node}#1.")
    return {"node": node, **{name: int(text) for name, text in numbers.items() if text is not None}}


def _pairs(given: list[str]) -> list[tuple[str, str]]:
    pairs = [text.split("=") for text in given]
    for text, pair in zip(given, pairs, strict=True):
        if len(pair) != 2 or not all(pair):
            raise Refusal(f"{text!r} is not OLD=NEW.", where="--map", mend="Such as --map plan=planning.")
    return [(old, new) for old, new in pairs]
