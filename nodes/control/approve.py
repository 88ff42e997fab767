"""Ask a person to approve something, with a reason where it is rejected.

Use it before what cannot be undone: sending, paying, publishing. ``approved`` and ``rejected`` lead on
differently; the reason can be wired back into the prompt of whoever made it. A policy "Behaviour rules"
can demand that a tool is called only after ``<this node>:approved``. To let a person allow each call of a tool
as it comes, attach "Ask before a tool" below the agent instead. With ``answer_within`` nobody's answer in time
leads on by ``timed_out``.

Source: Nodeloom; the pause is LangGraph's interrupt.
"""

from collections.abc import Callable
from typing import Any, Final

from pydantic import Field

from nodes.contract import Config, Context, Form, Inputs, NodeError, Pause, Port, Route, node
from nodes.deadlines import TIMED_OUT, Within, seconds_of, within_field
from nodes.forms import form_field
from nodes.templating import Template, as_text, render

APPROVE: Final = "Approve"
REJECT: Final = "Reject"


class ApproveConfig(Config):
    """The question, and whether a rejection needs a reason."""

    question: Template = Field(
        default="May this go on?", title="Question", description="What the person is asked; {{name}} makes an input.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    reason_required: bool = Field(default=True, title="Reason needed", description="Whether a rejection must say why.")
    answer_within: Within = within_field()


@node(
    kind="control.approve", family="control", title="Approve", summary="A person approves, or rejects with a reason",
    config=ApproveConfig, inputs=(Port("content", "any", "What is to be approved."),),
    outputs=(
        Port("content", "any", "What was wired in, unchanged."),
        Port("reason", "text", "What the person said; empty where nothing."),
    ),
    outcomes=("approved", "rejected", TIMED_OUT), conditional_outcomes={TIMED_OUT: "answer_within"},
    template_fields=("question",), source="Nodeloom", icon="stamp",
)  # fmt: skip
async def approve(inputs: Inputs, config: ApproveConfig, ctx: Context) -> Pause:
    """Show what it is about; go on as the person decides."""
    text = f"{render(config.question, inputs)}\n\n{as_text(inputs['content'])}".strip()
    fields = (
        form_field("decision", "choice", "Decision", choices=(APPROVE, REJECT)),
        form_field("reason", "long_text", "Reason", required=False),
    )
    content = inputs["content"]
    return Pause(
        Form("Your approval is needed", text, fields, "decision"), _resume(config, content),
        within=seconds_of(config.answer_within), timed_out=Route(TIMED_OUT, {"content": content, "reason": ""}),
    )  # fmt: skip


def _resume(config: ApproveConfig, content: Any) -> Callable[[dict[str, Any]], Route]:
    def resume(answer: dict[str, Any]) -> Route:
        decision, reason = answer.get("decision"), str(answer.get("reason") or "").strip()
        if decision not in (APPROVE, REJECT):
            raise NodeError(f"{decision!r} is no decision", mend=f"Choose {APPROVE} or {REJECT}.")
        if decision == REJECT and config.reason_required and not reason:
            raise NodeError("The rejection has no reason", mend="Say why, so that it can be mended.")
        return Route("approved" if decision == APPROVE else "rejected", {"content": content, "reason": reason})

    return resume
