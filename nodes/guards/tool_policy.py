"""Rules for which tool may be called with which arguments.

Attach it below an agent, or any node that calls tools. Use it to give a node no more rights than its job
needs: reading but not sending, payments up to an amount, files of one folder. Each call is held against
the rules outside the model, so no prompt can talk its way past. The rule with the highest priority that
fits decides; among equals a refusal wins; a call that no rule fits is treated by ``otherwise``. A rule
fits when the tool's name matches its pattern (``send_*``) and its CEL condition is true; a condition
reads ``args`` (the call's arguments), ``tool``, ``calls`` (how often this tool was called in this run)
and ``now`` (seconds since the epoch). A condition that cannot be evaluated refuses the call. More rules can stand in
a state variable, drafted for the task by "Draft tool rules": they are tried where none of the designer's fits.

Source: Shi et al. 2025, Progent: Programmable Privilege Control for LLM Agents. We deviate: conditions
are CEL instead of JSON Schema, and rules a model drafted never come before the designer's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field

from nodes.conditions import ConditionError, checked, evaluate, holds
from nodes.contract import Config, Context, Decision, NodeSpec
from nodes.guards.policy import ALLOWED, OpenPolicy


def _checked(condition: str) -> str:
    return checked(condition) if condition else ""


class ToolRule(Config):
    """One rule."""

    tool: str = Field(
        title="Tool", description="Name of the tool; * stands for anything, as in send_*.", min_length=1, max_length=100
    )
    when: Annotated[str, AfterValidator(_checked)] = Field(
        default="", title="When", description="CEL condition over args, tool, calls and now; empty: always.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    effect: Literal["allow", "deny"] = Field(
        default="allow", title="Effect", description="allow: the call is made; deny: it is not."
    )
    fallback: str = Field(
        default="", title="Answer instead", max_length=2_000,
        description="For deny: what the model reads as the call's result; empty: a refusal with the reason.",
    )  # fmt: skip
    priority: int = Field(
        default=0, ge=-100, le=100, title="Priority", description="Higher ones are tried first; -100 to 100."
    )


class ToolPolicyConfig(Config):
    """The rules, and what happens where none fits."""

    rules: tuple[ToolRule, ...] = Field(
        default=(), title="Rules", description="Which calls are allowed and which are not.", max_length=50
    )
    otherwise: Literal["allow", "deny"] = Field(
        default="deny", title="Otherwise", description="What happens to a call that no rule fits."
    )
    rules_from: Annotated[str, AfterValidator(_checked)] = Field(
        default="", title="More rules", description="CEL that gives a list of rules tried after these: state.rules.",
        max_length=500, json_schema_extra={"widget": "cel", "advanced": True},
    )  # fmt: skip


@dataclass(frozen=True)
class ToolPolicy(OpenPolicy):
    """The rules in the order they are tried."""

    rules: tuple[ToolRule, ...]
    otherwise: Literal["allow", "deny"]
    rules_from: str = ""

    async def before(self, tool: str, arguments: Mapping[str, Any], ctx: Context) -> Decision:
        """What the first rule that fits says."""
        calls = sum(event.event == "tool" and event.name == tool for event in ctx.history)
        values = {"args": dict(arguments), "tool": tool, "calls": calls, "now": ctx.now()}
        try:
            drafted = _drafted(self.rules_from, ctx.variables) if self.rules_from else ()
        except (ConditionError, ValueError) as error:
            return Decision(False, f"the rules of {self.rules_from!r} cannot be read: {error}")
        for rule in (*self.rules, *drafted):
            try:
                fits = fnmatchcase(tool, rule.tool) and (not rule.when or holds(rule.when, values))
            except ConditionError as error:
                return Decision(False, f"the rule for {rule.tool!r} cannot be checked: {error.what}")
            if fits:
                return _effect(rule)
        return ALLOWED if self.otherwise == "allow" else Decision(False, f"no rule allows {tool!r} with such arguments")


def _effect(rule: ToolRule) -> Decision:
    if rule.effect == "allow":
        return ALLOWED
    why = f" when {rule.when}" if rule.when else ""
    return Decision(False, f"a rule forbids {rule.tool!r}{why}", rule.fallback or None)


def make_tool_policy(config: ToolPolicyConfig) -> ToolPolicy:
    """Highest priority first; refusals before permissions of the same priority."""
    return ToolPolicy("tool policy", _ordered(config.rules), config.otherwise, config.rules_from)


def _ordered(rules: Iterable[ToolRule]) -> tuple[ToolRule, ...]:
    return tuple(sorted(rules, key=lambda rule: (-rule.priority, rule.effect == "allow")))


def _drafted(expression: str, variables: Mapping[str, Any]) -> tuple[ToolRule, ...]:
    """The rules in the state. Raises ConditionError or ValueError for what is none: then nothing is allowed by it."""
    given = evaluate(expression, {"state": dict(variables)})
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in cast(list[Any], given)):
        raise ValueError("it holds no list of rules")
    rules = cast(list[Mapping[str, Any]], given)
    return _ordered(ToolRule.model_validate({k: each[k] for k in ToolRule.model_fields if k in each}) for each in rules)


tool_policy = NodeSpec(
    kind="guards.tool_policy", family="guards", title="Tool policy", summary="Rules: which tool with which arguments",
    config=ToolPolicyConfig, outcomes=(), provides="policy", make_policy=make_tool_policy, doc=__doc__ or "",
    source="Shi et al. 2025, Progent: Programmable Privilege Control for LLM Agents", icon="shield-check",
)  # fmt: skip
