"""A model asks for a tool that it does not have."""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import asked_calls
from graphs.failures.trace import Trace, Visit


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each name that does not exist."""
    known: set[str] = set()
    spans: dict[str, list[str]] = {}
    for chat in visit.of("chat"):
        offered: Any = trace.attributes(chat).get("tools")
        if offered is None:
            continue
        known.update(offered)
        for call in asked_calls(chat, trace):
            if call.tool not in known:
                spans.setdefault(call.tool, []).append(call.span)
    for name, asked in spans.items():
        yield Found(
            asked[0], f"The model called {name!r}, and there is no such tool; there are {', '.join(sorted(known))}",
            f"Attach a tool that does what {name!r} was meant to, or name the tools there are in the prompt.",
            tuple(asked[1:]), f"There is no tool {name!r}; there are only {', '.join(sorted(known))}.",
        )  # fmt: skip


DETECTOR: Final = Detector("unknown_tool", "tool", "warning", "Call of a tool that is not there", visit=check)
