"""``nodeloom describe``: say what you want of a workflow file, read the changes in words, accept or refuse each."""

import asyncio
import sys
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.text import Text

from graphs.document import Document
from graphs.word_diff import word_diff
from graphs.yaml_format import dump
from ui.refusal import Refusal
from ui.terminal import show
from ui.terminal.check import report
from ui.terminal.files import STDIN, read_document
from ui.terminal.opened import open_workspace

if TYPE_CHECKING:
    from graphs.describing.proposal import Item, Proposal

ALL: Final = "all"
_MARKS: Final = {"added": ("+", "green"), "joined": ("+", "green"), "removed": ("-", "red"), "cut": ("-", "red")}


class WayName(Enum):
    """How the model is asked."""

    STEPS = "steps"
    ONCE = "once"


def describe(
    file: Annotated[Path, typer.Argument(help="A workflow file; - reads standard input.", show_default=False)],
    wish: Annotated[str, typer.Argument(help="What you want, in your own words.", show_default=False)],
    accept: Annotated[
        str | None, typer.Option(help="Accept all, or numbers such as 1,3,4; without it nothing is written.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Ask this model (provider:model) instead of the default.")] = None,
    way: Annotated[
        WayName | None, typer.Option(help="Small decisions (steps), or all in one answer (once); else by the model.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the proposal as one JSON object.")] = False,
) -> None:
    """Propose changes of a workflow in words, and write those that are accepted.

    Exit code 0: the changes can be made (and were written, where accepted); 1: some cannot, or there are none.
    """
    document = read_document(file)
    proposal = _proposal(document, wish, model, way.value if way else None)
    if json:
        show.as_json(proposal.wire())
    else:
        _tell(proposal)
    chosen = _chosen(proposal, accept)
    if chosen:
        _write(file, document, proposal, chosen)
    elif not json and proposal.items:
        show.note("Nothing was written. Accept with --accept all, or by numbers: --accept 1,3.")
    raise typer.Exit(1 if not proposal.items or any(each.fault for each in proposal.items) else 0)


def _proposal(document: Document, wish: str, model: str | None, way: Any) -> "Proposal":
    from ui.describing import Wish, proposed, ready_model  # LangChain and the store: half a second each

    workspace = open_workspace()
    try:
        reference = ready_model(workspace, model)
        with show.ERR.status(f"asking {reference}") as status:

            def tell(event: Mapping[str, Any]) -> None:
                if event["type"] == "step":
                    status.update(event["text"])

            return asyncio.run(proposed(workspace, Wish(document, wish, reference, way), tell))
    finally:
        workspace.close()


def _tell(proposal: "Proposal") -> None:
    """The changes, what they would leave wrong, and what asking took."""
    if proposal.said:
        show.OUT.print(Text(proposal.said))
    for item in proposal.items:
        for line in _lines(item):
            show.OUT.print(line)
    for words in proposal.permissions:
        show.OUT.print(Text(f"Then it may also: {words}", style="yellow"))
    if proposal.left:
        show.OUT.print("With all of them there would be left:")
        report(proposal.left, show.OUT)
    spent = proposal.spent
    tokens = f"{spent.input_tokens + spent.output_tokens:,} tokens"
    cost = f", {show.dollars(spent.usd)}" if spent.usd else ""
    calls = f"{spent.calls} call{'' if spent.calls == 1 else 's'}"
    show.note(f"{proposal.model}: {calls}, {tokens}, {show.seconds(spent.seconds)}{cost}")


def _lines(item: "Item") -> list[Text]:
    sign, colour = _MARKS.get(item.sort, ("~", "cyan"))
    needs = f"  (with {', '.join(item.needs)})" if item.needs else ""
    mends = "  (so that nothing is left wrong)" if item.mends else ""
    found = [Text(f"{item.id:>3} ") + Text(f"{sign} {item.words}", style=colour) + Text(needs + mends, style="dim")]
    if isinstance(item.before, str) and isinstance(item.after, str) and "\n" in item.before + item.after:
        found += [Text(f"        {line}") for line in word_diff(item.before, item.after).splitlines()]
    if item.fault is not None:
        found.append(Text(f"      cannot be made: {item.fault.what}. {item.fault.mend}".rstrip(), style="bold red"))
    return found


def _chosen(proposal: "Proposal", accept: str | None) -> list[str]:
    """The ids accepted. Raises Refusal for a number that is none."""
    if accept is None:
        return []
    sound = [each.id for each in proposal.items if each.fault is None]
    if accept.strip().lower() == ALL:
        return sound
    named = [each.strip() for each in accept.split(",") if each.strip()]
    wrong = next((each for each in named if each not in sound), None)
    if wrong is not None:
        raise Refusal(
            f"{wrong!r} is no change that can be accepted.",
            where="--accept", mend=f"There are: {', '.join(sound) or 'none'}; or say all.",
        )  # fmt: skip
    return named


def _write(file: Path, document: Document, proposal: "Proposal", chosen: list[str]) -> None:
    from graphs.describing.accepting import operations, with_needs  # as above
    from graphs.operations import apply

    text = dump(apply(document, operations(document, proposal.items, chosen)))
    if file == STDIN:
        sys.stdout.write(text)
    else:
        file.write_text(text, encoding="utf-8")
        show.note(f"Wrote {file}: {len(with_needs(proposal.items, chosen))} of {len(proposal.items)} changes.")
