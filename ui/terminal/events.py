"""One line for each event of a run."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Event = Mapping[str, Any]


def line(event: Event) -> str:
    """The event in words, such as ``critique 2  done in 1.4 s, revise``."""
    describe = _LINES.get(event["type"])
    return f"{_place(event):<20} {describe(event) if describe else event['type']}"


def _place(event: Event) -> str:
    if "node" not in event:
        return "run"
    visit = f" {event['visit']}" if event.get("visit", 1) > 1 else ""
    item = f" [{event['item']}]" if event.get("item") is not None else ""
    return f"{event['node']}{visit}{item}"


def _finished(event: Event) -> str:
    outcome = "" if event["outcome"] == "done" else f", {event['outcome']}"
    return f"done in {event['seconds']:.1f} s{outcome}"


def _failed(event: Event) -> str:
    return f"failed: {event['error']['what']}{' (handled)' if event['handled'] else ''}"


def _spent(event: Event) -> str:
    return f"{event['steps']} steps, {event['seconds']:.1f} s, {event['tokens']:,} tokens, ${event['usd']:.4f}"


_LINES: Final[dict[str, Callable[[Event], str]]] = {
    "run.started": lambda event: f"{event['number']} started",
    "run.spent": _spent,
    "run.finished": lambda event: event["status"],
    "node.started": lambda event: "started",
    "node.token": lambda event: event["text"].replace("\n", " "),
    "node.progress": lambda event: event["text"],
    "node.finished": _finished,
    "node.failed": _failed,
    "node.waiting": lambda event: f"waits for you: {event['form']['title']}",
    "tool.started": lambda event: f"calls {event['tool']}",
    "tool.finished": lambda event: f"{event['tool']}: {event['result'].replace(chr(10), ' ')}",
    "model.finished": lambda event: (
        f"{event['model']}: {event['input_tokens']} in, {event['output_tokens']} out, {event['seconds']:.1f} s"
    ),
}
