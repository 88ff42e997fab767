"""The kinds of the family memory, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.memory.recall import recall
from nodes.memory.remember import remember

KINDS: Final[tuple[NodeSpec, ...]] = (recall, remember)
