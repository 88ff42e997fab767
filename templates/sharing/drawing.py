"""A workflow as a picture to share: its cards with their titles where the canvas has them, and its edges.

Nodes without a position are put in rows. Colours are those of the canvas (``style/tokens.css``), light. The
emblem on a gallery card is in ``miniature``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from graphs.document import Document, Edge, Node
from nodes.contract import NodeSpec
from nodes.registry import KINDS

COLOURS: Final[Mapping[str, str]] = {
    "planning": "#5438A8", "search": "#6C6C36", "memory": "#00734F", "tools": "#8C3503", "reflection": "#8E1A66",
    "deliberation": "#EA006C", "teams": "#A37606", "control": "#777F89", "guards": "#1B222D", "workflows": "#3F0000",
    "simulation": "#BD3FE1", "resources": "#1B80B8",
}  # fmt: skip
PLAIN: Final = "#777F89"
INK: Final = "#1B222D"
PAPER: Final = "#FFFFFF"
GROUND: Final = "#F4F5F7"
WIRES: Final[Mapping[str, tuple[str, float]]] = {
    "attach": ("#1B80B8", 1.0), "data": ("#B9BEC6", 1.0), "flow": ("#5B6470", 2.0),
}  # fmt: skip
"""Sort of edge -> colour and width; flow is drawn last, over the others."""
CARD: Final = (200.0, 64.0)
END: Final = (112.0, 64.0)
RESOURCE: Final = (150.0, 44.0)
FRAME: Final = (600.0, 300.0)
"""About the sizes of the canvas (``frontend/src/model/geometry.ts``): its cards grow with their rows."""
CELL: Final = (260.0, 160.0)
ROW: Final = 6
MARGIN: Final = 40.0
HANDLE: Final = 32.0
"""How far below its upper edge flow and data meet a card."""
LANE: Final = 22.0
"""How far a way back stands off its cards."""
LETTER: Final = 7.5
"""About the width of a letter of a title."""
WIDEST: Final = 1_600
"""Pixels of the picture's longer side."""

