"""One model call: a prompt in, an answer out.

Use it for every step that is a question to a model: summarise, extract, rewrite, judge. Each ``{{name}}``
in the prompt becomes an input port. With another answer type than text the model is held to it by
schema, and asked once more when its answer does not fit.

Source: Nodeloom.
"""

from typing import Any

from pydantic import Field, model_validator

from nodes.answers import AnswerField, AnswerType, answer_schema, ask_for, value_of
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.templating import Template, render


class PromptConfig(Config):
    """The prompt and the shape of its answer."""

    prompt: Template = Field(
        default="{{task}}", title="Prompt", max_length=100_000, json_schema_extra={"widget": "prompt"},
        description="What the model is asked; {{name}} makes an input. Inside {{#x}} the entries of x come first.",
    )  # fmt: skip
    system: Template = Field(
        default="", title="System", description="Who the model is and how it answers; may be empty.",
        max_length=20_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    answer_type: AnswerType = Field(
        default="text", title="Answer type", description="text: as it is; any other: the model is held to it."
    )
    answer_fields: tuple[AnswerField, ...] = Field(
        default=(), title="Answer entries", description="For an answer of type record: its entries.", max_length=20
    )
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    max_tokens: int | None = Field(
        default=None, ge=1, le=200_000, title="Longest answer",
        description="For answers of type text; empty: the model's own limit.",
        json_schema_extra={"unit": "tok", "advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _record_has_entries(self) -> "PromptConfig":
        check_record(self.answer_type, self.answer_fields)
        return self


def check_record(kind: AnswerType, fields: tuple[AnswerField, ...]) -> None:
    """Raises ValueError for a record without entries, or with two of one name."""
    names = [field.name for field in fields]
    if kind == "record" and not fields:
        raise ValueError("an answer of type record needs at least one entry under 'Answer entries'")
    if len(set(names)) < len(names):
        raise ValueError(f"two answer entries have the same name, among {', '.join(names)}")


def messages_of(system: str, prompt: str) -> list[dict[str, Any]]:
    """System turn (left out when empty), then the user's."""
    user: dict[str, Any] = {"role": "user", "content": prompt}
    return [{"role": "system", "content": system}, user] if system.strip() else [user]


@node(
    kind="prompt", family="tools", title="Prompt", summary="Ask a model once", config=PromptConfig,
    outputs=(Port("answer", "any", "What the model said, in the chosen type."),),
    typed_by={"answer": "answer_type"}, attaches=(Attach("model", "model"),),
    template_fields=("prompt", "system"), model_calls="1", source="Nodeloom", icon="prompt",
)  # fmt: skip
async def prompt(inputs: Inputs, config: PromptConfig, ctx: Context) -> Outputs:
    """Write the prompt, ask, return the answer."""
    asked = render(config.prompt, inputs)
    if not asked.strip():
        raise NodeError(
            "The prompt is empty once its values are written in", mend="Write a prompt, or wire its inputs."
        )
    messages = messages_of(render(config.system, inputs), asked)
    schema = answer_schema(config.answer_type, config.answer_fields)
    if schema is None:
        reply = await ctx.model.chat(messages, temperature=config.temperature, max_tokens=config.max_tokens)
        return {"answer": reply.text}
    return {"answer": value_of(await ask_for(ctx.model, messages, schema, temperature=config.temperature))}
