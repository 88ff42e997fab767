"""One side of a comparison: the spans of a run that counted, without their values."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from graphs.replay_recording import that_counted

NO_SPANS: Final[list["LightSpan"]] = []


class Mark(Protocol):
    """``store.light_spans.Mark`` by shape: of a JSON value; those of equal values are equal."""

    @property
    def size(self) -> int: ...


class LightSpan(Protocol):
    """``store.light_spans.LightSpan`` by shape: a span without its values."""

    @property
    def id(self) -> str: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def operation(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def node_id(self) -> str | None: ...
    @property
    def kind(self) -> str | None: ...
    @property
    def visit(self) -> int | None: ...
    @property
    def item(self) -> int | None: ...
    @property
    def status(self) -> str: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def started_at(self) -> float: ...
    @property
    def ended_at(self) -> float | None: ...
    @property
    def tokens(self) -> int: ...
    @property
    def usd(self) -> float | None: ...
    @property
    def error(self) -> str | None: ...
    @property
    def input(self) -> Mark | None: ...
    @property
    def output(self) -> Mark | None: ...
    @property
    def settings(self) -> Mark | None: ...
    @property
    def kept_from(self) -> str | None: ...
    @property
    def by_hand(self) -> Mark | None: ...


@dataclass(frozen=True)
class Spent:
    """What a span took, with all below it."""

    tokens: int = 0
    usd: float | None = 0.0
    """US dollars by list prices; None where one is unknown."""

    def __add__(self, other: "Spent") -> "Spent":
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        return Spent(self.tokens + other.tokens, usd)


class Trace:
    """The spans of one run that counted, in the order they began."""

    def __init__(self, spans: Sequence[LightSpan]) -> None:
        self.spans = that_counted(spans, vars)
        self.by_id = {span.id: span for span in self.spans}
        self._below: defaultdict[str | None, list[LightSpan]] = defaultdict(list)
        self._spent: dict[str, Spent] = {}
        for span in self.spans:
            self._below[span.parent_id].append(span)
        for span in reversed(self.spans):  # what stands below began later
            own = Spent(span.tokens, span.usd if span.usd is not None else None if span.tokens else 0.0)
            below = self.below(span)
            self._spent[span.id] = sum((self._spent[each.id] for each in below), own) if below else own

    def below(self, span: LightSpan | None) -> list[LightSpan]:
        """The spans right below one; of None the run's own."""
        return self._below.get(span.id if span else None, NO_SPANS)

    def spent(self, span: LightSpan) -> Spent:
        return self._spent[span.id]
