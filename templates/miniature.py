"""A workflow as the emblem on a gallery card: a silhouette for each node in its family's colour, flow and attachments.

Places are those of the canvas, stretched to the card; data edges, titles and notes are left out, for at this size
they are noise. The colours are the canvas's variables, so that an emblem in a page follows its theme.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from graphs.document import Document
from nodes.contract import NodeSpec
from nodes.registry import KINDS
from templates.sharing.drawing import Card, Drawing, Point, Wire, drawing_of

SILHOUETTES: Final[Mapping[str, str]] = {
    "planning": "M3 3h13l6 9-6 9H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z",
    "memory": "M3 5.5C3 3.5 7 2 12 2s9 1.5 9 3.5v13c0 2-4 3.5-9 3.5s-9-1.5-9-3.5z",
    "tools": (
        "M4.5 2h15A2.5 2.5 0 0 1 22 4.5v15a2.5 2.5 0 0 1-2.5 2.5h-15A2.5 2.5 0 0 1 2 19.5v"
        "-15A2.5 2.5 0 0 1 4.5 2z"
    ),
    "search": (
        "M11.2 1.6a1.3 1.3 0 0 1 1.6 0l9.2 6.9a1.4 1.4 0 0 1 .5 1.6l-3.4 11.1a1.3 1.3 0 0 1"
        "-1.2.9H6.1a1.3 1.3 0 0 1-1.2-.9L1.5 10.1a1.4 1.4 0 0 1 .5-1.6z"
    ),
    "deliberation": (
        "M5 2h14a3 3 0 0 1 3 3v11a3 3 0 0 1-3 3h-5.5l-4.3 3.6a.8.8 0 0 1-1.3-.6V19H5a3 3 0 0 1-3"
        "-3V5a3 3 0 0 1 3-3z"
    ),
    "workflows": "M5 1.5h9.5L21 8v13a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 21V3A1.5 1.5 0 0 1 5 1.5z",
    "simulation": (
        "M6.3 3h11.4a1.5 1.5 0 0 1 1.4 1l4 15a1.5 1.5 0 0 1-1.4 2H2.3a1.5 1.5 0 0 1-1.4-2l4"
        "-15a1.5 1.5 0 0 1 1.4-1z"
    ),
    "reflection": "M12 1.5a10.5 10.5 0 1 1 0 21 10.5 10.5 0 0 1 0-21z",
    "teams": (
        "M7 2h10a1 1 0 0 1 .9.5l5 9a1 1 0 0 1 0 1l-5 9a1 1 0 0 1-.9.5H7a1 1 0 0 1-.9-.5l-5-9a1 1 0 0 1 0-1l5"
        "-9A1 1 0 0 1 7 2z"
    ),
    "control": (
        "M12 .8a1.5 1.5 0 0 1 1.1.4l9.7 9.7a1.5 1.5 0 0 1 0 2.2l-9.7 9.7a1.5 1.5 0 0 1"
        "-2.2 0L1.2 13.1a1.5 1.5 0 0 1 0-2.2l9.7-9.7A1.5 1.5 0 0 1 12 .8z"
    ),
    "guards": "M12 1l9.5 3.5V11c0 6-3.5 9.8-9.5 12C6 20.8 2.5 17 2.5 11V4.5z",
    "resources": "M8 4.5h8a7.5 7.5 0 0 1 0 15H8a7.5 7.5 0 0 1 0-15z",
}  # fmt: skip
"""Family -> path in a box of 24, as on the canvas (``style/icons.tsx``)."""
WIDTH: Final = 300.0
HEIGHT: Final = 116.0
MARGIN: Final = 26.0
BLANK: Final = "M4 4h16v16H4z"
STROKE: Final = 'stroke="var(--text-3, #5B6470)" stroke-width="1.2"'
LARGEST: Final = 17.0
SMALLEST: Final = 7.0
"""Units a silhouette is wide: smaller, the more of them stand side by side."""


def miniature(document: Document, kinds: Mapping[str, NodeSpec] = KINDS) -> str:
    """The emblem as SVG."""
    emblem = _Emblem(drawing_of(document, kinds))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" '
        f'aria-label="{len(emblem.drawing.cards)} nodes">{"".join(emblem.shapes())}</svg>'
    )


class _Emblem:
    """A drawing stretched to the card."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        centres = [card.centre for card in drawing.cards if not card.frame] or [(0.0, 0.0)]
        self._left, self._top = min(x for x, _ in centres), min(y for _, y in centres)
        width, height = max(x for x, _ in centres) - self._left, max(y for _, y in centres) - self._top
        self._across = (WIDTH - 2 * MARGIN) / width if width else 0.0
        self._down = min((HEIGHT - 2 * MARGIN) / height, 2 * self._across or 1.0) if height else 0.0
        self._drop = (HEIGHT - height * self._down) / 2
        abreast = len({round(x / 40) for x, _ in centres})
        self._size = max(SMALLEST, min(LARGEST, 0.62 * (WIDTH - 2 * MARGIN) / max(abreast, 1)))

    def shapes(self) -> Iterator[str]:
        """Frames below wires below nodes."""
        yield from (self._frame(card) for card in self.drawing.cards if card.frame)
        yield from (self._wire(wire) for wire in self.drawing.wires if self._shown(wire))
        yield from (self._node(card) for card in self.drawing.cards if not card.frame)

    def _at(self, point: Point) -> Point:
        indent = MARGIN if self._across else WIDTH / 2
        return indent + (point[0] - self._left) * self._across, self._drop + (point[1] - self._top) * self._down

    def _node(self, card: Card) -> str:
        x, y = self._at(card.centre)
        scale = self._size / 24
        fill = f"var(--f-{card.family}, {card.colour})" if card.family else card.colour
        place = f"translate({x - self._size / 2:.1f} {y - self._size / 2:.1f}) scale({scale:.3f})"
        return f'<path d="{SILHOUETTES.get(card.family, BLANK)}" transform="{place}" fill="{fill}"/>'

    def _frame(self, card: Card) -> str:
        (x1, y1), (x2, y2) = self._at((card.x, card.y)), self._at((card.x + card.width, card.y + card.height))
        return (
            f'<rect x="{max(x1, 4):.1f}" y="{max(y1, 4):.1f}" width="{min(x2, WIDTH - 4) - max(x1, 4):.1f}" '
            f'height="{min(y2, HEIGHT - 4) - max(y1, 4):.1f}" rx="6" fill="none" {STROKE} stroke-dasharray="3 3"/>'
        )

    @staticmethod
    def _shown(wire: Wire) -> bool:
        """Flow and attachments; what leads between a frame and its body is seen from where the body stands."""
        inside = wire.source.holds(wire.target) or wire.target.holds(wire.source)
        return wire.sort != "data" and not inside

    def _wire(self, wire: Wire) -> str:
        (x1, y1), (x2, y2) = self._at(wire.source.edge(wire.sort, 1)), self._at(wire.target.edge(wire.sort, 0))
        if wire.sort == "attach":
            return _line([(x1, y1)], [(x2, y2)], ' opacity=".5"')
        if x2 > x1:
            bend = (x2 - x1) / 2
            return _line([(x1, y1)], [(x1 + bend, y1), (x2 - bend, y2), (x2, y2)])
        if abs(y2 - y1) > self._size:
            return self._carriage_return((x1, y1), (x2, y2))
        over = max(min(y1, y2) - self._size - 10, 6.0)  # a way back goes over the nodes between
        return _line([(x1, y1)], [(x1, over), (x2, over), (x2, y2 - self._size / 2)])

    def _carriage_return(self, source: Point, target: Point) -> str:
        """Back to another row: out to the right, between the rows, in from the left."""
        (x1, y1), (x2, y2), out = source, target, self._size
        between = (y1 + y2) / 2
        return (
            f'<path d="M{x1:.1f} {y1:.1f} C{x1 + out:.1f} {y1:.1f} {x1 + out:.1f} {between:.1f} {x1:.1f} {between:.1f} '
            f"L{x2:.1f} {between:.1f} C{x2 - out:.1f} {between:.1f} {x2 - out:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
            f'" fill="none" {STROKE}/>'
        )


def _line(start: list[Point], rest: list[Point], more: str = "") -> str:
    """A straight line to one point, a curve along three."""
    turn = "C" if len(rest) == 3 else "L"
    begun, gone = (" ".join(f"{x:.1f} {y:.1f}" for x, y in points) for points in (start, rest))
    return f'<path d="M{begun} {turn}{gone}" fill="none" {STROKE}{more}/>'
