"""A tool failed, the model was told, and it answered as if nothing had happened.

It is no fault to call again, to try another tool, or to say what did not work.
"""

from collections.abc import Iterator
from typing import Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import admits_failure, cut, text_of, texts_in
from graphs.failures.trace import Row, Trace, Visit

TOLD: Final = 60
"""Characters of the tool's words by which they are found again in what the model was sent."""


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """At most one finding: about the last failure, where no call after it went well."""
    tools, chats = visit.of("execute_tool"), visit.of("chat")
    failed = [row for row in tools if row["status"] == "error"]
    if visit.step.status != "ok" or not failed or not chats:
        return
    last = failed[-1]
    later = [row for row in tools if _after(row, last) and row["status"] == "ok"]
    answers = [row for row in chats if _after(row, last) and row["status"] == "ok"]
    if later or not answers or not _was_told(last, answers, trace):
        return
    answer = text_of(trace.output(answers[-1]))
    if not admits_failure(answer):
        yield Found(
            last["id"],
            f"{last['name']} failed ({cut(_why(last, trace))}), and the answer does not say so: {cut(answer)!r}",
            "Tell the model to try another way or to say what it could not find out, or lead the failure to a node"
            " that deals with it.",
            tuple(row["id"] for row in (*failed[:-1], answers[-1])),
            tell=f"{last['name']} failed. Try another way, or say plainly what could not be found out.",
        )


def _after(row: Row, other: Row) -> bool:
    return (row["started_at"], row["id"]) > (other["started_at"], other["id"])


def _why(row: Row, trace: Trace) -> str:
    return text_of(trace.output(row)) or str((row["error"] or {}).get("what", ""))


def _was_told(failed: Row, chats: list[Row], trace: Trace) -> bool:
    """Whether a model read the failure: a search that prunes failed calls shows them to nobody."""
    words = _why(failed, trace)[:TOLD]
    return bool(words) and any(words in text for chat in chats for text in texts_in(trace.input(chat)))


DETECTOR: Final = Detector("ignored_tool_error", "tool", "error", "Tool error ignored", visit=check)
