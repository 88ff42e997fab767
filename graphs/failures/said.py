"""What was said and called, read out of the values of spans: texts, tool calls, results."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graphs.failures.trace import Row, Trace, Visit

CUT: Final = 120
"""Characters of a value in a finding."""


def cut(value: Any, length: int = CUT) -> str:
    """A value on one line, cut."""
    text = " ".join((value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)).split())
    return text if len(text) <= length else text[: length - 1] + "…"


def key_of(value: Any) -> str:
    """Equal for equal values."""
    return json.dumps(value, sort_keys=True, default=str)


def text_of(output: Any) -> str:
    """The text of a model's answer, or of a tool's result."""
    if isinstance(output, Mapping):
        said = output.get("content", output.get("text"))
        return said if isinstance(said, str) else "" if said is None else key_of(said)
    return output if isinstance(output, str) else "" if output is None else key_of(output)


def texts_in(value: Any) -> Iterator[str]:
    """All texts in a value, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from texts_in(each)


def is_empty(value: Any) -> bool:
    """Nothing, blanks, or a list or record without anything."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


@dataclass(frozen=True)
class AskedCall:
    """A tool call that a model asked for."""

    span: str
    """Of the model call."""
    tool: str
    arguments: Any

    @property
    def key(self) -> str:
        """Equal for word for word the same call."""
        return f"{self.tool} {key_of(self.arguments)}"

    @property
    def shown(self) -> str:
        return f"{self.tool}({cut(self.arguments)})"


def asked_calls(chat: Row, trace: Trace) -> list[AskedCall]:
    """The tool calls in a model's answer."""
    output: Any = trace.output(chat)
    calls: Sequence[Any] = (output.get("tool_calls") or []) if isinstance(output, Mapping) else []
    return [AskedCall(chat["id"], str(each["name"]), each.get("arguments", each.get("args")) or {}) for each in calls]


def all_asked(visit: Visit, trace: Trace) -> list[AskedCall]:
    """The tool calls that the models of a visit asked for, in order."""
    return [call for chat in visit.of("chat") for call in asked_calls(chat, trace)]


def by_agent(visit: Visit, calls: Sequence[AskedCall], trace: Trace) -> list[list[AskedCall]]:
    """The calls apart for each agent in the visit: those whose conversations begin with the same words are one."""
    asked = {call.span for call in calls}
    agents = {chat["id"]: _beginning(chat, trace) for chat in visit.of("chat") if chat["id"] in asked}
    found: dict[str, list[AskedCall]] = {}
    for call in calls:
        found.setdefault(agents[call.span], []).append(call)
    return list(found.values())


def _beginning(chat: Row, trace: Trace) -> str:
    messages: Any = trace.input(chat) or []
    return key_of([each for each in messages[:2] if each.get("role") in ("system", "user")])


_ADMITS: Final = re.compile(
    r"\b(?:not|cannot|unable|unavailable|fail\w*|errors?|denied|refus\w*|reject\w*|unknown|sorry|missing|invalid|"
    r"timed? ?out|timeout|broke\w*|impossible|instead|unfortunately|without|never)\b|n't\b",
    re.IGNORECASE,
)


def admits_failure(text: str) -> bool:
    """Whether a text says, in English, that something did not work."""
    return _ADMITS.search(text) is not None
