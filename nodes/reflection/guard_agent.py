"""Call a guard at critical steps only: it verifies what was reasoned, and corrects it.

Use it inside a loop, after the agent's step: most visits pass through without a model call. The guard is called when
the CEL condition holds (over ``value``, ``task``, ``state`` and ``visit``), and at every ``every``-th visit. Attach a
model of its own at ``guard``: another model sees errors the first cannot. ``corrected`` leads back to the agent
with ``advice``; with ``rewrite`` the guard also writes the corrected value.

Source: AWorld: Dynamic Multi-Agent System with Stable Maneuvering for Robust GAIA Problem Solving, 2025. We
deviate: when to call the guard is said by a rule, where there the acting agent decides.
"""

from typing import Any, Final

from pydantic import Field

from nodes.conditions import Condition, holds
from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.reflection.critique import judge
from nodes.reflection.refine import rewrite
from nodes.templating import Template, as_text, render
from nodes.views import refinement_view

RUBRIC: Final = "Does it follow from what is known? Is every fact supported, every number right, the task kept in view?"


class GuardAgentConfig(Config):
    """When the guard is called, and what it does."""

    when: Condition = Field(
        default="false", title="When", description="CEL over value, task, state and visit; true: the guard is called.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip
    every: int = Field(
        default=3, ge=0, le=1_000, title="Every",
        description="Called at every so many visits too; 1: always, 0: never.",
        json_schema_extra={"unit": "visits"},
    )  # fmt: skip
    rubric: Template = Field(
        default=RUBRIC, title="Criteria", description="What the step is held against; {{name}} makes an input.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    rewrite: bool = Field(
        default=False, title="Rewrite", description="Let the guard write the corrected value too, one more call."
    )
    max_visits: int = Field(
        default=12, ge=1, le=1_000, title="Visits",
        description="After so many visits the guard only advises, and all passes.",
        json_schema_extra={"unit": "visits", "advanced": True},
    )  # fmt: skip


@node(
    kind="reflection.guard_agent", family="reflection", title="Guard agent",
    summary="A guard verifies critical steps only",
    config=GuardAgentConfig,
    inputs=(
        Port("value", "any", "The step: an answer, a thought, a tool's result and what was made of it."),
        Port("task", "any", "What it is for.", required=False),
    ),
    outputs=(
        Port("value", "any", "The step as it was, or as the guard rewrote it."),
        Port("advice", "text", "What the guard said; empty when it was not called."),
        Port("called", "boolean", "Whether the guard was called."),
    ),
    outcomes=("passed", "corrected"),
    attaches=(
        Attach("guard", "model", description="The guard's own model; without it the node's."), Attach("model", "model"),
    ),
    template_fields=("rubric",), bounds_loop=True, model_calls="0 where it is not called, else 2; 3 with rewrite",
    icon="shield-alert", source="AWorld: Dynamic Multi-Agent System with Stable Maneuvering, 2025",
)  # fmt: skip
async def guard_agent(inputs: Inputs, config: GuardAgentConfig, ctx: Context) -> Route:
    """Pass through, unless the step is critical and the guard objects."""
    value: Any = inputs["value"]
    if not _critical(inputs, config, ctx):
        ctx.progress("not critical: passed through")
        return Route("passed", {"value": value, "advice": "", "called": False})
    guard = next(iter(ctx.models("guard")), ctx.model)
    step, task = as_text(value), as_text(inputs.get("task"))
    said = await judge(guard, step, task, render(config.rubric, inputs), temperature=0)
    versions = [{"draft": step, "critique": said.feedback, "score": said.score}]
    ctx.show(refinement_view(versions))
    ctx.progress(f"the guard says {said.verdict}, {said.score} of 10")
    outputs = {"value": value, "advice": said.feedback, "called": True}
    if said.verdict == "accept":
        return Route("passed", outputs)
    if config.rewrite:
        outputs["value"] = await rewrite(guard, step, said.feedback, task, "", temperature=0)
        ctx.show(refinement_view([*versions, {"draft": outputs["value"], "critique": ""}]))
    return Route("passed" if ctx.visit > config.max_visits else "corrected", outputs)


def _critical(inputs: Inputs, config: GuardAgentConfig, ctx: Context) -> bool:
    if config.every and ctx.visit % config.every == 0:
        return True
    return holds(config.when, {"task": None, "state": {}, **inputs, "visit": ctx.visit})
