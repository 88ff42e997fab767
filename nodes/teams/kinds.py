"""The kinds of the family teams, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.teams.contract_net import contract_net
from nodes.teams.delegate import delegate
from nodes.teams.group_chat import group_chat
from nodes.teams.hire_and_fire import hire_and_fire
from nodes.teams.information_seeking import information_seeking
from nodes.teams.publish_subscribe import publish_subscribe
from nodes.teams.read_in_parts import read_in_parts
from nodes.teams.recruit import recruit
from nodes.teams.role_turn import role_turn
from nodes.teams.supervisor import supervisor
from nodes.teams.topology import topology

KINDS: Final[tuple[NodeSpec, ...]] = (
    role_turn, group_chat, supervisor, delegate, recruit, hire_and_fire, contract_net, information_seeking, topology,
    publish_subscribe, read_in_parts,
)  # fmt: skip
