"""Ask a person and wait for the answer.

Use it for approvals, missing facts, choices only a person may make. The run pauses, holding nothing,
until someone answers: on the canvas, in the inbox, in the terminal or over the API. With more than one
choice the person decides where the flow goes: each choice is an outcome. Fields are typed (a line or a long
text, a number within bounds, yes or no, one or several choices, a date), and what is typed in is checked
before the run goes on. Values wired into ``prefill`` stand in the fields of their names. With ``answer_within``
a question that nobody answers in time leads on by ``timed_out``.

Source: Nodeloom; the pause is LangGraph's interrupt.
"""

from collections.abc import Callable
from typing import Any, Final

from pydantic import Field, model_validator

from nodes.contract import Config, Context, Form, Inputs, NodeError, Pause, Port, Route, node
from nodes.control.ask_field import AskField, Choice
from nodes.control.outcomes import distinct
from nodes.deadlines import TIMED_OUT, Within, seconds_of, within_field
from nodes.forms import checked, form_field
from nodes.templating import Template, as_text, render

CHOICE: Final = "choice"


class AskConfig(Config):
    """The question and what may be answered."""

    question: Template = Field(
        default="Please check and go on.", title="Question", description="What the person is asked.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    fields: tuple[AskField, ...] = Field(
        default=(AskField(name="text", title="Answer", type="long_text"),),
        title="Fields",
        description="What the person fills in.",
        max_length=20,
    )
    choices: tuple[Choice, ...] = Field(
        default=(Choice(name="done", title="Go on"),), title="Choices",
        description="Ways on, each an outcome; with one there is nothing to choose.", min_length=1, max_length=10,
    )  # fmt: skip
    answer_within: Within = within_field()

    @model_validator(mode="after")
    def _names(self) -> "AskConfig":
        distinct([choice.name for choice in self.choices], taken=(TIMED_OUT,) if self.answer_within else ())
        names = [field.name for field in self.fields]
        for name in names:
            if names.count(name) > 1 or (name == CHOICE and len(self.choices) > 1):
                raise ValueError(f"two fields are named {name!r}; give each its own name")
        return self


@node(
    kind="control.ask", family="control", title="Ask a person", summary="Pause until a person has answered",
    config=AskConfig,
    inputs=(Port("prefill", "record", "Field name -> what stands in it at first.", required=False),),
    outputs=(
        Port("answer", "record", "Field name -> what was filled in; empty where nobody answered in time."),
        Port("text", "text", "The answer as text: one line for each field, or just the one field."),
    ),
    outcomes=(TIMED_OUT,), conditional_outcomes={TIMED_OUT: "answer_within"}, outcomes_field="choices",
    template_fields=("question",), source="Nodeloom", icon="hand",
)  # fmt: skip
async def ask(inputs: Inputs, config: AskConfig, ctx: Context) -> Pause:
    """Show the form; go on with what comes back."""
    fields = [_begun(field, inputs.get("prefill") or {}) for field in config.fields]
    decide = CHOICE if len(config.choices) > 1 else ""
    if decide:
        labels = [choice.title or choice.name for choice in config.choices]
        fields.append(form_field(CHOICE, "choice", "Decision", choices=labels))
    return Pause(
        Form("Your answer is needed", render(config.question, inputs), tuple(fields), decide),
        _resume(config, fields),
        within=seconds_of(config.answer_within),
        timed_out=Route(TIMED_OUT, {"answer": {}, "text": ""}),
    )


def _begun(field: AskField, prefill: dict[str, Any]) -> dict[str, Any]:
    """The field with what is wired in for it. Raises NodeError where that cannot stand in it."""
    value = prefill.get(field.name)
    if value is None:
        return field.drawn()
    if field.type in ("text", "long_text"):
        value = as_text(value)
    try:
        field.fits(value)
    except ValueError as error:
        raise NodeError(
            f"The prefill of {field.name!r}: {error}", mend="Wire in a value of the field's type."
        ) from None
    return field.drawn(value)


def _resume(config: AskConfig, fields: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Route]:
    own = fields[: len(config.fields)]
    names = {field["name"] for field in own}

    def resume(answer: dict[str, Any]) -> Route:
        filled = checked(own, {name: value for name, value in answer.items() if name in names})
        return Route(_outcome(config, answer), {"answer": filled, "text": _text(config, filled)})

    return resume


def _outcome(config: AskConfig, answer: dict[str, Any]) -> str:
    if len(config.choices) == 1:
        return config.choices[0].name
    said = answer.get(CHOICE)
    for choice in config.choices:
        if said in (choice.name, choice.title or choice.name):
            return choice.name
    names = ", ".join(choice.title or choice.name for choice in config.choices)
    raise NodeError(f"{said!r} is not one of the choices", mend=f"Choose one of {names}.")


def _text(config: AskConfig, filled: dict[str, Any]) -> str:
    if len(filled) == 1:
        return as_text(next(iter(filled.values())))
    return "\n".join(f"{field.title or field.name}: {as_text(filled[field.name])}" for field in config.fields)
