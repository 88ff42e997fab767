"""Write something into a memory.

Use it at the end of a workflow to keep a lesson, a fact, a preference. What is written is a template, so
that a question can be kept with its answer. The importance, 1 to 10, is fixed or rated by the model. An
empty text is not remembered; an equal one updates its record. What comes from outside (a page, a stranger's
file) should be stored as not trusted: recall can leave it out, and "Trust filter" lets it be approved.

Source: Park et al. 2023, Generative Agents (https://arxiv.org/abs/2304.03442), section 4.1, whose rating
prompt we shortened; the model answers by schema.
"""

from typing import Final, Literal

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, Outputs, Port, node
from nodes.memory.attached import OWNER, memory_of
from nodes.templating import Template, render

RATE: Final = """On a scale of 1 to 10, where 1 is mundane (small talk, an everyday remark) and 10 is decisive
(a rule to follow, a lasting fact about a person, a costly mistake), how important is it to remember this?

{text}"""


class RememberConfig(Config):
    """What is written, and what sort of record it becomes."""

    text: Template = Field(
        default="{{text}}", title="Text", description="What is remembered; {{name}} makes an input.",
        max_length=20_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    kind: str = Field(
        default="note", title="Kind", description="Sort of record, to recall by: note, fact, lesson, preference, ...",
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
    )  # fmt: skip
    rate: Literal["fixed", "model"] = Field(
        default="fixed",
        title="Importance by",
        description="fixed: the number below; model: rated by the model, one call.",
    )
    importance: float = Field(
        default=5, ge=1, le=10, title="Importance", description="1: mundane, 10: decisive; used when it is fixed."
    )
    layer: str = Field(
        default="", title="Layer", description="Layer it is put in, for layered recall; empty: none.",
        pattern=r"^([a-z][a-z0-9_]{0,39})?$", json_schema_extra={"advanced": True},
    )  # fmt: skip
    ttl_days: float | None = Field(
        default=None, gt=0, le=36_500, title="Kept for", description="Forgotten after so many days; empty: kept.",
        json_schema_extra={"unit": "days", "advanced": True},
    )  # fmt: skip
    trusted: bool = Field(
        default=True, title="Trusted", description="No for what comes from outside and nobody has approved.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Rating(BaseModel):
    """What the model is held to."""

    importance: int = Field(ge=1, le=10, description="1 to 10")


@node(
    kind="memory.remember", family="memory", title="Remember", summary="Write something into a memory",
    config=RememberConfig,
    inputs=(Port("data", "record", "What the record carries beside its text.", required=False), OWNER),
    outputs=(
        Port("record", "text", "Id of the record; empty when nothing was stored."),
        Port("importance", "number", "The importance it was stored with, 1 to 10; 0 when nothing was."),
        Port("stored", "boolean", "Whether it was stored."),
    ),
    attaches=(Attach("memory", "memory", required=True), Attach("model", "model")),
    template_fields=("text",), side_effects=True, model_calls="0; 1 when rated by the model", icon="memory-out",
    source="Park et al. 2023, Generative Agents, https://arxiv.org/abs/2304.03442",
)  # fmt: skip
async def remember(inputs: Inputs, config: RememberConfig, ctx: Context) -> Outputs:
    """Rate, store, say what was stored."""
    memory = memory_of(ctx, inputs)
    text = render(config.text, inputs).strip()
    if not text:
        ctx.progress("nothing to remember: the text is empty")
        return {"record": "", "importance": 0, "stored": False}
    importance = config.importance if config.rate == "fixed" else await _rated(text, ctx)
    record = await memory.add(
        text, kind=config.kind, importance=importance, data=inputs.get("data"), layer=config.layer,
        trusted=config.trusted, ttl_days=config.ttl_days,
    )  # fmt: skip
    ctx.progress(f"remembered in {memory.space!r} as {config.kind}, importance {importance:g}: {text[:120]}")
    return {"record": record, "importance": importance, "stored": True}


async def _rated(text: str, ctx: Context) -> float:
    messages = [{"role": "user", "content": RATE.format(text=text)}]
    rating = await ask_for(ctx.model, messages, Rating, temperature=0)
    return float(rating.importance)
