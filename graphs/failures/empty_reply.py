"""A model answered with nothing: no text, no tool call."""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import asked_calls, text_of
from graphs.failures.trace import Trace, Visit


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each empty reply."""
    for chat in visit.of("chat"):
        if chat["status"] == "ok" and not text_of(trace.output(chat)).strip() and not asked_calls(chat, trace):
            yield Found(
                chat["id"], f"{chat['name']} answered with nothing",
                "Try another model or temperature; look whether the prompt leaves anything to say.",
                tell="Do answer: the last answer was empty.",
            )  # fmt: skip


DETECTOR: Final = Detector("empty_reply", "system", "warning", "Empty reply of a model", visit=check)
