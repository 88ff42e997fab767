"""The kinds of the family reflection, in the order of the palette."""

from typing import Final

from nodes.contract import NodeSpec
from nodes.reflection.conditions import conditions
from nodes.reflection.critique import critique
from nodes.reflection.falsify import falsify
from nodes.reflection.guard_agent import guard_agent
from nodes.reflection.policy_rewrite import policy_rewrite
from nodes.reflection.refine import refine
from nodes.reflection.reflexion import reflexion
from nodes.reflection.retrospect import retrospect
from nodes.reflection.self_refine import self_refine
from nodes.reflection.verify_by_condition import verify_by_condition
from nodes.reflection.verify_by_model import verify_by_model
from nodes.reflection.verify_by_test import verify_by_test

KINDS: Final[tuple[NodeSpec, ...]] = (
    critique, refine, self_refine, reflexion, retrospect, verify_by_test, verify_by_condition, verify_by_model,
    falsify, conditions, guard_agent, policy_rewrite,
)  # fmt: skip
