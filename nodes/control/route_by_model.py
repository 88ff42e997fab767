"""Go one way or another by a model's judgement.

Use it when the choice needs reading: what kind of question this is, which team should answer. The model
is held by schema to the labels, so it cannot answer anything else. Say in each description what belongs
to it; a last label such as ``other`` gives everything else a way.

Source: routing as in "Building effective agents", Anthropic 2024
(https://www.anthropic.com/engineering/building-effective-agents); we answer by schema, without a reason,
since the built-in model chose right 8 times of 8 that way.
"""

from functools import lru_cache
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, create_model, model_validator

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.control.outcomes import OutcomeName, distinct
from nodes.templating import Template, as_text, render

SYSTEM: Final = """You sort texts. Choose the one label that fits the text best.

Labels:
{{#labels}}- {{name}}{{#description}}: {{description}}{{/description}}
{{/labels}}"""
INSTRUCTION: Final = "Which label fits this text?"


class Label(Config):
    """One label the model may choose."""

    name: OutcomeName = Field(title="Name", description="Name of the outcome: lower-case letters, digits and _.")
    description: str = Field(default="", title="Description", description="What belongs to it.", max_length=500)


class RouteByModelConfig(Config):
    """The labels and the question."""

    labels: tuple[Label, ...] = Field(
        default=(
            Label(name="question", description="something to be answered"),
            Label(name="other", description="anything else"),
        ),
        title="Labels", description="What the model chooses from; each is an outcome.", min_length=2, max_length=20,
    )  # fmt: skip
    instruction: Template = Field(
        default=INSTRUCTION, title="Instruction", description="The question put to the model before the text.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip

    @model_validator(mode="after")
    def _names(self) -> "RouteByModelConfig":
        distinct([label.name for label in self.labels])
        return self


@node(
    kind="control.route_by_model", family="control", title="Route by model",
    summary="A model chooses which way to go", config=RouteByModelConfig,
    inputs=(Port("text", "any", "What is to be sorted."),),
    outputs=(Port("label", "text", "Name of the label that was chosen."),),
    outcomes=(), outcomes_field="labels", attaches=(Attach("model", "model"),),
    template_fields=("instruction",), model_calls="1", icon="signpost",
    source="Anthropic 2024, Building effective agents, https://www.anthropic.com/engineering/building-effective-agents",
)  # fmt: skip
async def route_by_model(inputs: Inputs, config: RouteByModelConfig, ctx: Context) -> Route:
    """Ask for one of the labels and go that way."""
    names = tuple(label.name for label in config.labels)
    labels = [label.model_dump() for label in config.labels]
    messages = [
        {"role": "system", "content": render(SYSTEM, {"labels": labels})},
        {"role": "user", "content": f"{render(config.instruction, inputs)}\n\n{as_text(inputs['text'])}"},
    ]
    choice: Any = await ask_for(ctx.model, messages, choice_schema(names), temperature=0)
    return Route(choice.label, {"label": choice.label})


@lru_cache(maxsize=256)
def choice_schema(names: tuple[str, ...]) -> type[BaseModel]:
    """``{"label": one of names}``."""
    allowed: Any = Literal[names]
    return create_model("Choice", label=(allowed, Field(description="The label that fits best.")))
