"""The kinds of the family deliberation, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec

KINDS: Final[tuple[NodeSpec, ...]] = ()
