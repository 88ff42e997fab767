"""The kinds of the family control, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.control.ask import ask
from nodes.control.finish import finish
from nodes.control.for_each import for_each
from nodes.control.join import join
from nodes.control.loop_limit import loop_limit
from nodes.control.note import note
from nodes.control.route import route
from nodes.control.route_by_model import route_by_model
from nodes.control.start import start

KINDS: Final[tuple[NodeSpec, ...]] = (start, finish, note, route, route_by_model, join, for_each, loop_limit, ask)
