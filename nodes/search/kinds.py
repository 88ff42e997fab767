"""The kinds of the family search, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.search.a_star import a_star
from nodes.search.beam import beam
from nodes.search.best_first import best_first
from nodes.search.breadth_first import breadth_first
from nodes.search.graph_of_thoughts import graph_of_thoughts
from nodes.search.learn_rules import learn_rules
from nodes.search.look_ahead import look_ahead
from nodes.search.monte_carlo import monte_carlo
from nodes.search.programs import programs

KINDS: Final[tuple[NodeSpec, ...]] = (
    best_first, beam, monte_carlo, a_star, breadth_first, graph_of_thoughts, programs, look_ahead, learn_rules,
)  # fmt: skip
