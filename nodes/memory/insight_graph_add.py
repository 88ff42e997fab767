"""Add an episode to the insight graph: its query, its interaction, and what it teaches.

Use it after a team or an agent has worked on a task; "Recall insights" reads the graph before the next. The
graph has three tiers in one memory space: queries linked to like queries, interactions (the condensed
transcript) under the query they served, insights above the queries that support them. An insight that says
what one in the graph says is not added: the old one gains a supporter.

Source: Zhang et al. 2025, G-Memory: Tracing Hierarchical Memory for Multi-Agent Systems
(https://arxiv.org/abs/2506.07398). We deviate: an interaction is one condensed text, not a graph of utterances,
and insights are merged by likeness instead of being rewritten by the model.
"""

import asyncio
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, NodeError, Outputs, Port, node
from nodes.memory.attached import OWNER, alike, memory_of, same_text
from nodes.templating import as_text

QUERY: Final = "query"
INTERACTION: Final = "interaction"
INSIGHT: Final = "insight"
TEXT: Final = "Task: {task}"
"""Of a query's record: a space holds a text once, and the bare task may be another record's."""
CONDENSE: Final = """Task: {task}

What was done:
{transcript}

Result: {result}

Write down the steps that mattered for this result, who did them, and what was said that turned it. At most
eight short lines. Leave out everything else."""
LEARN: Final = """Task: {task}
Result: {result}
Steps that mattered:
{steps}
{earlier}
What does this teach for tasks like it? Write at most {count} insights, each one sentence of general advice that
does not name this task. Example: "Check the units before adding numbers from two sources"."""
EARLIER: Final = "\nLike tasks before:\n{tasks}\n"


class InsightGraphAddConfig(Config):
    """How the new query is linked, and when two insights are one."""

    links: int = Field(
        default=3, ge=0, le=20, title="Links", description="Like queries the new one is linked to at most.",
        json_schema_extra={"unit": "queries"},
    )  # fmt: skip
    link_from: float = Field(
        default=0.4, ge=0, le=1, title="Link from", description="Likeness from which two queries are linked.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    insights: int = Field(default=2, ge=1, le=10, title="Insights", description="The most that are drawn from it.")
    same_from: float = Field(
        default=0.85, ge=0, le=1, title="Same from", description="Likeness from which two insights are the same one.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Learnt(BaseModel):
    """What the episode teaches."""

    insights: list[str] = Field(description="one sentence each")


@node(
    kind="memory.insight_graph_add", family="memory", title="Add to insight graph",
    summary="Keep an episode with the insights it supports", config=InsightGraphAddConfig,
    inputs=(
        Port("task", "text", "What was to be done."),
        Port("transcript", "any", "What was said and done: messages, a report."),
        Port("succeeded", "boolean", "Whether it was solved.", required=False),
        OWNER,
    ),
    outputs=(
        Port("insights", "list[text]", "What it teaches, new and known."),
        Port("query", "text", "Id of the query's record."),
        Port("interaction", "text", "The condensed transcript."),
    ),
    attaches=(Attach("memory", "memory", required=True), Attach("model", "model")), side_effects=True,
    model_calls="2", icon="network", source="Zhang et al. 2025, G-Memory, https://arxiv.org/abs/2506.07398",
)  # fmt: skip
async def insight_graph_add(inputs: Inputs, config: InsightGraphAddConfig, ctx: Context) -> Outputs:
    """Condense, learn, then write the three tiers and their links."""
    memory, task, transcript = memory_of(ctx, inputs), inputs["task"].strip(), as_text(inputs["transcript"]).strip()
    if not task or not transcript:
        raise NodeError(f"The {'transcript' if task else 'task'} is empty", mend="Wire in the task and what was done.")
    near = await alike(memory, task, top_k=config.links + 1, kinds=(QUERY,)) if config.links else []
    known = await same_text(memory, TEXT.format(task=task), kind=QUERY)
    similar = [hit for hit in near if hit.score >= config.link_from and (not known or hit.id != known.id)]
    similar = similar[: config.links]
    result = "unknown" if "succeeded" not in inputs else "solved" if inputs["succeeded"] else "not solved"
    steps, learnt = await _learnt(task, transcript, result, similar, config, ctx)
    query = known.id if known else await memory.add(TEXT.format(task=task), kind=QUERY, data={"task": task})
    told = f"{task} ({result}):\n{steps}"
    interaction = await memory.add(told, kind=INTERACTION, data={"query": query, "result": result})
    insights = [await _support(memory, text, query, config) for text in learnt]
    await _link(memory, query, similar, interaction, insights)
    ctx.progress(f"episode ({result}) linked to {len(similar)} like queries and {len(insights)} insights")
    return {"insights": learnt, "query": query, "interaction": steps}


async def _learnt(
    task: str, transcript: str, result: str, similar: list[Hit], config: InsightGraphAddConfig, ctx: Context
) -> tuple[str, list[str]]:
    """The condensed transcript, and what it teaches."""
    condense = CONDENSE.format(task=task, transcript=transcript, result=result)
    reply = await ctx.model.chat([{"role": "user", "content": condense}], temperature=0)
    steps = reply.text.strip() or transcript[:1_000]
    earlier = EARLIER.format(tasks="\n".join(f"- {hit.data['task']}" for hit in similar)) if similar else ""
    learn = LEARN.format(task=task, result=result, steps=steps, earlier=earlier, count=config.insights)
    said = await ask_for(ctx.model, [{"role": "user", "content": learn}], Learnt, temperature=0)
    return steps, [text.strip() for text in said.insights if text.strip()][: config.insights]


async def _support(memory: Memory, text: str, query: str, config: InsightGraphAddConfig) -> str:
    """Id of the insight, new or known, with the query among its supporters."""
    near = await alike(memory, text, top_k=1, kinds=(INSIGHT,))
    if not near or near[0].score < config.same_from:
        return await memory.add(text, kind=INSIGHT, importance=6, data={"queries": [query]})
    known = near[0]
    queries = list(dict.fromkeys([*known.data["queries"], query]))
    more = len(queries) > len(known.data["queries"])
    importance = min(known.rated + 1, 10) if more else None
    await memory.update(known.id, data={**known.data, "queries": queries}, importance=importance)
    return known.id


async def _link(memory: Memory, query: str, similar: list[Hit], interaction: str, insights: list[str]) -> None:
    """The query's links to the other tiers, and between it and its like, both ways."""
    await _extend(memory, query, {
        "similar": [hit.id for hit in similar], "interactions": [interaction], "insights": insights,
    })  # fmt: skip
    await asyncio.gather(*(_extend(memory, hit.id, {"similar": [query]}) for hit in similar))


async def _extend(memory: Memory, id: str, more: dict[str, list[str]]) -> None:
    record = await memory.get(id)
    data: dict[str, Any] = record.data if record else {}
    await memory.update(id, data={**data, **{key: _union(data.get(key, []), ids) for key, ids in more.items()}})


def _union(old: list[str], new: list[str]) -> list[str]:
    return list(dict.fromkeys([*old, *new]))
