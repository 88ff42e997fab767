"""Find whole trajectories of like tasks, as turns to show a model before its own.

Use it before an agent or a prompt: ``messages`` are few-shot turns, task after task, ``text`` the same as a
part of a prompt. Trajectories come from "Keep an exemplar". Whole ones are given, for a step without its
context teaches little; what would not fit in ``max_length`` is left out, the least alike first. Calls no model.

Source: Zheng et al. 2023, Synapse: Trajectory-as-Exemplar Prompting with Memory for Computer Control
(https://arxiv.org/abs/2306.07863). We deviate: the exemplars are ordered with the likest last, nearest to
the task, and are bounded by length.
"""

from typing import Any

from pydantic import Field

from nodes.contract import Attach, Config, Context, Hit, Inputs, Outputs, Port, node
from nodes.memory.attached import OWNER, alike, as_document, memory_of
from nodes.memory.exemplar_keep import EXEMPLAR
from nodes.templating import as_text


class ExemplarsConfig(Config):
    """How many, and how much of a prompt they may fill."""

    top_k: int = Field(
        default=2, ge=1, le=20, title="How many", description="The most trajectories.",
        json_schema_extra={"unit": "trajectories"},
    )  # fmt: skip
    min_similarity: float = Field(
        default=0.2, ge=0, le=1, title="Least likeness", description="Trajectories of tasks less alike are left out."
    )
    max_length: int = Field(
        default=8_000, ge=100, le=1_000_000, title="Longest", description="All of them together; about 4 to a token.",
        json_schema_extra={"unit": "characters"},
    )  # fmt: skip
    only_trusted: bool = Field(
        default=False, title="Only trusted", description="Leave out what came from outside and was not approved."
    )


@node(
    kind="memory.exemplars", family="memory", title="Find exemplars",
    summary="Whole trajectories of like tasks as turns",
    config=ExemplarsConfig,
    inputs=(Port("task", "text", "The task at hand."), OWNER),
    outputs=(
        Port("messages", "messages", "Each trajectory: its task, then its turns; the likest trajectory last."),
        Port("text", "text", "The same as text; empty when there are none."),
        Port("hits", "documents", "The records they come from, the likest first."),
    ),
    attaches=(Attach("memory", "memory", required=True),), icon="clapperboard",
    source="Zheng et al. 2023, Synapse, https://arxiv.org/abs/2306.07863",
)  # fmt: skip
async def exemplars(inputs: Inputs, config: ExemplarsConfig, ctx: Context) -> Outputs:
    """Find, keep what fits, turn into messages."""
    memory = memory_of(ctx, inputs)
    found = await alike(
        memory, inputs["task"], top_k=config.top_k, kinds=(EXEMPLAR,), only_trusted=config.only_trusted
    )  # fmt: skip
    hits = _fitting([hit for hit in found if hit.score >= config.min_similarity], config.max_length)
    messages = [turn for hit in reversed(hits) for turn in _turns(hit)]
    ctx.progress(f"{len(hits)} trajectories of {memory.space!r}, {len(messages)} turns")
    return {"messages": messages, "text": as_text(messages), "hits": [_document(hit) for hit in hits]}


def _fitting(hits: list[Hit], most: int) -> list[Hit]:
    """The likest whose turns come to ``most`` characters together at most."""
    kept: list[Hit] = []
    for hit in hits:
        length = len(as_text(_turns(hit)))
        if length <= most:
            kept.append(hit)
            most -= length
    return kept


def _document(hit: Hit) -> dict[str, Any]:
    return {**as_document(hit), "text": hit.data["task"]}


def _turns(hit: Hit) -> list[dict[str, Any]]:
    """The task and its trajectory; the task is not said twice where the trajectory begins with it."""
    turns: list[dict[str, Any]] = hit.data["messages"]
    begins = turns[0]["role"] == "user" and hit.data["task"] in turns[0]["content"]
    return turns if begins else [{"role": "user", "content": hit.data["task"]}, *turns]
