"""Stops an agent that goes round in circles.

Attach it below an agent, or any node that calls tools. Use it where a small model repeats itself: the
same call again and again, or a pattern of calls in turn (A B A B). The call that would make the circle
full is refused with the reason, which the model reads and can act on. With ``same_results`` a repeated
call is a circle only when it also brought the same result, so that polling a changing value may go on.

Source: Nodeloom; loops as the common failure of autonomous agents in Talebirad & Nadiri 2023,
Multi-Agent Collaboration (https://arxiv.org/abs/2306.03314), whose supervisor halts them; here a rule does.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from nodes.contract import Config, Context, Decision, NodeSpec, RunEvent
from nodes.guards.policy import ALLOWED, OpenPolicy


class LoopConfig(Config):
    """What counts as a circle."""

    max_repeats: int = Field(
        default=2, ge=1, le=50, title="Same call", description="How often one call may be made in a row.",
        json_schema_extra={"unit": "calls"},
    )  # fmt: skip
    max_rounds: int = Field(
        default=2, ge=1, le=50, title="Rounds", description="How often a pattern of several calls may be gone through.",
        json_schema_extra={"unit": "rounds"},
    )  # fmt: skip
    max_period: int = Field(
        default=4, ge=1, le=20, title="Longest pattern", description="Calls in a pattern; 1: only the same call.",
        json_schema_extra={"unit": "calls", "advanced": True},
    )  # fmt: skip
    same_results: bool = Field(
        default=False, title="Only with the same result",
        description="Whether a repeated call with a new result is left alone.", json_schema_extra={"advanced": True},
    )  # fmt: skip


@dataclass(frozen=True)
class LoopPolicy(OpenPolicy):
    """Looks for a period in the last calls."""

    config: LoopConfig

    async def before(self, tool: str, arguments: Mapping[str, Any], ctx: Context) -> Decision:
        """Refused where this call would go beyond the rounds that are allowed."""
        made = [event for event in ctx.history if event.event == "tool" and event.outcome != "denied"]
        calls = [*(_call(event.name, event.arguments) for event in made), _call(tool, arguments)]
        for period in range(1, self.config.max_period + 1):
            rounds = self.config.max_repeats if period == 1 else self.config.max_rounds
            looped = _repeats(calls, period, rounds) and not (self.config.same_results and _new(made, period))
            if looped:
                return Decision(False, _reason(calls[-period:], period, rounds))
        return ALLOWED


def _call(tool: str, arguments: Mapping[str, Any]) -> tuple[str, str]:
    return tool, json.dumps(dict(arguments), sort_keys=True, default=str)


def _repeats(calls: Sequence[tuple[str, str]], period: int, rounds: int) -> bool:
    """Whether the last call goes beyond ``rounds`` rounds of the ``period`` calls before it."""
    length = period * rounds + 1
    recent = calls[-length:]
    return len(recent) == length and all(recent[at] == recent[at - period] for at in range(period, length))


def _new(made: Sequence[RunEvent], period: int) -> bool:
    """Whether the last round brought another result than the round before it."""
    last, before = made[-period:], made[-2 * period : -period]
    return len(before) == period and [each.text for each in last] != [each.text for each in before]


def _reason(pattern: Sequence[tuple[str, str]], period: int, rounds: int) -> str:
    if period == 1:
        return f"{pattern[0][0]!r} was called {rounds} times in a row with the same arguments; do something else"
    names = ", ".join(name for name, _ in pattern)
    return f"the calls {names} were repeated {rounds} times in turn; do something else, or answer"


def make_loop(config: LoopConfig) -> LoopPolicy:
    """The policy of these settings."""
    return LoopPolicy("loop guard", config)


loop = NodeSpec(
    kind="guards.loop", family="guards", title="Loop guard", summary="Stops an agent that goes round in circles",
    config=LoopConfig, outcomes=(), provides="policy", make_policy=make_loop, doc=__doc__ or "",
    source="Nodeloom; Talebirad & Nadiri 2023, Multi-Agent Collaboration, https://arxiv.org/abs/2306.03314",
    icon="refresh-cw-off",
)  # fmt: skip
