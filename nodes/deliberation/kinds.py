"""The kinds of the family deliberation, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.deliberation.behaviour_consensus import behaviour_consensus
from nodes.deliberation.compare import compare
from nodes.deliberation.debate import debate
from nodes.deliberation.judge import judge
from nodes.deliberation.merge import merge
from nodes.deliberation.rank_and_prune import rank_and_prune
from nodes.deliberation.vote import vote

KINDS: Final[tuple[NodeSpec, ...]] = (vote, debate, judge, compare, rank_and_prune, behaviour_consensus, merge)
