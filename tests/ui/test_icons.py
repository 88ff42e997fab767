"""Every kind has a glyph on its tile, and the committed canvas knows it."""

import json
from pathlib import Path

import pytest

from nodes.contract import FAMILIES, NodeSpec
from nodes.registry import KINDS

CANVAS = Path(__file__).parents[2] / "ui" / "canvas"
STYLE = CANVAS / "frontend" / "src" / "style"
DRAWN = json.loads((STYLE / "glyphs.json").read_text())
LUCIDE = json.loads((STYLE / "lucide.json").read_text())
MEND = (
    "Run `nodeloom nodes --json | npm --prefix ui/canvas/frontend run -s icons`, then `npm run build` there. "
    "Names are those of lucide.dev/icons."
)


@pytest.mark.parametrize(
    "spec", [spec for spec in KINDS.values() if spec.kind not in DRAWN], ids=lambda spec: spec.kind
)
def test_the_icon_is_there(spec: NodeSpec):
    """A kind without a glyph of its own names a Lucide icon whose path is in the map."""
    assert LUCIDE["kinds"].get(spec.kind) == spec.icon, MEND
    assert LUCIDE["icons"].get(spec.icon, "").startswith("M"), f"{spec.icon} is no Lucide icon. {MEND}"


def test_nothing_is_left_over():
    """The map has the kinds there are, and no icon that none of them names."""
    assert set(DRAWN) | set(LUCIDE["kinds"]) == set(KINDS), MEND
    assert set(LUCIDE["icons"]) == set(LUCIDE["kinds"].values()), MEND


def test_the_build_has_them():
    """The committed build was made after the map, and holds the licence of the icons."""
    text = "".join(file.read_text() for file in (CANVAS / "build").rglob("*.js"))
    assert [kind for kind in LUCIDE["kinds"] if kind not in text] == [], MEND
    assert [name for name, path in LUCIDE["icons"].items() if path not in text] == [], MEND
    assert "Lucide" in (CANVAS / "build" / "LICENSES.txt").read_text()


def test_every_family_has_a_title_a_silhouette_and_a_colour():
    """The canvas lists the families of the contract, in their order."""
    icons, tokens = (STYLE / "icons.tsx").read_text(), (STYLE / "tokens.css").read_text()
    titles = icons.split("FAMILY_TITLES", 1)[1].split("}", 1)[0]
    places = [titles.find(f"{family}: ") for family in FAMILIES]
    assert places == sorted(places)
    assert min(places) > 0
    for family in FAMILIES:
        assert f"  {family}: 'M" in icons
        assert f"--f-{family}:" in tokens
