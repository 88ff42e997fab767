"""A model asks for the very same tool call again.

It knows the result already, so nothing new can come of it: small models do this for ever. Programs (code
actions, searches) may repeat a call for their own reasons; there it counts from the third time with the same
result.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import AskedCall, all_asked, by_agent, cut, key_of
from graphs.failures.trace import Row, Trace, Visit

BY_PROGRAM: Final = 3
"""Equal calls with equal results in one visit that are too many where no model asked for each."""


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each call that was repeated."""
    asked = all_asked(visit, trace)
    if not asked:
        yield from _by_program(visit, trace)
    elif len({call.key for call in asked}) < len(asked):  # else nothing can be repeated: no need to tell agents apart
        for calls in by_agent(visit, asked, trace):
            yield from _of_agent(calls)


def _of_agent(asked: list[AskedCall]) -> Iterator[Found]:
    same: dict[str, list[AskedCall]] = defaultdict(list)
    for call in asked:
        same[call.key].append(call)
    for calls in same.values():
        if len(calls) > 1:
            last = calls[-1]
            yield Found(
                last.span, f"The call {last.shown} was asked for {len(calls)} times, word for word the same",
                "Say in the prompt that a result is final, lower 'Tool calls', attach a Loop guard, or use a stronger"
                " model.",
                tuple(dict.fromkeys(call.span for call in calls[:-1])),
                tell=f"Make the call {last.shown} once only: its result stays the same.",
            )  # fmt: skip


def _by_program(visit: Visit, trace: Trace) -> Iterator[Found]:
    made: dict[str, list[Row]] = defaultdict(list)
    for row in visit.of("execute_tool"):
        made[key_of([row["name"], trace.input(row), trace.output(row)])].append(row)
    for rows in made.values():
        if len(rows) >= BY_PROGRAM:
            last = rows[-1]
            yield Found(
                last["id"],
                f"{last['name']}({cut(trace.input(last))}) was called {len(rows)} times with the same result",
                "Keep the result in a variable, or end the search where nothing new comes of it.",
                tuple(row["id"] for row in rows[:-1]),
            )


DETECTOR: Final = Detector("repeated_call", "tool", "warning", "The same tool call again", visit=check)
