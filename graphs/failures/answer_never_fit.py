"""Asked for a form, a model answered in another shape, and again when it was told so."""

from collections.abc import Iterator
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut, text_of
from graphs.failures.trace import Row, Trace, Visit
from nodes.answers import AGAIN

UNFIT: Final = "AnswerError"
TOLD: Final = AGAIN.partition("{")[0]
"""How a model is told that its answer did not fit. Calls of a node may run side by side, so what came before a
call in time says nothing about what it answers to."""


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each second answer that did not fit."""
    unfit = [chat for chat in visit.of("chat") if (chat["error"] or {}).get("type") == UNFIT]
    if len(unfit) < 2:
        return
    for chat in unfit:
        if not _was_told(chat, trace):
            continue
        said = cut(text_of(trace.output(chat)) or _why(chat))
        yield Found(
            chat["id"], f"Twice the answer did not fit the form: {said!r}",
            "Ask for fewer fields, use a model that keeps to a schema, or lead the node's error somewhere.",
            tuple(each["id"] for each in unfit if each is not chat and not _was_told(each, trace))[:1],
            "Give nothing but the form that is asked for, with all its fields.",
        )  # fmt: skip


def _was_told(chat: Row, trace: Trace) -> bool:
    messages: Any = trace.input(chat) or [{}]
    return str(messages[-1].get("content", "")).startswith(TOLD)


def _why(chat: Row) -> str:
    return str((chat["error"] or {}).get("what", ""))


DETECTOR: Final = Detector("answer_never_fit", "system", "error", "Answer never fitted the form", visit=check)
