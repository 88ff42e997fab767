"""The kinds of the family tools, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.tools.agent import agent
from nodes.tools.call import call
from nodes.tools.prompt import prompt

KINDS: Final[tuple[NodeSpec, ...]] = (prompt, agent, call)
