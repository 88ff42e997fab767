"""The kinds of the family control, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.control.approve import approve
from nodes.control.ask import ask
from nodes.control.budget_gate import budget_gate
from nodes.control.choose import choose
from nodes.control.choose_model import choose_model
from nodes.control.compute import compute
from nodes.control.edit import edit
from nodes.control.effort import effort
from nodes.control.finish import finish
from nodes.control.for_each import for_each
from nodes.control.join import join
from nodes.control.loop_limit import loop_limit
from nodes.control.note import note
from nodes.control.on_error import on_error
from nodes.control.pick import pick
from nodes.control.record import record
from nodes.control.route import route
from nodes.control.route_by_model import route_by_model
from nodes.control.set_state import set_state
from nodes.control.start import start
from nodes.control.state_machine import state_machine
from nodes.control.subworkflow import subworkflow
from nodes.control.wait import wait
from nodes.control.when_to_ask import when_to_ask
from nodes.control.while_loop import while_loop

KINDS: Final[tuple[NodeSpec, ...]] = (
    start, finish, note, route, route_by_model, effort, choose_model, join, for_each, while_loop, loop_limit,
    state_machine, set_state, record, compute, pick, subworkflow, wait, on_error, budget_gate, ask, choose, approve,
    edit, when_to_ask,
)  # fmt: skip