SMOOTH: Final = 2
"""Times larger it is drawn than shown: Pillow's lines have hard edges."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Card:
    """A node as drawn: its upper left corner and size in the units of the canvas."""

    x: float
    y: float
    width: float
    height: float
    title: str
    family: str
    """'' for a node of a kind that is not installed."""
    frame: bool

    @property
    def colour(self) -> str:
        return COLOURS.get(self.family, PLAIN)

    @property
    def centre(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    def holds(self, other: "Card") -> bool:
        """Whether the other stands in this frame."""
        across = self.x <= other.x and other.x + other.width <= self.x + self.width
        return self.frame and other is not self and across and self.y <= other.y <= self.y + self.height

    def edge(self, sort: str, side: int) -> Point:
        """Where an edge meets it: a node at its centre, a frame at its left (``side`` 0), its right (1) or its top."""
        if not self.frame:
            return self.centre
        return (self.x + self.width / 2, self.y) if sort == "attach" else (self.x + side * self.width, self.centre[1])


@dataclass(frozen=True)
class Wire:
    """An edge: a curve from one point to another. ``source`` and ``target`` are the cards it joins."""

    source: Card
    target: Card
    start: Point
    end: Point
    sort: str

    @property
    def back(self) -> bool:
        """Whether it leads to the left: it is drawn in a lane of its own, as on the canvas."""
        return self.sort != "attach" and self.end[0] < self.start[0]

    def lane(self) -> list[Point]:
        """The corners of a way back: out to the right, between the rows, in from the left."""
        (x1, y1), (x2, y2) = self.start, self.end
        across = (y1 + y2) / 2 if abs(y2 - y1) > CARD[1] else max(y1, y2) + CARD[1]
        return [self.start, (x1 + LANE, y1), (x1 + LANE, across), (x2 - LANE, across), (x2 - LANE, y2), self.end]

    def bezier(self) -> tuple[Point, Point, Point, Point]:
        """Start, two handles, end. Attach edges hang down, the others go right."""
        (x1, y1), (x2, y2) = self.start, self.end
        if self.sort == "attach":
            bend = max(abs(y2 - y1) / 2, 20.0)
            return self.start, (x1, y1 + bend), (x2, y2 - bend), self.end
        bend = max((x2 - x1) / 2, 10.0)
        return self.start, (x1 + bend, y1), (x2 - bend, y2), self.end


@dataclass(frozen=True)
class Drawing:
    """Everything there is to draw; ``width`` and ``height`` hold all of it, from 0, 0."""

    width: float
    height: float
    cards: tuple[Card, ...]
    wires: tuple[Wire, ...]


def drawing_of(document: Document, kinds: Mapping[str, NodeSpec] = KINDS) -> Drawing:
    """Where everything goes. Notes are left out."""
    shown = {id: node for id, node in document.nodes.items() if node.kind != "note"}
    corners = _corners(shown)
    left = min((x for x, _ in corners.values()), default=0.0) - MARGIN
    top = min((y for _, y in corners.values()), default=0.0) - MARGIN
    cards = {id: _card(node, corners[id], (left, top), kinds) for id, node in shown.items()}
    wires = [
        _wire(edge, shown, cards, sort)
        for sort in WIRES
        for edge in document.parsed(sort)  # pyright: ignore[reportArgumentType] - the sorts there are
        if edge.source in cards and edge.target in cards
    ]
    width = max((card.x + card.width for card in cards.values()), default=CARD[0]) + MARGIN
    height = max((card.y + card.height for card in cards.values()), default=CARD[1]) + MARGIN
    ordered = sorted(cards.values(), key=lambda card: not card.frame)  # frames lie under what is in them
    return Drawing(width, height, tuple(ordered), tuple(wires))


def png(drawing: Drawing) -> Image.Image:
    """A picture with titles, at most ``WIDEST`` pixels wide or high."""
    scale = SMOOTH * min(2.0, WIDEST / max(drawing.width, drawing.height))
    image = Image.new("RGB", (round(drawing.width * scale), round(drawing.height * scale)), GROUND)
    pen = ImageDraw.Draw(image)
    for card in drawing.cards:
        if card.frame:
            pen.rounded_rectangle(_box(card, scale), 12 * scale, outline=card.colour, width=max(1, round(scale)))
    for wire in drawing.wires:
        colour, width = WIRES[wire.sort]
        pen.line([(x * scale, y * scale) for x, y in _curve(wire)], fill=colour, width=max(1, round(width * scale)))
    font = ImageFont.load_default(max(7.0, 15 * scale))
    for card in drawing.cards:
        _draw_card(pen, card, scale, font)
    return image.resize((image.width // SMOOTH, image.height // SMOOTH), Image.Resampling.LANCZOS)


# --- layout -------------------------------------------------------------------------------------------------


def _corners(nodes: Mapping[str, Node]) -> dict[str, Point]:
    """Where each node stands on the canvas: those in frames relative to it, as the document has them."""
    placed: dict[str, Point] = {}
    free = 0
    for id, node in nodes.items():
        if node.position is None:
            placed[id] = (CELL[0] * (free % ROW), CELL[1] * (free // ROW))
            free += 1
        else:
            placed[id] = node.position
    return {id: _absolute(id, nodes, placed) for id in nodes}


def _absolute(id: str, nodes: Mapping[str, Node], placed: Mapping[str, Point]) -> Point:
    x, y = placed[id]
    parent, seen = nodes[id].parent, {id}
    while parent is not None and parent in nodes and parent not in seen:
        seen.add(parent)
        x, y = x + placed[parent][0], y + placed[parent][1]
        parent = nodes[parent].parent
    return x, y


def _card(node: Node, corner: Point, origin: Point, kinds: Mapping[str, NodeSpec]) -> Card:
    spec = kinds.get(node.kind)
    frame = spec is not None and spec.frame
    width, height = node.size or FRAME if frame else _size(spec)
    title = node.label or (spec.title if spec else node.kind)
    room = int((width - 54) // LETTER)
    shown = title if len(title) <= room else f"{title[: room - 1]}…"
    family = spec.family if spec else ""
    return Card(corner[0] - origin[0], corner[1] - origin[1], width, height, shown, family, frame)


def _size(spec: NodeSpec | None) -> Point:
    if spec is None:
        return CARD
    return END if spec.dynamic else RESOURCE if spec.provides else CARD


def _wire(edge: Edge, nodes: Mapping[str, Node], cards: Mapping[str, Card], sort: str) -> Wire:
    """From the right side of a card to the left of the next; between a frame and its body, along its sides."""
    source, target = cards[edge.source], cards[edge.target]
    if sort == "attach":
        socket = (target.x + target.width / 2, target.y + target.height)
        return Wire(source, target, socket, (source.x + source.width / 2, source.y), sort)
    begins = source.x if nodes[edge.target].parent == edge.source else source.x + source.width
    ends = target.x + target.width if nodes[edge.source].parent == edge.target else target.x
    return Wire(source, target, (begins, source.y + HANDLE), (ends, target.y + HANDLE), sort)


# --- shapes -------------------------------------------------------------------------------------------------


def _curve(wire: Wire, steps: int = 24) -> list[Point]:
    if wire.back:
        return wire.lane()
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = wire.bezier()
    points: list[Point] = []
    for step in range(steps + 1):
        t = step / steps
        a, b, c, d = (1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
        points.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return points


def _box(card: Card, scale: float) -> tuple[float, float, float, float]:
    return card.x * scale, card.y * scale, (card.x + card.width) * scale, (card.y + card.height) * scale


def _draw_card(
    pen: ImageDraw.ImageDraw, card: Card, scale: float, font: ImageFont.FreeTypeFont | ImageFont.ImageFont
) -> None:
    if not card.frame:
        pen.rounded_rectangle(_box(card, scale), 10 * scale, fill=PAPER, outline="#D5D9DF", width=max(1, round(scale)))
        pen.rounded_rectangle(
            _tile(card, scale), 6 * scale, fill=card.colour,
        )  # fmt: skip
    left, middle = card.x + (12 if card.frame else 48), card.y + (16 if card.frame else card.height / 2)
    pen.text((left * scale, middle * scale), card.title, fill=INK, font=font, anchor="lm")


def _tile(card: Card, scale: float) -> tuple[float, float, float, float]:
    """The coloured square on a card, where the canvas has the node's icon."""
    x, y = card.x + 10, card.y + card.height / 2 - 14
    return x * scale, y * scale, (x + 28) * scale, (y + 28) * scale
