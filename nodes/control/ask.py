"""Ask a person and wait for the answer.

Use it for approvals, missing facts, choices only a person may make. The run pauses, holding nothing,
until someone answers. With more than one choice the person decides where the flow goes: each choice is
an outcome. Fields are typed; what is typed in is checked before the run goes on.

Source: Nodeloom; the pause is LangGraph's interrupt.
"""

from collections.abc import Callable
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from nodes.contract import Config, Context, Form, Inputs, NodeError, Pause, Port, Route, node
from nodes.control.outcomes import OutcomeName, distinct
from nodes.templating import Template, as_text, render
from nodes.types import conforms

CHOICE: Final = "choice"


class AskField(Config):
    """One field of the form."""

    name: str = Field(
        title="Name",
        description="Key in the answer: lower-case letters, digits and _.",
        pattern=r"^[a-z][a-z0-9_]{0,63}$",
    )
    title: str = Field(
        default="", title="Title", description="What stands beside the field; the name if empty.", max_length=200
    )
    type: Literal["text", "number", "boolean", "choice"] = Field(
        default="text", title="Type", description="What may be filled in."
    )
    choices: tuple[str, ...] = Field(
        default=(), title="Choices", description="For a field of type choice.", max_length=50
    )
    required: bool = Field(default=True, title="Required", description="Whether it must be filled in.")

    @model_validator(mode="after")
    def _has_choices(self) -> "AskField":
        if self.type == "choice" and not self.choices:
            raise ValueError(f"the field {self.name!r} is a choice without choices; list at least one")
        return self


class Choice(Config):
    """One way on."""

    name: OutcomeName = Field(title="Name", description="Name of the outcome: lower-case letters, digits and _.")
    title: str = Field(
        default="", title="Title", description="What stands on the button; the name if empty.", max_length=80
    )


class AskConfig(Config):
    """The question and what may be answered."""

    question: Template = Field(
        default="Please check and go on.", title="Question", description="What the person is asked.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    fields: tuple[AskField, ...] = Field(
        default=(AskField(name="text", title="Answer"),),
        title="Fields",
        description="What the person fills in.",
        max_length=20,
    )
    choices: tuple[Choice, ...] = Field(
        default=(Choice(name="done", title="Go on"),), title="Choices",
        description="Ways on, each an outcome; with one there is nothing to choose.", min_length=1, max_length=10,
    )  # fmt: skip

    @model_validator(mode="after")
    def _names(self) -> "AskConfig":
        distinct([choice.name for choice in self.choices])
        names = [field.name for field in self.fields]
        for name in names:
            if names.count(name) > 1 or (name == CHOICE and len(self.choices) > 1):
                raise ValueError(f"two fields are named {name!r}; give each its own name")
        return self


@node(
    kind="control.ask", family="control", title="Ask a person", summary="Pause until a person has answered",
    config=AskConfig,
    outputs=(
        Port("answer", "record", "Field name -> what was filled in."),
        Port("text", "text", "The answer as text: one line for each field, or just the one field."),
    ),
    outcomes=(), outcomes_field="choices", template_fields=("question",), source="Nodeloom", icon="hand",
)  # fmt: skip
async def ask(inputs: Inputs, config: AskConfig, ctx: Context) -> Pause:
    """Show the form; go on with what comes back."""
    return Pause(Form("Your answer is needed", render(config.question, inputs), _form_fields(config)), _resume(config))


def _form_fields(config: AskConfig) -> tuple[dict[str, Any], ...]:
    fields: list[dict[str, Any]] = [
        {"name": field.name, "title": field.title or field.name, "type": field.type,
         "choices": list(field.choices), "required": field.required, "default": None}
        for field in config.fields
    ]  # fmt: skip
    if len(config.choices) > 1:
        labels = [choice.title or choice.name for choice in config.choices]
        fields.append(
            {
                "name": CHOICE,
                "title": "Decision",
                "type": "choice",
                "choices": labels,
                "required": True,
                "default": None,
            }
        )
    return tuple(fields)


def _resume(config: AskConfig) -> Callable[[dict[str, Any]], Route]:
    def resume(answer: dict[str, Any]) -> Route:
        filled = {field.name: _filled(field, answer.get(field.name)) for field in config.fields}
        return Route(_outcome(config, answer), {"answer": filled, "text": _text(config, filled)})

    return resume


def _filled(field: AskField, value: Any) -> Any:
    if value is None or value == "":
        if field.required:
            raise NodeError(f"{field.title or field.name!r} was not answered", mend="Fill it in.")
        return value
    kind = "text" if field.type == "choice" else field.type
    if not conforms(value, kind):
        raise NodeError(f"{field.name!r} must be a {kind}, and is {value!r}", mend=f"Answer it with a {kind}.")
    if field.type == "choice" and value not in field.choices:
        raise NodeError(
            f"{value!r} is not among the choices of {field.name!r}", mend=f"Choose one of {', '.join(field.choices)}."
        )
    return value


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
