"""Looks for orders to the model in what tools bring back.

Attach it below an agent, or any node that calls tools. Use it wherever results come from outside: web
pages, mail, files of others. It looks for overriding phrases, chat mark-up, hidden letters, Base64 and
the like, and can ask the model about the text, for every result or only to confirm a find. A flagged
result is marked (fenced, with a warning, its words joined by ``^``), stripped of the suspicious lines, or
refused. No such check is complete: give the agent few rights as well ("Tool policy").

Source: Greshake et al. 2023, Not what you've signed up for (https://arxiv.org/abs/2302.12173), for the
attack; Hines et al. 2024, Spotlighting (https://arxiv.org/abs/2403.14720), for the marks. We deviate: only
flagged results are marked, since marks everywhere make small models read worse.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from nodes.contract import Config, Context, NodeSpec, ToolResult
from nodes.guards.injection_check import AskModel, Sensitivity, inspect, marked, stripped
from nodes.guards.policy import OpenPolicy, texts, withheld


class InjectionConfig(Config):
    """How closely it looks, and what is done with a find."""

    action: Literal["mark", "strip", "refuse"] = Field(
        default="mark", title="What to do", description="mark: fence and warn; strip: cut lines out; refuse: withhold."
    )
    sensitivity: Sensitivity = Field(
        default="medium", title="Sensitivity", description="high flags every hint, low only several strong ones."
    )
    ask_model: AskModel = Field(
        default="never", title="Ask the model",
        description="never; when_found: to confirm what was found; always: 1 call a result.",
    )  # fmt: skip


@dataclass(frozen=True)
class InjectionPolicy(OpenPolicy):
    """Looks at results; lets every call be made."""

    config: InjectionConfig

    async def after(self, tool: str, result: ToolResult, ctx: Context) -> ToolResult:
        """The same, or without the power to give orders; a flagged result keeps no data beside its text."""
        read = "\n".join([result.text, *texts(result.data)])
        finding = await inspect(read, self.config.sensitivity, self.config.ask_model, ctx)
        if not finding.reason:
            return result
        ctx.progress(f"{tool}: looks like an injection ({finding.reason})")
        if self.config.action == "refuse":
            return withheld(f"it looks like an injection ({finding.reason})")
        text = marked(result.text, finding.reason) if self.config.action == "mark" else stripped(result.text, finding)
        return ToolResult(text, None, result.failed)


def make_injection(config: InjectionConfig) -> InjectionPolicy:
    """The policy of these settings."""
    return InjectionPolicy("injection check", config)


injection = NodeSpec(
    kind="guards.injection", family="guards", title="Injection check",
    summary="Looks for orders hidden in tool results",
    config=InjectionConfig, outcomes=(), provides="policy", make_policy=make_injection, doc=__doc__ or "",
    source="Hines et al. 2024, Spotlighting, https://arxiv.org/abs/2403.14720", icon="syringe",
)  # fmt: skip
