"""What happened when: both runs of a comparison on the clock of the left one."""

from collections.abc import Iterable

from graphs.comparison_alignment import Pair
from graphs.comparison_trace import LightSpan, Trace


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
