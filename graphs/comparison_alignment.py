"""Two traces side by side: which span of one run stands for which of the other.

Spans are matched below the match of what stands above them, as a replay matches them (``replay_matching``): visits
by node, visit and item; of several calls of a visit those that ask the very same, then the others by their order
between them.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphs.comparison_trace import NO_SPANS, LightSpan, Trace
from graphs.replay_matching import Key, span_key


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
        for one, other in _matched(ours.get(key, NO_SPANS), theirs.get(key, NO_SPANS)):
            ours_below = left.below(one) if one else NO_SPANS
            theirs_below = right.below(other) if other else NO_SPANS
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
        partners |= zip((span.id for span in spans), gaps.get(gap, NO_SPANS), strict=False)
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
