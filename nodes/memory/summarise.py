"""Keep a running summary of what falls out of a conversation.

Use it after "Conversation window", with its ``dropped`` turns and, in a loop, with the summary of the time
before: the model writes one summary of both. Without new turns the old summary stays and no model is called.
``messages`` is the summary as a system turn and the turns it kept, ready for the next prompt.

Source: Wang et al. 2023, Recursively Summarizing Enables Long-Term Dialogue Memory in Large Language Models
(https://arxiv.org/abs/2308.15022). We deviate: the length is bounded in words and then cut.
"""

from typing import Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.templating import as_text

SYSTEM: Final = """You keep the notes of a conversation. Keep names, numbers, decisions, wishes and open questions.
Leave out greetings and repetitions. Invent nothing."""
SUMMARISE: Final = """Notes so far:
{summary}

New turns:
{turns}

Write the notes anew so that they cover both, in at most {words} words. Answer with the notes alone."""
TOLD: Final = "Notes of the conversation so far:\n{summary}"


class SummariseConfig(Config):
    """How long the summary may be, and what is not summarised."""

    max_words: int = Field(
        default=150, ge=20, le=5_000, title="Longest summary", description="What the model is asked to stay within.",
        json_schema_extra={"unit": "words"},
    )  # fmt: skip
    keep_last: int = Field(
        default=0, ge=0, le=200, title="Keep", description="Last turns that stay as they are; 0: all are summarised.",
        json_schema_extra={"unit": "turns"},
    )  # fmt: skip
    system: str = Field(
        default=SYSTEM, title="System", description="How the summary is to be written.", max_length=20_000,
        json_schema_extra={"widget": "textarea", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="memory.summarise", family="memory", title="Running summary", summary="Sum up what falls out of the window",
    config=SummariseConfig,
    inputs=(
        Port("messages", "messages", "The turns to sum up, oldest first."),
        Port("summary", "text", "The summary so far.", required=False),
    ),
    outputs=(
        Port("summary", "text", "The summary of everything so far; empty when there was nothing."),
        Port("messages", "messages", "The summary as a system turn, then the turns that were kept."),
    ),
    attaches=(Attach("model", "model"),), model_calls="0 without new turns, else 1", icon="scroll-text",
    source="Wang et al. 2023, Recursively Summarizing, https://arxiv.org/abs/2308.15022",
)  # fmt: skip
async def summarise(inputs: Inputs, config: SummariseConfig, ctx: Context) -> Outputs:
    """Part the turns, sum up the older ones with the summary so far."""
    turns = [turn for turn in inputs["messages"] if turn["role"] != "system"]
    older, kept = turns[: len(turns) - config.keep_last], turns[max(len(turns) - config.keep_last, 0) :]
    if config.keep_last >= len(turns):
        older = []
    summary = inputs.get("summary", "").strip()
    if older:
        summary = await _summed_up(summary, as_text(older), config, ctx)
        ctx.progress(f"{len(older)} turns summed up in {len(summary.split())} words")
    told = [{"role": "system", "content": TOLD.format(summary=summary)}] if summary else []
    return {"summary": summary, "messages": [*told, *kept]}


async def _summed_up(summary: str, turns: str, config: SummariseConfig, ctx: Context) -> str:
    user = SUMMARISE.format(summary=summary or "none yet", turns=turns, words=config.max_words)
    messages = [{"role": "system", "content": config.system}, {"role": "user", "content": user}]
    reply = await ctx.model.chat(messages, temperature=config.temperature)
    words = reply.text.split()
    if not words:
        raise NodeError("The model wrote an empty summary", mend="Try again, or use a stronger model.", retryable=True)
    if len(words) <= 2 * config.max_words:
        return reply.text.strip()
    return " ".join(words[: 2 * config.max_words])  # a summary that runs on would grow with every round
