"""Let a person edit a text before it goes on.

Use it where a draft is nearly right and a person has the last word. The text is shown in a field and can
be changed; ``changed`` says whether it was. To have it judged instead, use "Approve". With ``answer_within`` a
text that nobody looked at in time goes on unchanged by ``timed_out``.

Source: Nodeloom; the pause is LangGraph's interrupt.
"""

from collections.abc import Callable
from typing import Any

from pydantic import Field

from nodes.contract import Config, Context, Form, Inputs, NodeError, Outputs, Pause, Port, Route, node
from nodes.deadlines import TIMED_OUT, Within, seconds_of, within_field
from nodes.forms import form_field
from nodes.templating import Template, as_text, render


class EditConfig(Config):
    """What the person is told."""

    question: Template = Field(
        default="Change the text as you like, then go on.", title="Question", max_length=10_000,
        description="What the person is told; {{name}} makes an input.", json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    allow_empty: bool = Field(
        default=False, title="May be empty", description="Whether the whole text may be deleted.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    answer_within: Within = within_field()


@node(
    kind="control.edit", family="control", title="Edit by a person", summary="A person edits a text before it goes on",
    config=EditConfig, inputs=(Port("text", "any", "The text to be edited."),),
    outputs=(
        Port("text", "text", "The text as the person left it."),
        Port("changed", "boolean", "Whether it was changed."),
    ),
    outcomes=("done", TIMED_OUT), conditional_outcomes={TIMED_OUT: "answer_within"},
    template_fields=("question",), source="Nodeloom", icon="pencil",
)  # fmt: skip
async def edit(inputs: Inputs, config: EditConfig, ctx: Context) -> Pause:
    """Show the text in a field; go on with what comes back."""
    text = as_text(inputs["text"])
    field = form_field("text", "long_text", "Text", required=not config.allow_empty, default=text)
    return Pause(
        Form("A text waits for your eyes", render(config.question, inputs), (field,)), _resume(text, config),
        within=seconds_of(config.answer_within), timed_out=Route(TIMED_OUT, {"text": text, "changed": False}),
    )  # fmt: skip


def _resume(text: str, config: EditConfig) -> Callable[[dict[str, Any]], Outputs]:
    def resume(answer: dict[str, Any]) -> Outputs:
        edited = answer.get("text")
        if edited is None:
            edited = ""
        if not isinstance(edited, str):
            raise NodeError(f"The text must be text, and is {edited!r}", mend="Send the edited text.")
        if not edited.strip() and not config.allow_empty:
            raise NodeError("The text is empty", mend="Leave some text, or allow an empty one in the settings.")
        return {"text": edited, "changed": edited != text}

    return resume
