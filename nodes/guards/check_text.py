"""Checks a text for injected orders and for personal data before it goes on.

Use it where text from outside enters the flow (a form, a document, a reply of another system), or before
an answer leaves it. ``clean`` leads on; ``flagged`` leads to whoever decides. ``text`` is the text with
marks such as ``[email 1]`` in place of keys and personal data, and without the lines that look like
orders to the model. The same checks for tool calls are the policies "Injection check" and "Secrets and
privacy".

Source: Greshake et al. 2023, Not what you've signed up for (https://arxiv.org/abs/2302.12173); the finders
of keys and personal data are Nodeloom's.
"""

from typing import Any

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.guards.injection_check import AskModel, Finding, Sensitivity, inspect, stripped
from nodes.guards.sensitive import SORTS, Sort, find, redacted
from nodes.templating import as_text
from nodes.views import table_view


class CheckTextConfig(Config):
    """What is looked for."""

    injection: bool = Field(default=True, title="Injected orders", description="Whether orders to the model are found.")
    look_for: tuple[Sort, ...] = Field(
        default=SORTS, title="Keys and personal data", description="Sorts of data to find; none: not looked for.",
        max_length=len(SORTS),
    )  # fmt: skip
    sensitivity: Sensitivity = Field(
        default="medium", title="Sensitivity", description="high flags every hint, low only several strong ones.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    ask_model: AskModel = Field(
        default="never", title="Ask the model",
        description="never; when_found: to confirm what was found; always: 1 call.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="guards.check_text", family="guards", title="Check a text", summary="Finds injected orders and personal data",
    config=CheckTextConfig, inputs=(Port("text", "any", "What is checked."),),
    outputs=(
        Port("text", "text", "The text with what was found taken out."),
        Port("findings", "list[record]", "What was found: check, what, excerpt (never a key or personal data)."),
    ),
    outcomes=("clean", "flagged"), attaches=(Attach("model", "model"),), model_calls="0 or 1", icon="scan-search",
    source="Greshake et al. 2023, Not what you've signed up for, https://arxiv.org/abs/2302.12173",
)  # fmt: skip
async def check_text(inputs: Inputs, config: CheckTextConfig, ctx: Context) -> Route:
    """Look for both, take out what was found."""
    text = as_text(inputs["text"])
    finding = await inspect(text, config.sensitivity, config.ask_model, ctx) if config.injection else Finding("")
    cleaned = stripped(text, finding) if finding.reason else text
    found = find(text, config.look_for)
    findings = [*_orders(finding), *({"check": "data", "what": each.sort, "excerpt": ""} for each in found)]
    ctx.show(table_view(["check", "what", "excerpt"], [list(each.values()) for each in findings], title="Found"))
    cleaned = redacted(cleaned, find(cleaned, config.look_for))
    return Route("flagged" if findings else "clean", {"text": cleaned, "findings": findings})


def _orders(finding: Finding) -> list[dict[str, Any]]:
    if not finding.reason:
        return []
    said = [{"check": "injection", "what": sign.name, "excerpt": _safe(sign.excerpt)} for sign in finding.signs]
    return said or [{"check": "injection", "what": "the model's judgement", "excerpt": _safe(finding.reason)}]


def _safe(excerpt: str) -> str:
    return redacted(excerpt, find(excerpt))
