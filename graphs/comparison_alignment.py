"""Two traces side by side: which span of one run stands for which of the other.

Spans are matched below the match of what stands above them, as a replay matches them (``replay_matching``): visits
by node, visit and item; of several calls of a visit those that ask the very same, then the others by their order
between them.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from graphs.replay_matching import Key, span_key
from graphs.replay_recording import that_counted

_NO_SPANS: Final[list["LightSpan"]] = []


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
        return self._below.get(span.id if span else None, _NO_SPANS)

    def spent(self, span: LightSpan) -> Spent:
        return self._spent[span.id]


@dataclass(frozen=True)
class Pair:
    """Two spans that stand for each other, or one that nothing stands for."""

    left: LightSpan | None
    right: LightSpan | None
    below: tuple["Pair", ...] = ()

    @property
    def span(self) -> LightSpan:
        """The one there is, the left one where both are."""
        found = self.left or self.right
        assert found is not None
        return found

    def all(self) -> Iterator["Pair"]:
        """The pair and all below it."""
        yield self
        for pair in self.below:
            yield from pair.all()


def align(left: Trace, right: Trace) -> tuple[Pair, ...]:
    """The pairs of the runs' own spans, with all others below them."""
    return tuple(_aligned(left, right, left.below(None), right.below(None)))


def _aligned(left: Trace, right: Trace, lefts: list[LightSpan], rights: list[LightSpan]) -> Iterator[Pair]:
    ours, theirs = _by_key(lefts), _by_key(rights)
    for key in dict.fromkeys((*ours, *theirs)):
        for one, other in _matched(ours.get(key, _NO_SPANS), theirs.get(key, _NO_SPANS)):
            ours_below = left.below(one) if one else _NO_SPANS
            theirs_below = right.below(other) if other else _NO_SPANS
            # Of a visit that did not run itself nothing stands below: that is no difference.
            alike = not (_was_spared(one, ours_below) or _was_spared(other, theirs_below))
            below = _aligned(left, right, ours_below, theirs_below) if alike and (ours_below or theirs_below) else ()
            yield Pair(one, other, tuple(below))


def _was_spared(span: LightSpan | None, below: list[LightSpan]) -> bool:
    """Whether a visit came to values of another run, a pin or a person without running."""
    return span is not None and not below and (span.kept_from is not None or span.by_hand is not None)


def _by_key(spans: Iterable[LightSpan]) -> dict[Key, list[LightSpan]]:
    found: defaultdict[Key, list[LightSpan]] = defaultdict(list)
    for span in spans:
        found[span_key(None, vars(span))].append(span)
    return found


def _matched(lefts: list[LightSpan], rights: list[LightSpan]) -> Iterator[tuple[LightSpan | None, LightSpan | None]]:
    """Those that ask the same; then those between the same two of them, in order; then whatever is left, in order."""
    if len(lefts) <= 1 and len(rights) <= 1:  # nearly always
        yield next(iter(lefts), None), next(iter(rights), None)
        return
    free: defaultdict[Any, deque[LightSpan]] = defaultdict(deque)
    for span in rights:
        free[_asked(span)].append(span)
    partners = {span.id: free[_asked(span)].popleft() for span in lefts if free[_asked(span)]}
    anchors = {partner.id: id for id, partner in partners.items()}
    gaps = _gaps(rights, anchors)
    for gap, spans in _gaps(lefts, {id: id for id in partners}).items():
        partners |= zip((span.id for span in spans), gaps.get(gap, _NO_SPANS), strict=False)
    taken = {span.id for span in partners.values()}
    rest = iter([span for span in rights if span.id not in taken])
    for span in lefts:
        yield span, partners.get(span.id) or next(rest, None)
    for span in rest:
        yield None, span


def _gaps(spans: Iterable[LightSpan], anchors: Mapping[str, str]) -> dict[str | None, list[LightSpan]]:
    """The spans between those that have a partner, by the anchor before them; None for those before the first."""
    found: defaultdict[str | None, list[LightSpan]] = defaultdict(list)
    before: str | None = None
    for span in spans:
        if span.id in anchors:
            before = anchors[span.id]
        else:
            found[before].append(span)
    return found


def _asked(span: LightSpan) -> tuple[Any, ...]:
    return span.name, span.input, span.settings


class Order:
    """When things happened, as a time in the left run (seconds since the epoch)."""

    def __init__(self, right: Trace, pairs: Iterable[Pair]) -> None:
        partners = {pair.right.id: pair.left for pair in pairs if pair.left and pair.right}
        self._of_right: dict[str, tuple[float, int]] = {}
        reached = min((span.started_at for span in partners.values()), default=0.0)
        for number, (_, ended, span) in enumerate(_events(right.spans)):
            partner = partners.get(span.id)
            if partner is not None:
                reached = max(reached, (ended and partner.ended_at) or partner.started_at)
            elif not ended:
                self._of_right[span.id] = reached, number + 1

    def start(self, pair: Pair) -> float:
        """When it began; of what the right run alone has, when that before it in the right run happened in the left."""
        return self.place(pair)[0]

    def end(self, pair: Pair) -> float:
        """When it ended."""
        return (pair.left.ended_at if pair.left else None) or self.start(pair)

    def place(self, pair: Pair) -> tuple[float, int]:
        """What to sort by: those of the right run alone in their own order, after what came before them."""
        return (pair.left.started_at, 0) if pair.left else self._of_right[pair.span.id]


def _events(spans: Iterable[LightSpan]) -> list[tuple[float, bool, LightSpan]]:
    """Starts and ends of spans by time; at the same moment ends come last, so that nothing ends before it began."""
    starts = [(span.started_at, False, span) for span in spans]
    ends = [(span.ended_at, True, span) for span in spans if span.ended_at is not None]
    return sorted([*starts, *ends], key=lambda event: event[:2])
