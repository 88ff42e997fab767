"""Check a plan against constraints, each by itself: passed, or failed with what is broken.

Use it in a loop: ``failed`` leads back to the planner with ``feedback`` in its prompt, ``passed`` leads on,
``exhausted`` leads on when the plan was sent back often enough and still fails. A constraint that a CEL
condition can say (``size(steps) <= 5``) is checked exactly and without a model; the others are judged by
the model, one call each, at the same time. A plan with steps that wait for each other never passes.

Source: Parmar et al. 2025, PlanGEN (https://arxiv.org/abs/2502.16111), its verification agent. We deviate:
each constraint has a judgement of its own instead of one score for all, for a small model overlooks the
second broken constraint after the first; the score is the share that is kept.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.conditions import Condition, holds
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.planning.steps import problems_of
from nodes.templating import as_text
from nodes.views import table_view

SYSTEM: Final = """You check one constraint of a plan and nothing else. First go through the plan and work out what
it does about the constraint, with every number. Then say whether the constraint is kept."""
ASK: Final = "{problem}Plan:\n{plan}\n\nConstraint: {constraint}\n\nIs it kept?"


class ExactConstraint(Config):
    """A constraint as a condition."""

    says: str = Field(title="Says", description="The constraint in words, for the feedback.", min_length=1)
    when: Condition = Field(
        title="When", description="CEL condition over plan, steps, text and problem that is true when it is kept.",
        max_length=2_000, json_schema_extra={"widget": "cel"},
    )  # fmt: skip


class VerifyPlanConfig(Config):
    """What is checked exactly, and how often a plan is sent back."""

    exact: tuple[ExactConstraint, ...] = Field(
        default=(), title="Exact", description="Constraints that are checked without a model.", max_length=20
    )
    max_revisions: int = Field(
        default=3, ge=0, le=20, title="Revisions", description="How often a plan is sent back at most.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    parallel: int = Field(
        default=4, ge=1, le=16, title="At once", description="Constraints judged at the same time.",
        json_schema_extra={"unit": "calls", "advanced": True},
    )  # fmt: skip
    system: str = Field(
        default=SYSTEM, title="System", description="How a constraint is to be judged.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip


class Kept(BaseModel):
    """The reason comes first, so that the verdict can follow from it."""

    reason: str = Field(description="One or two sentences: what the plan does about it.")
    kept: bool = Field(description="Whether the constraint is kept.")


class _Finding(NamedTuple):
    constraint: str
    kept: bool
    reason: str


@node(
    kind="planning.verify_plan", family="planning", title="Verify a plan",
    summary="Check a plan against each constraint", config=VerifyPlanConfig,
    inputs=(
        Port("plan", "any", "The plan, as steps or as text."),
        Port("constraints", "list[text]", "The constraints, a sentence each.", required=False),
        Port("problem", "text", "What the plan is for.", required=False),
    ),
    outputs=(
        Port("feedback", "text", "Each broken constraint with the reason; '' when all are kept."),
        Port("broken", "list[text]", "The broken constraints."),
        Port("score", "number", "Share of the constraints that are kept, 0 to 1."),
    ),
    outcomes=("passed", "failed", "exhausted"), attaches=(Attach("model", "model"),), bounds_loop=True,
    model_calls="1 for each constraint", icon="clipboard-check",
    source="Parmar et al. 2025, PlanGEN, https://arxiv.org/abs/2502.16111",
)  # fmt: skip
async def verify_plan(inputs: Inputs, config: VerifyPlanConfig, ctx: Context) -> Route:
    """Exact findings first, then a judgement for each constraint."""
    text, problem = as_text(inputs["plan"]).strip(), as_text(inputs.get("problem"))
    if not text:
        raise NodeError("The plan is empty", mend="Wire in the plan that is to be checked.")
    findings = _exact(inputs["plan"], text, problem, config)

    async def judge(constraint: str) -> _Finding:
        about = f"Problem:\n{problem}\n\n" if problem else ""
        user = ASK.format(problem=about, plan=text, constraint=constraint)
        messages = [{"role": "system", "content": config.system}, {"role": "user", "content": user}]
        said = await ask_for(ctx.model, messages, Kept, temperature=0)
        return _Finding(constraint, said.kept, said.reason.strip())

    findings += await together(
        judge, [each for each in inputs.get("constraints", []) if each.strip()], limit=config.parallel
    )
    if not findings:
        raise NodeError("There is no constraint to check", mend="Wire in constraints, or write exact ones.")
    broken = [finding for finding in findings if not finding.kept]
    ctx.progress(f"{len(findings) - len(broken)} of {len(findings)} constraints kept")
    rows = [[finding.constraint, finding.kept, finding.reason] for finding in findings]
    ctx.show(table_view(["constraint", "kept", "reason"], rows, title="Verification"))
    outputs = {
        "feedback": "\n".join(f"- {finding.constraint}: {finding.reason}" for finding in broken),
        "broken": [finding.constraint for finding in broken],
        "score": 1 - len(broken) / len(findings),
    }
    if not broken:
        return Route("passed", outputs)
    return Route("exhausted" if ctx.visit > config.max_revisions else "failed", outputs)


def _exact(plan: Any, text: str, problem: str, config: VerifyPlanConfig) -> list[_Finding]:
    """What can be said without a model: broken structure, and each exact constraint."""
    made: Mapping[str, Any] = plan if isinstance(plan, Mapping) and isinstance(plan.get("steps"), list) else {}
    faults = problems_of(made) if made else []
    found = [_Finding("The steps of the plan can be followed", False, "; ".join(faults))] if faults else []
    values = {"plan": plan, "steps": made.get("steps", []), "text": text, "problem": problem}
    for each in config.exact:
        kept = holds(each.when, values)
        found.append(_Finding(each.says, kept, f"{each.when} is {'true' if kept else 'false'}"))
    return found
