"""The tools a planner may count on, as part of its system turn."""

from collections.abc import Sequence
from typing import Final

from nodes.contract import Tool

TOOLS: Final = "\n\nThese tools can be used in the steps:\n{tools}"


def tools_known(tools: Sequence[Tool]) -> str:
    """A paragraph that names each tool; '' where there is none."""
    listed = "\n".join(f"- {tool.name}: {tool.description}" for tool in tools)
    return TOOLS.format(tools=listed) if listed else ""
