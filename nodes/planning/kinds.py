"""The kinds of the family planning, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.planning.execute import execute
from nodes.planning.plan import plan

KINDS: Final[tuple[NodeSpec, ...]] = (plan, execute)
