"""A workflow drawn small, and large."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from nodes.contract import FAMILIES
from templates import catalogue
from templates.miniature import HEIGHT, SILHOUETTES, WIDTH, miniature
from templates.sharing.drawing import COLOURS, drawing_of

STYLE = Path(__file__).parents[2] / "ui/canvas/frontend/src/style"
SVG = "{http://www.w3.org/2000/svg}"


def test_colours_and_silhouettes_are_those_of_the_canvas() -> None:
    """Every family has the light colour and the path that the canvas draws it with."""
    colours = dict(re.findall(r"--f-(\w+):\s*light-dark\((#\w+)", (STYLE / "tokens.css").read_text()))
    drawn = (STYLE / "icons.tsx").read_text().partition("FAMILY_TITLES")[0]
    paths = dict(re.findall(r"^  (\w+): '(M[^']+)',$", drawn, re.MULTILINE))
    assert {family: colours[family] for family in FAMILIES} == COLOURS
    assert {family: paths[family] for family in FAMILIES} == SILHOUETTES


@pytest.mark.parametrize("slug", catalogue.slugs())
def test_everything_lies_in_the_picture(slug: str) -> None:
    """No card and no wire is cut off."""
    drawing = drawing_of(catalogue.load(slug).document)
    for card in drawing.cards:
        assert card.x >= 0
        assert card.y >= 0
        assert card.x + card.width <= drawing.width
        assert card.y + card.height <= drawing.height
    for wire in drawing.wires:
        for x, _ in wire.lane() if wire.back else (wire.start, wire.end):
            assert -1 <= x <= drawing.width


@pytest.mark.parametrize("slug", catalogue.slugs())
def test_the_emblem_has_a_silhouette_for_each_node_within_its_bounds(slug: str) -> None:
    """As many silhouettes as nodes that are no frame, all inside the card."""
    document = catalogue.load(slug).document
    tree = ElementTree.fromstring(miniature(document))
    nodes = [each for each in tree.iter(f"{SVG}path") if each.get("transform")]
    assert len(nodes) == sum(not card.frame for card in drawing_of(document).cards)
    for node in nodes:
        x, y = map(float, re.findall(r"translate\((\S+) (\S+?)\)", node.attrib["transform"])[0])
        assert 0 <= x <= WIDTH - 7
        assert 0 <= y <= HEIGHT - 7
