"""The kinds of the family tools, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.tools.act_in_code import act_in_code
from nodes.tools.agent import agent
from nodes.tools.call import call
from nodes.tools.create_tool import create_tool
from nodes.tools.dry_run import dry_run
from nodes.tools.gate import gate
from nodes.tools.load_documents import load_documents
from nodes.tools.prompt import prompt
from nodes.tools.retrieve_documents import retrieve_documents
from nodes.tools.retrieve_tools import retrieve_tools
from nodes.tools.run_code import run_code
from nodes.tools.take_back import take_back

KINDS: Final[tuple[NodeSpec, ...]] = (
    prompt, agent, act_in_code, run_code, retrieve_tools, call, gate, dry_run, create_tool, take_back, load_documents,
    retrieve_documents,
)  # fmt: skip
