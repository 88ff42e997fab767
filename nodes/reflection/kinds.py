"""The kinds of the family reflection, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.reflection.critique import critique
from nodes.reflection.refine import refine

KINDS: Final[tuple[NodeSpec, ...]] = (critique, refine)
