"""What a visit was answered so far, handed back when its node starts again from its top.

A tool call that a person must allow stops its node. Once the person has answered, the node runs again; the calls
it makes up to there (to models, tools, memory, sub-workflows) get the answers of the first time and are not made.
A call is known by what it asks and by how often the very same was asked before in the visit; so calls made at the
same time find their own answers, in whatever order they come.

A call that is under way when another one stops the node is not cut off: it ends, and its answer is kept too.
"""

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from nodes.contract import AnswerError, NodeError

T = TypeVar("T")


@dataclass(frozen=True)
class Turn:
    """One call: what it asks, hashed, and how often the very same was asked before."""

    key: str
    number: int

    @property
    def id(self) -> str:
        """The same whenever the node comes to this call again; 16 hex digits."""
        return hashlib.sha256(f"{self.key}#{self.number}".encode()).hexdigest()[:16]


@dataclass
class _Kept:
    """What all parts of a visit share."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """Id of a turn -> ``{"value": ...}`` or ``{"error": {...}}``."""
    rulings: dict[str, Any] = field(default_factory=dict[str, Any])
    """Id of a turn -> what a person said to it."""
    asked: Counter[str] = field(default_factory=Counter[str])
    spans: dict[str, float | None] = field(default_factory=dict[str, "float | None"])
    """Span that was begun -> when, in seconds since the epoch, where that was noted."""
    open: "set[asyncio.Task[Any]]" = field(default_factory=set["asyncio.Task[Any]"])
    closed: bool = False
    tokens: int = 0
    usd: float = 0.0


class Journal:
    """The answers of one visit. ``inside`` gives the part of a workflow that the node runs."""

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        """``kept``: what ``as_json`` gave when the visit stopped."""
        given = kept or {}
        self._kept = _Kept(
            dict(given.get("answers", {})), spans=_times(given.get("spans", {})),
            tokens=given.get("tokens", 0), usd=given.get("usd", 0.0),
        )  # fmt: skip
        self._place = ""
        self.heard = False
        """Whether the answers that people gave meanwhile were taken."""

    @property
    def spent(self) -> tuple[int, float]:
        """Tokens and US dollars of the visit before it stopped."""
        return self._kept.tokens, self._kept.usd

    def inside(self, place: str) -> "Journal":
        """The same journal for calls made at ``place``: they are told apart from those made elsewhere."""
        other = Journal()
        other._kept, other._place = self._kept, f"{self._place}/{place}"
        return other

    def began(self, span: str, at: float | None = None) -> bool:
        """Whether the span was begun before, so that it goes on; noted as begun, at ``at``, from now on."""
        before = span in self._kept.spans
        self._kept.spans.setdefault(span, at)
        return before

    def first(self, span: str) -> float | None:
        """When the span was begun the first time; None where that was not noted."""
        return self._kept.spans.get(span)

    def turn(self, operation: str, asked: Any) -> Turn:
        """The next call that asks this."""
        text = json.dumps([self._place, operation, asked], sort_keys=True, default=repr)
        key = hashlib.sha256(text.encode()).hexdigest()
        self._kept.asked[key] += 1
        return Turn(key, self._kept.asked[key])

    async def answer(
        self, turn: Turn, work: Callable[[], Awaitable[T]], pack: Callable[[T], Any], unpack: Callable[[Any], T]
    ) -> T:
        """What the call was answered the first time, else what ``work`` gives; raises what it raised.

        ``pack`` makes JSON-like data of an answer, ``unpack`` the answer of them.
        """
        known = self._kept.answers.get(turn.id)
        if known is not None:
            if "error" in known:
                raise _error(known["error"])
            return unpack(known["value"])
        if self._kept.closed:
            raise asyncio.CancelledError("the node waits for a person: nothing more is begun")
        task = asyncio.create_task(self._noted(turn, work, pack))
        self._kept.open.add(task)
        task.add_done_callback(self._kept.open.discard)
        return await asyncio.shield(task)

    def ruling(self, turn: Turn) -> Any:
        """What a person said to the call; None where nobody was asked."""
        return self._kept.rulings.get(turn.id)

    def rule(self, id: str, said: Any) -> None:
        """Note what a person said to the call whose turn has this id."""
        self._kept.rulings[id] = said

    def rewind(self) -> None:
        """The node starts again from its top."""
        self._kept.asked.clear()
        self._kept.closed = False

    def retry(self) -> None:
        """The node is tried again: what failed is asked again, the rest is not."""
        self._kept.answers = {id: each for id, each in self._kept.answers.items() if "error" not in each}
        self.rewind()

    async def settled(self) -> None:
        """Let no further call begin, and wait for those that are under way.

        Work that a node began beside the call that waits may outlive the node; what it did now would be lost.
        """
        self._kept.closed = True
        while self._kept.open:
            await asyncio.gather(*self._kept.open, return_exceptions=True)

    def cancel(self) -> None:
        """The visit is over: end the calls that are under way."""
        for task in self._kept.open:
            task.cancel()

    def as_json(self, tokens: int, usd: float) -> dict[str, Any]:
        """The answers, to go on with later, perhaps in another process."""
        return {
            "answers": dict(self._kept.answers), "spans": dict(self._kept.spans), "tokens": tokens, "usd": usd,
        }  # fmt: skip

    async def _noted(self, turn: Turn, work: Callable[[], Awaitable[T]], pack: Callable[[T], Any]) -> T:
        try:
            answer = await work()
        except NodeError as error:
            self._kept.answers[turn.id] = {"error": _packed(error)}
            raise
        self._kept.answers[turn.id] = {"value": pack(answer)}
        return answer


def _times(spans: Any) -> dict[str, float | None]:
    """The spans of a kept journal; an older Nodeloom kept their ids alone."""
    return dict(spans) if isinstance(spans, Mapping) else dict.fromkeys(spans)


def same(value: T) -> T:
    """For answers that are JSON-like as they are."""
    return value


def _packed(error: NodeError) -> dict[str, Any]:
    text = error.text if isinstance(error, AnswerError) else None
    return {"what": error.what, "mend": error.mend, "retryable": error.retryable, "text": text}


def _error(packed: Mapping[str, Any]) -> NodeError:
    if packed["text"] is not None:
        return AnswerError(packed["what"], text=packed["text"], mend=packed["mend"])
    return NodeError(packed["what"], mend=packed["mend"], retryable=packed["retryable"])
