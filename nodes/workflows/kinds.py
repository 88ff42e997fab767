"""The kinds of the family workflows, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec

KINDS: Final[tuple[NodeSpec, ...]] = ()
