"""The kinds of the family guards, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.guards.approval import approval
from nodes.guards.check_text import check_text
from nodes.guards.draft_rules import draft_rules
from nodes.guards.injection import injection
from nodes.guards.loop import loop
from nodes.guards.secrets_and_personal_data import secrets_and_personal_data
from nodes.guards.sequence import sequence
from nodes.guards.tool_policy import tool_policy

KINDS: Final[tuple[NodeSpec, ...]] = (
    tool_policy, draft_rules, approval, sequence, injection, secrets_and_personal_data, loop, check_text,
)  # fmt: skip
