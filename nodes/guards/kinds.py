"""The kinds of the family guards, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec

KINDS: Final[tuple[NodeSpec, ...]] = ()
