"""What is different between two visits, or two calls, that stand for each other, and when it came to be so."""

from collections.abc import Iterator
from typing import Final, Literal, Protocol

from graphs.comparison_alignment import Pair
from graphs.comparison_order import Order
from graphs.comparison_trace import LightSpan
from graphs.replay_matching import ANSWERED, CHANGED
from graphs.replay_recording import ENDED

CHANGES: Final = (
    "missing", "kind", "settings", "by_hand", "input", "prompt", "model", "arguments", "query", "memory", "calls",
    "answer", "outcome", "output",
)  # fmt: skip
"""The sorts of changes (docs/contracts.md, Comparisons), in the order they are told."""

Column = Literal["input", "output"]


class Alike(Protocol):
    """Whether the values of two spans are equal as JSON though their marks are not: their keys stand otherwise."""

    def __call__(self, left: str, right: str, column: Column, /) -> bool: ...


Found = dict[str, float]
"""Sort of change -> when it came to be, as ``Order`` has it."""


class Changes:
    """Holds pairs against each other."""

    def __init__(self, order: Order, alike: Alike) -> None:
        self._order = order
        self._alike = alike

    def of_visit(self, pair: Pair) -> Found:
        """What changed in a visit: what it got, what it asked and was answered, and what came of it."""
        start, end = self._order.start(pair), self._order.end(pair)
        if pair.left is None or pair.right is None:
            return {"missing": start}
        found: Found = {}
        if pair.left.kind != pair.right.kind:
            found["kind"] = start
        if pair.left.by_hand != pair.right.by_hand:
            found["by_hand"] = start
        if not self._same(pair.left, pair.right, "input"):
            found["input"] = start
        for sort, at in self._of_calls(pair):
            found[sort] = min(at, found.get(sort, at))
        found |= dict.fromkeys(self._ended(pair.left, pair.right), end)
        return found

    def of_call(self, pair: Pair) -> Found:
        """What changed in a call of a visit."""
        start = self._order.start(pair)
        if pair.left is None or pair.right is None:
            return {"calls": start}
        found: Found = {}
        if not self._same(pair.left, pair.right, "input"):
            found[CHANGED[pair.left.operation]] = start
        if (pair.left.name, pair.left.settings) != (pair.right.name, pair.right.settings):
            found["model" if pair.left.operation == "chat" else CHANGED[pair.left.operation]] = start
        if pair.left.operation in ("chat", "execute_tool") and any(self._ended(pair.left, pair.right)):
            found["answer"] = self._order.end(pair)
        return found

    def _of_calls(self, pair: Pair) -> Iterator[tuple[str, float]]:
        for call in pair.below:
            if call.span.operation in ANSWERED:
                yield from self.of_call(call).items()
            elif call.span.operation == "invoke_workflow" and not (call.left and call.right):
                yield "calls", self._order.start(call)

    def _ended(self, left: LightSpan, right: LightSpan) -> Iterator[str]:
        """Of what has not ended only that is told."""
        ended = left.status in ENDED and right.status in ENDED
        if left.status != right.status or (ended and (left.outcome, left.error) != (right.outcome, right.error)):
            yield "outcome"
        if ended and not self._same(left, right, "output"):
            yield "output"

    def _same(self, left: LightSpan, right: LightSpan, column: Column) -> bool:
        one, other = (left.input, right.input) if column == "input" else (left.output, right.output)
        if one is None or other is None or one == other:
            return one == other
        return one.size == other.size and self._alike(left.id, right.id, column)
