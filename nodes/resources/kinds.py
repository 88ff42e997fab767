"""The kinds of the family resources, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.resources.memory_space import memory_space
from nodes.resources.model import model
from nodes.tools.calculator import calculator
from nodes.tools.clock import clock
from nodes.tools.file_search import file_search
from nodes.tools.python import python
from nodes.tools.web_fetch import web_fetch

KINDS: Final[tuple[NodeSpec, ...]] = (model, memory_space, calculator, clock, file_search, web_fetch, python)
