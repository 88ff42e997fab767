"""Ask a person before a tool is called.

Attach it below an agent or a role, or any node that calls tools. Use it for what cannot be undone: sending,
paying, deleting. Before a call of such a tool the run waits; a person sees the tool and its arguments and allows
the call once, allows the tool for the rest of the run, changes the arguments, or refuses with a reason, which the
model reads as the call's result and can act on. Which calls are asked for is said by name (``send_*``) and by a
CEL condition over ``args`` (the arguments), ``tool``, ``calls`` (how often this tool was called in this run) and
``now``; a condition that cannot be evaluated asks. Other policies decide first, and hold for changed arguments
too. While it waits nothing runs; afterwards nothing that was answered before is asked, called or paid for again.

Source: Nodeloom.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from nodes.conditions import ConditionError, checked, holds
from nodes.contract import Ask, Config, Context, Decision, NodeSpec
from nodes.deadlines import Within, seconds_of, within_field
from nodes.guards.policy import ALLOWED, OpenPolicy


def _checked(condition: str) -> str:
    return checked(condition) if condition else ""


class ApprovalConfig(Config):
    """Which calls are asked for, and what the person is told."""

    tools: tuple[Annotated[str, Field(min_length=1, max_length=100)], ...] = Field(
        default=("*",), title="Tools", description="Names of the tools; * stands for anything, as in send_*.",
        min_length=1, max_length=50,
    )  # fmt: skip
    when: Annotated[str, AfterValidator(_checked)] = Field(
        default="", title="When", description="CEL condition over args, tool, calls and now; empty: always.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    question: str = Field(
        default="", title="Note", description="What the person is told beside the call.", max_length=2_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    whole_run: bool = Field(
        default=True, title="Offer the whole run", description="Whether the tool may be allowed for the rest of a run."
    )
    answer_within: Within = within_field("90 s, 15 min, 2 h or 3 d. Empty: for ever.")
    without_answer: Literal["refuse", "allow"] = Field(
        default="refuse", title="Without an answer", description="What becomes of the call when that time is over.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@dataclass(frozen=True)
class ApprovalPolicy(OpenPolicy):
    """Leaves calls to a person."""

    config: ApprovalConfig

    async def before(self, tool: str, arguments: Mapping[str, Any], ctx: Context) -> Decision:
        """Ask where the tool and the condition fit."""
        if not any(fnmatchcase(tool, pattern) for pattern in self.config.tools):
            return ALLOWED
        problem = ""
        if self.config.when:
            calls = sum(event.event == "tool" and event.name == tool for event in ctx.history)
            values = {"args": dict(arguments), "tool": tool, "calls": calls, "now": ctx.now()}
            try:
                if not holds(self.config.when, values):
                    return ALLOWED
            except ConditionError as error:
                problem = f"Asked for, since its condition cannot be checked: {error.what}"
        return Decision(False, "a person has to allow it", ask=self._ask(problem))

    def _ask(self, problem: str) -> Ask:
        config = self.config
        return Ask(
            "\n\n".join(text for text in (config.question, problem) if text),
            within=seconds_of(config.answer_within),
            lenient=config.without_answer == "allow",
            whole_run=config.whole_run,
        )


def make_approval(config: ApprovalConfig) -> ApprovalPolicy:
    """The policy of these settings."""
    return ApprovalPolicy("approval", config)


approval = NodeSpec(
    kind="guards.approval", family="guards", title="Ask before a tool", summary="A person allows tool calls first",
    config=ApprovalConfig, outcomes=(), provides="policy", make_policy=make_approval, doc=__doc__ or "",
    source="Nodeloom", icon="shield-user",
)  # fmt: skip
