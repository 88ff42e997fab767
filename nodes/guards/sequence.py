"""Rules over time: what may happen only after, never after, so often, or not so soon.

Attach it below an agent, or any node that calls tools. Use it for behaviour that no single call shows:
no payment before the plan was approved, a search at most five times, after each edit the tests before
the next commit. Events are the tools that were called and the nodes that ended in this run, by name,
node id or kind; ``*`` stands for anything, and ``name:outcome`` asks for an outcome (``approve:approved``).
What failed or was refused counts for nothing unless its outcome is named. The formulas, with A the call
that is checked (Pnueli's G always, F once, here over the past: O once, Y before, S since):

- only after: A only once B has happened - G(A -> O B)
- never after: no A once B has happened - G(A -> !O B)
- at most: A at most ``n`` times
- between: after B, no A before C has happened - G(A -> (!B S C) or !O B)
- not within: no A within ``n`` tool calls after B (B empty: after A itself)

Source: Crouse et al. 2023, Formally Specifying the High-Level Behavior of LLM-Based Agents
(https://arxiv.org/abs/2310.08535). We deviate: the rules are five readable forms instead of any formula,
and they refuse a tool call instead of steering the model's decoder, so that they hold for every model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from nodes.contract import Config, Context, Decision, NodeSpec, RunEvent
from nodes.guards.policy import ALLOWED, OpenPolicy

_VOID: Final = ("failed", "denied", "error")
_EVENT: Final = "Tool name, node id or kind; * stands for anything; :outcome asks for an outcome."


class SequenceRule(Config):
    """One rule about the tool ``call``."""

    call: str = Field(
        title="Call (A)", description="Name of the tool that is checked; * stands for anything.",
        min_length=1, max_length=100,
    )  # fmt: skip
    rule: Literal["only_after", "never_after", "at_most", "between", "not_within"] = Field(
        default="only_after", title="Rule", description="How the call stands to the other events; see the reference."
    )
    other: str = Field(default="", title="Event (B)", description=_EVENT, max_length=100)
    release: str = Field(
        default="",
        title="Release (C)",
        description=f"For 'between': what frees the call again. {_EVENT}",
        max_length=100,
    )
    n: int = Field(
        default=1, ge=0, le=1_000, title="n", description="For 'at most': times; for 'not within': tool calls."
    )

    @model_validator(mode="after")
    def _complete(self) -> "SequenceRule":
        if self.rule in ("only_after", "never_after", "between") and not self.other:
            raise ValueError(f"the rule {self.rule!r} for {self.call!r} needs an event (B)")
        if self.rule == "between" and not self.release:
            raise ValueError(f"the rule 'between' for {self.call!r} needs a release (C)")
        return self


class SequenceConfig(Config):
    """The rules; all must hold."""

    rules: tuple[SequenceRule, ...] = Field(
        default=(), title="Rules", description="Each is checked before a tool is called; all must hold.", max_length=50
    )


@dataclass(frozen=True)
class SequencePolicy(OpenPolicy):
    """The rules over what happened so far."""

    rules: tuple[SequenceRule, ...]

    async def before(self, tool: str, arguments: Mapping[str, Any], ctx: Context) -> Decision:
        """Refused with the first rule that is broken."""
        for rule in self.rules:
            broken = fnmatchcase(tool, rule.call) and _broken(rule, tool, ctx.history)
            if broken:
                return Decision(False, broken)
        return ALLOWED


def _broken(rule: SequenceRule, tool: str, history: Sequence[RunEvent]) -> str:
    """Why calling ``tool`` now breaks the rule; '' where it does not."""
    last = _last(history, rule.other)
    if rule.rule == "only_after":
        return "" if last >= 0 else f"{tool!r} may be called only after {rule.other!r}"
    if rule.rule == "never_after":
        return f"{tool!r} may not be called after {rule.other!r}" if last >= 0 else ""
    if rule.rule == "between":
        waiting = last >= 0 and _last(history, rule.release) < last
        return f"after {rule.other!r}, {rule.release!r} must come before {tool!r}" if waiting else ""
    if rule.rule == "at_most":
        times = sum(_is(event, rule.call) for event in history)
        return f"{tool!r} may be called {rule.n} times, and has been {times} times" if times >= rule.n else ""
    return _too_soon(rule, tool, history)


def _too_soon(rule: SequenceRule, tool: str, history: Sequence[RunEvent]) -> str:
    event = rule.other or rule.call
    last = _last(history, event)
    calls = sum(each.event == "tool" and each.outcome != "denied" for each in history[last + 1 :])
    too_soon = last >= 0 and calls < rule.n
    return f"{tool!r} may not be called within {rule.n} calls after {event!r}; {calls} were made" if too_soon else ""


def _last(history: Sequence[RunEvent], pattern: str) -> int:
    """Position of the last event that fits; -1 where none does."""
    return next((at for at in range(len(history) - 1, -1, -1) if _is(history[at], pattern)), -1)


def _is(event: RunEvent, pattern: str) -> bool:
    name, _, outcome = pattern.partition(":")
    named = fnmatchcase(event.name, name) or (event.kind != "" and fnmatchcase(event.kind, name))
    return named and (event.outcome == outcome if outcome else event.outcome not in _VOID)


def make_sequence(config: SequenceConfig) -> SequencePolicy:
    """The policy of these rules."""
    return SequencePolicy("behaviour rules", config.rules)


sequence = NodeSpec(
    kind="guards.sequence", family="guards", title="Behaviour rules", summary="Rules over time: never A before B",
    config=SequenceConfig, outcomes=(), provides="policy", make_policy=make_sequence, doc=__doc__ or "",
    source="Crouse et al. 2023, Formally Specifying Behavior of LLM-Based Agents, https://arxiv.org/abs/2310.08535",
    icon="calendar-clock",
)  # fmt: skip
