"""The kinds of the family resources, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.resources.memory_space import memory_space
from nodes.resources.model import model
from nodes.resources.role import role
from nodes.resources.subworkflow import subworkflow
from nodes.resources.workflow_tool import workflow_tool
from nodes.tools.calculator import calculator
from nodes.tools.clock import clock
from nodes.tools.emulated import emulated_tool
from nodes.tools.faulty import faulty
from nodes.tools.file_search import file_search
from nodes.tools.files import files
from nodes.tools.http_request import http_request
from nodes.tools.kept import kept
from nodes.tools.mcp import mcp
from nodes.tools.python import python
from nodes.tools.sql import sql
from nodes.tools.text_world import text_world
from nodes.tools.web_fetch import web_fetch
from nodes.tools.web_search import web_search

KINDS: Final[tuple[NodeSpec, ...]] = (
    model, memory_space, role, subworkflow, calculator, clock, file_search, files, sql, web_search, web_fetch,
    http_request, mcp, python, kept, emulated_tool, faulty, text_world,
    workflow_tool,
)  # fmt: skip
