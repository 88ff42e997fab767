"""What all searches have in common: their budgets, when they are done, and what the model is told."""

from typing import Final

from pydantic import Field

from nodes.conditions import Condition
from nodes.contract import Config, Port

PROPOSING: Final = """You find the next step towards solving a problem. Each proposal is one short step that follows
from what was done so far, and the proposals differ from each other. When the next step finishes the problem,
the proposal states the final answer. Do not repeat earlier steps."""
JUDGING: Final = """You judge how far a problem is solved. First work out in one or two sentences whether the steps
so far are right and what is still missing. Then give a score from 1 to 10: 10 only when the problem is solved
and the answer is right, 5 when it may still work out, 1 when it cannot lead to a solution."""
GOAL: Final = "value >= 1.0"


class DomainConfig(Config):
    """How many actions are proposed, and the prompts used where no sub-workflow is attached."""

    width: int = Field(
        default=3, ge=1, le=100, title="Width", description="Actions proposed from one situation.",
        json_schema_extra={"unit": "actions"},
    )  # fmt: skip
    proposing: str = Field(
        default=PROPOSING, title="How to propose", description="What the model is told when nothing is at `propose`.",
        max_length=20_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    judging: str = Field(
        default=JUDGING, title="How to judge", description="What the model is told when nothing is at `value`.",
        max_length=20_000, json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    parallel: int = Field(
        default=4, ge=1, le=16, title="At once", description="Actions tried and judged at the same time.",
        json_schema_extra={"unit": "calls", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="Of proposals; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class GoalConfig(DomainConfig):
    """When it is solved."""

    goal: Condition = Field(
        default=GOAL, title="Goal", max_length=2_000, json_schema_extra={"widget": "cel"},
        description="CEL over value, situation, action, actions, depth, cost and problem; unused with `goal` attached.",
    )  # fmt: skip


class SearchConfig(GoalConfig):
    """The budgets of a search."""

    depth: int = Field(
        default=4, ge=1, le=50, title="Depth", description="Actions from the start to the end of a way, at most.",
        json_schema_extra={"unit": "actions"},
    )  # fmt: skip
    expansions: int = Field(
        default=12, ge=1, le=5_000, title="Expansions", description="Situations looked into before it gives up.",
        json_schema_extra={"unit": "situations"},
    )  # fmt: skip


class PrunedConfig(SearchConfig):
    """For searches that are led by values."""

    prune: float | None = Field(
        default=0.0, ge=0, lt=1, title="Prune at",
        description="Situations of this value (0 to 1) or less are not looked into; empty: none are left out.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


INPUTS: Final = (
    Port("problem", "text", "What is to be solved."),
    Port("situation", "any", "Where the search starts; empty where it starts from nothing.", required=False),
)
BEST: Final = (
    Port("best", "any", "The situation that solves the problem, else the best one found."),
    Port("actions", "list[any]", "The actions that lead there, in order."),
)
EXPANDED: Final = Port("expanded", "number", "How many situations were looked into.")
OUTPUTS: Final = (*BEST, Port("value", "number", "Its value: 0 (hopeless) to 1 (the goal)."), EXPANDED)
OUTCOMES: Final = ("solved", "unsolved")
