"""Scripts: prepared answers of a model, and who gets which.

The file format is one JSON object::

    {"name": "maths-tutor", "replies": [
      {"node": "plan", "data": {"steps": [{"id": "1", "title": "Add"}]}, "input_tokens": 210, "seconds": 1.2},
      {"node": "work", "tool_calls": [{"name": "calculator", "arguments": {"expression": "17+26"}}]},
      {"node": "work", "text": "17 + 26 = 43"},
      {"match": "(?i)capital of france", "text": "Paris.", "repeat": true},
      {"node": "critique", "error": {"what": "The model did not answer", "mend": "", "retryable": true}}
    ]}

A reply fits a call when each of ``node``, ``visit``, ``item``, ``match`` and ``conversation`` it has agrees with the
call. The first fitting reply that was not given yet is given, once, or always with ``repeat``. What
was given is remembered for each run (``Call.run``), so runs side by side do not take each other's.
"""

import json
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from nodes.contract import NodeError


class ScriptedToolCall(BaseModel):
    """One call of a tool the answer asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    arguments: dict[str, Any] = Field(default_factory=dict[str, Any])
    id: str | None = None
    """None: made from the reply's place in the script."""


class ScriptedError(BaseModel):
    """A failure instead of an answer; the fields of NodeError."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: str
    mend: str = ""
    retryable: bool = False
    unfit: bool = False
    """The model did answer, with the reply's ``text``, but not in the shape that was asked for: AnswerError."""


class ScriptedReply(BaseModel):
    """One prepared answer. The first five fields say which calls it fits; None fits every call."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    node: str | None = None
    visit: int | None = Field(None, ge=1)
    item: int | None = Field(None, ge=0)
    match: str | None = None
    """Regular expression searched in the text of the last message."""
    conversation: tuple[str, ...] | None = None
    """Texts of all messages of the call, the system's first."""
    repeat: bool = False
    """True: given as often as asked."""
    text: str = ""
    tool_calls: tuple[ScriptedToolCall, ...] = ()
    data: Any = None
    """The object for a call with a schema; sent as JSON text when ``text`` is empty."""
    input_tokens: int | None = Field(None, ge=0)
    """None: estimated as four characters a token."""
    output_tokens: int | None = Field(None, ge=0)
    seconds: float = Field(0.0, ge=0, le=600)
    """How long the answer takes; its words are spread over this time."""
    finish_reason: str = "stop"
    error: ScriptedError | None = None

    @field_validator("match")
    @classmethod
    def _compiles(cls, pattern: str | None) -> str | None:
        if pattern is not None:
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f'"{pattern}" is not a regular expression: {error}') from None
        return pattern

    @property
    def content(self) -> str:
        """The text as the model sends it."""
        if self.text or self.data is None:
            return self.text
        return json.dumps(self.data, ensure_ascii=False)


class Script(BaseModel):
    """Prepared answers under a name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "script"
    replies: tuple[ScriptedReply, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Script":
        """Read a script's file; its stem is the name where the file gives none. Raises NodeError."""
        try:
            raw: Any = json.loads(path.read_text(encoding="utf-8"))
            return cls.model_validate({"name": path.stem} | raw)
        except OSError as error:
            raise NodeError(f"The script {path} cannot be read: {error.strerror}", mend="Check the path.") from None
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise NodeError(
                f"The script {path} is wrong at {place}: {first['msg']} (got {first['input']!r})",
                mend="The format is described in docs/models.md under Scripts.",
            ) from None
        except (ValueError, TypeError) as error:
            raise NodeError(
                f"The script {path} is not a JSON object: {error}", mend='Write {"replies": [...]}.'
            ) from None

    def save(self, path: Path) -> None:
        """Write the file, leaving out what equals its default."""
        path.write_text(
            json.dumps(self.model_dump(exclude_defaults=True), ensure_ascii=False, indent=1) + "\n", "utf-8"
        )


@dataclass(frozen=True)
class Call:
    """What is known about a call of the model. Empty and None where the caller did not say."""

    run: str = ""
    node: str = ""
    visit: int | None = None
    item: int | None = None
    question: str = ""
    """Text of the last message."""
    conversation: tuple[str, ...] = ()
    """Texts of all messages, in order."""


class Player:
    """Gives the replies of one script, each once a run. Thread-safe."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._given: dict[str, set[int]] = {}
        self._lock = threading.Lock()

    def next(self, call: Call) -> tuple[int, ScriptedReply]:
        """The place and the reply that answers ``call``. Raises NodeError when none is left."""
        with self._lock:
            given = self._given.setdefault(call.run, set())
            for place, reply in enumerate(self.script.replies):
                if place not in given and _fits(reply, call):
                    if not reply.repeat:
                        given.add(place)
                    return place, reply
            raise _exhausted(self.script, call, given)

    def forget(self, run: str) -> None:
        """Start over for ``run``."""
        with self._lock:
            self._given.pop(run, None)


def _fits(reply: ScriptedReply, call: Call) -> bool:
    return (
        reply.node in (None, call.node)
        and reply.visit in (None, call.visit)
        and reply.item in (None, call.item)
        and (reply.match is None or re.search(reply.match, call.question) is not None)
        and reply.conversation in (None, call.conversation)
    )


def _exhausted(script: Script, call: Call, given: set[int]) -> NodeError:
    counts: dict[str, list[int]] = {}
    for place, reply in enumerate(script.replies):
        tally = counts.setdefault(reply.node or "any node", [0, 0])
        tally[0] += 1
        tally[1] += place in given
    held = "; ".join(f"{node}: {total} ({used} given)" for node, (total, used) in counts.items()) or "no replies"
    visit = f" at visit {call.visit}" if call.visit is not None else ""
    item = f", item {call.item}" if call.item is not None else ""
    question = call.question if len(call.question) <= 200 else call.question[:199] + "…"
    return NodeError(
        f'The script "{script.name}" has no answer left for node "{call.node or "?"}"{visit}{item}, '
        f'which asked: "{question}". It holds {held}',
        mend="Add a reply for this node to the script, or run with another model.",
    )
