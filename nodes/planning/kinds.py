"""The kinds of the family planning, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.planning.constraints import constraints
from nodes.planning.decompose_on_failure import decompose_on_failure
from nodes.planning.execute import execute
from nodes.planning.execute_graph import execute_graph
from nodes.planning.ledger import ledger
from nodes.planning.plan import plan
from nodes.planning.plan_graph import plan_graph
from nodes.planning.plan_next import plan_next
from nodes.planning.pseudocode import pseudocode
from nodes.planning.replan import replan
from nodes.planning.review_plan import review_plan
from nodes.planning.routine import routine
from nodes.planning.select_algorithm import select_algorithm
from nodes.planning.verify_plan import verify_plan

KINDS: Final[tuple[NodeSpec, ...]] = (
    plan, execute, plan_graph, execute_graph, plan_next, replan, decompose_on_failure, pseudocode, routine,
    constraints, verify_plan, select_algorithm, review_plan, ledger,
)  # fmt: skip
