"""The kinds of the family simulation, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.simulation.game_master import game_master
from nodes.simulation.market import market
from nodes.simulation.network import network
from nodes.simulation.pair import pair
from nodes.simulation.population import population
from nodes.simulation.recommender import recommender
from nodes.simulation.survey import survey
from nodes.simulation.tick import tick
from nodes.simulation.world import world

KINDS: Final[tuple[NodeSpec, ...]] = (
    population, network, world, game_master, tick, recommender, pair, market, survey,
)  # fmt: skip
