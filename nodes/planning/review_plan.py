"""Show a plan to a person, who may change it, before it runs.

Use it between a planner and "Work through a graph". The plan is drawn as a graph, and written into the form
one step a line, ``2. Ask for offers (needs 1)``: lines may be changed, added, moved and removed. What comes
back is checked before the run goes on: every step has an id of its own, needs only steps there are, and none
waits for itself. ``approved`` goes on with the plan as it stands in the form, ``revise`` leads back to the
planner with ``comment``, ``rejected`` elsewhere; with ``answer_within`` a plan that nobody looked at in time
leads on by ``timed_out``. Steps whose line was not changed keep what is known of them.

Source: Kim et al. 2025, AIPOM: Agent-aware Interactive Planning for Multi-Agent Systems. We deviate: the
graph is edited as lines of text, and edits by chat go through ``revise``.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

from pydantic import Field

from nodes.contract import Config, Context, Form, Inputs, NodeError, Pause, Port, Route, node
from nodes.deadlines import TIMED_OUT, Within, seconds_of, within_field
from nodes.forms import form_field
from nodes.planning.steps import Step, needs_of, new_step, problems_of, steps_of
from nodes.templating import Template, render
from nodes.views import plan_view

APPROVE: Final = "Approve"
REVISE: Final = "Plan anew"
REJECT: Final = "Reject"
OUTCOMES: Final = {APPROVE: "approved", REVISE: "revise", REJECT: "rejected"}
_LINE: Final = re.compile(
    r"^(?P<id>[A-Za-z0-9][A-Za-z0-9_.]*?)[.):]\s+(?P<title>.*?)(?:\s*\(needs(?P<needs>[^()]*)\))?$"
)


class ReviewPlanConfig(Config):
    """What the person is asked."""

    question: Template = Field(
        default="Is this plan right? Change the lines as you like.", title="Question",
        description="What stands above the plan; {{name}} makes an input.", max_length=10_000,
        json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    max_revisions: int = Field(
        default=5, ge=0, le=20, title="Revisions", description="How often it can be planned anew; then not offered.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    answer_within: Within = within_field()


@node(
    kind="planning.review_plan", family="planning", title="Review the plan",
    summary="A person checks and edits the plan first", config=ReviewPlanConfig,
    inputs=(Port("plan", "plan", "The plan to be reviewed."),),
    outputs=(
        Port("plan", "plan", "The plan as it stands in the form; as it came unless it was approved."),
        Port("comment", "text", "What the person said beside it."),
        Port("changed", "boolean", "Whether the person changed the plan."),
    ),
    outcomes=("approved", "revise", "rejected", TIMED_OUT), conditional_outcomes={TIMED_OUT: "answer_within"},
    template_fields=("question",), bounds_loop=True,
    icon="user-check", source="Kim et al. 2025, AIPOM",
)  # fmt: skip
async def review_plan(inputs: Inputs, config: ReviewPlanConfig, ctx: Context) -> Pause:
    """Draw it, ask, read the lines back."""
    goal, steps = inputs["plan"].get("goal", ""), steps_of(inputs["plan"])
    ctx.show(plan_view({"goal": goal, "steps": steps}))
    choices = [APPROVE, *([REVISE] if ctx.visit <= config.max_revisions else []), REJECT]
    fields = (
        form_field("plan", "long_text", "Plan", default=as_lines(steps)),
        form_field("decision", "choice", "Decision", choices=choices, default=APPROVE),
        form_field("comment", "long_text", "Comment", required=False, default=""),
    )
    title = f"Review the plan: {goal}" if goal else "Review the plan"
    return Pause(
        Form(title, render(config.question, inputs), fields, "decision"), _resume(goal, steps, choices, ctx),
        within=seconds_of(config.answer_within),
        timed_out=Route(TIMED_OUT, {"plan": inputs["plan"], "comment": "", "changed": False}),
    )  # fmt: skip


def _resume(goal: str, steps: list[Step], choices: list[str], ctx: Context) -> Callable[[dict[str, Any]], Route]:
    def resume(answer: dict[str, Any]) -> Route:
        decision, comment = answer.get("decision"), str(answer.get("comment") or "").strip()
        if decision not in choices:
            raise NodeError(f"{decision!r} is not one of the choices", mend=f"Choose one of {', '.join(choices)}.")
        kept = steps if decision != APPROVE else from_lines(str(answer.get("plan") or ""), steps)
        ctx.show(plan_view({"goal": goal, "steps": kept}))
        outputs = {"plan": {"goal": goal, "steps": kept}, "comment": comment, "changed": kept != steps}
        return Route(OUTCOMES[decision], outputs)

    return resume


def as_lines(steps: Sequence[Step]) -> str:
    """One step a line: ``2. Ask for offers (needs 1)``. A step without ``needs`` needs the one before."""
    needs = needs_of(steps)
    return "\n".join(
        f"{step['id']}. {step['title']}" + (f" (needs {', '.join(needs[step['id']])})" if needs[step["id"]] else "")
        for step in steps
    )


def from_lines(text: str, before: Sequence[Step]) -> list[Step]:
    """The steps that ``text`` says; those whose line says what it said are kept as they were.

    Raises NodeError for a line that cannot be read, and for a plan that cannot be followed.
    """
    known = {step["id"]: step for step in before}
    needs, steps = needs_of(before), list[Step]()
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.match(line.strip())
        if match is None or not match["title"].strip():
            raise NodeError(
                f"The line {line.strip()!r} is no step", mend="Write steps as: 2. What is to be done (needs 1)"
            )
        id, title = match["id"], match["title"].strip()
        wanted = re.split(r"[,\s]+", (match["needs"] or "").strip()) if (match["needs"] or "").strip() else []
        same = id in known and known[id]["title"] == title and needs[id] == wanted
        steps.append(known[id] if same else new_step(id, title, needs=wanted))
    if problems := problems_of({"steps": _explicit(steps, needs)}):
        raise NodeError(f"The plan cannot be followed: {'; '.join(problems)}", mend="Mend the lines named.")
    return steps if steps == list(before) else _explicit(steps, needs)


def _explicit(steps: Sequence[Step], needs: dict[str, list[str]]) -> list[Step]:
    """Each step with its own ``needs``: once lines were moved, "the one before" is another."""
    return [step if step.get("needs") is not None else {**step, "needs": needs[step["id"]]} for step in steps]
