"""A workflow drawn small."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nodes.contract import FAMILIES
from templates import catalogue
from templates.miniature import COLOURS, drawing_of, svg

TOKENS = Path(__file__).parents[2] / "ui/canvas/frontend/src/style/tokens.css"


def test_colours_are_those_of_the_canvas() -> None:
    """Every family has the light colour that the canvas draws it in."""
    found = dict(re.findall(r"--f-(\w+):\s*light-dark\((#\w+)", TOKENS.read_text()))
    assert {family: found[family] for family in FAMILIES} == COLOURS


@pytest.mark.parametrize("slug", catalogue.slugs())
def test_everything_lies_in_the_picture(slug: str) -> None:
    """No card and no wire is cut off, and the SVG has a shape for each."""
    drawing = drawing_of(catalogue.load(slug).document)
    for card in drawing.cards:
        assert card.x >= 0 and card.x + card.width <= drawing.width
        assert card.y >= 0 and card.y + card.height <= drawing.height
    for wire in drawing.wires:
        for x, y in wire.lane() if wire.back else (wire.start, wire.end):
            assert -1 <= x <= drawing.width and -1 <= y <= drawing.height + 40
    tree = ElementTree.fromstring(svg(drawing))
    assert len(tree) == len(drawing.cards) + len(drawing.wires)
