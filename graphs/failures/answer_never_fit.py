"""Asked for a form, a model answered in another shape, and again when it was told so."""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut, text_of
from graphs.failures.trace import Row, Trace, Visit

UNFIT: Final = "AnswerError"


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each pair of misfits in a row."""
    before: Row | None = None
    for chat in visit.of("chat"):
        unfit = chat["status"] == "error" and (chat["error"] or {}).get("type") == UNFIT
        if unfit and before is not None:
            yield Found(
                chat["id"],
                f"Twice the answer did not fit the form: {cut(text_of(trace.output(chat)) or _why(chat))!r}",
                "Ask for fewer fields, use a model that keeps to a schema, or lead the node's error somewhere.",
                (before["id"],), "Give nothing but the form that is asked for, with all its fields.",
            )  # fmt: skip
            before = None
        else:
            before = chat if unfit else None


def _why(chat: Row) -> str:
    return str((chat["error"] or {}).get("what", ""))


DETECTOR: Final = Detector("answer_never_fit", "system", "error", "Answer never fitted the form", visit=check)
