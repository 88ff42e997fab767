"""Keep a whole trajectory as an exemplar: the task and every turn that led to its end.

Use it after a task that went well, wired to an agent's ``messages``. Long turns (pages, tables, screens) can be
cut to what mattered before they are kept: by the model, or by length. "Find exemplars" brings whole
trajectories back as few-shot turns.

Source: Zheng et al. 2023, Synapse: Trajectory-as-Exemplar Prompting with Memory for Computer Control
(https://arxiv.org/abs/2306.07863), its state abstraction and exemplar memory. We deviate: the model cleans
each long observation with one instruction, where the paper gives it few-shot examples of cleaning.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.memory.attached import OWNER, memory_of
from nodes.templating import as_text

EXEMPLAR: Final = "exemplar"
TEXT: Final = "How it was done: {task}"
"""Of the record: a space holds a text once, and the bare task may be another record's."""
ABSTRACT: Final = """Task: {task}

What was seen at one step of it:
{text}

Write down only what matters for the task: the facts, names, numbers and controls that are used. At most three lines."""
_PARALLEL: Final = 4  # turns cleaned at the same time


class ExemplarKeepConfig(Config):
    """How long turns are cut down."""

    abstract: Literal["model", "cut", "none"] = Field(
        default="cut", title="Long turns",
        description="model: the model keeps what matters; cut: to the length; none: whole.",
    )  # fmt: skip
    max_length: int = Field(
        default=1_000, ge=50, le=100_000, title="Longest turn", description="Longer turns than this are cut down.",
        json_schema_extra={"unit": "characters"},
    )  # fmt: skip
    max_turns: int = Field(
        default=40, ge=1, le=500, title="Turns", description="A longer trajectory is refused: it would fill a prompt.",
        json_schema_extra={"unit": "turns"},
    )  # fmt: skip
    importance: float = Field(
        default=5, ge=1, le=10, title="Importance", description="With which it is stored, 1 to 10."
    )


@node(
    kind="memory.exemplar_keep", family="memory", title="Keep an exemplar",
    summary="Keep a whole trajectory to show again", config=ExemplarKeepConfig,
    inputs=(
        Port("task", "text", "What the trajectory solved; it is found again by this."),
        Port("messages", "messages", "Every turn, as an agent gives them; system turns are left out."),
        OWNER,
    ),
    outputs=(
        Port("record", "text", "Id of the exemplar."),
        Port("messages", "messages", "The turns as they were kept."),
    ),
    attaches=(Attach("memory", "memory", required=True), Attach("model", "model")), side_effects=True,
    model_calls="0; 1 for each long turn when the model cuts it", icon="film",
    source="Zheng et al. 2023, Synapse, https://arxiv.org/abs/2306.07863",
)  # fmt: skip
async def exemplar_keep(inputs: Inputs, config: ExemplarKeepConfig, ctx: Context) -> Outputs:
    """Abstract the long turns, store the trajectory under its task."""
    memory, task = memory_of(ctx, inputs), inputs["task"].strip()
    turns = [_plain(message) for message in inputs["messages"] if message["role"] != "system"]
    if not task or not turns:
        raise NodeError(f"There is no {'trajectory' if task else 'task'} to keep", mend="Wire in a task and its turns.")
    if len(turns) > config.max_turns:
        raise NodeError(
            f"The trajectory has {len(turns)} turns; at most {config.max_turns} are kept", mend="Raise 'Turns'."
        )
    turns = await _abstracted(task, turns, config, ctx)
    data = {"task": task, "messages": turns}
    text = TEXT.format(task=task)
    record = await memory.add(text, kind=EXEMPLAR, importance=config.importance, data=data)
    ctx.progress(f"{len(turns)} turns kept in {memory.space!r} for {task[:80]}")
    return {"record": record, "messages": turns}


def _plain(message: Mapping[str, Any]) -> dict[str, Any]:
    """A turn as a prompt can show it again: a tool call becomes text, a tool's result what the user says."""
    calls: Sequence[Mapping[str, Any]] = message.get("tool_calls") or ()
    told = [f"{call['name']}({as_text(call.get('args', {}))})" for call in calls]
    content = "\n".join(part for part in (as_text(message.get("content")).strip(), *told) if part)
    return {"role": "assistant" if message["role"] == "assistant" else "user", "content": content}


async def _abstracted(
    task: str, turns: list[dict[str, Any]], config: ExemplarKeepConfig, ctx: Context
) -> list[dict[str, Any]]:
    gate = asyncio.Semaphore(_PARALLEL)

    async def shorter(turn: dict[str, Any]) -> dict[str, Any]:
        text = turn["content"]
        if config.abstract == "none" or len(text) <= config.max_length:
            return turn
        if config.abstract == "model":
            async with gate:
                asked = ABSTRACT.format(task=task, text=text)
                text = (await ctx.model.chat([{"role": "user", "content": asked}], temperature=0)).text.strip() or text
        return {**turn, "content": text[: config.max_length]}

    return await asyncio.gather(*(shorter(turn) for turn in turns))
