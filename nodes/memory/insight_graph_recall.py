"""Read the insight graph: up to the insights that like tasks support, down to how they were done.

Use it before a team or an agent works on a task; episodes come from "Add to insight graph". Like queries are
found by meaning, then by hopping along their links; insights are ranked by how many of these queries support
them, interactions by how near their query is. Calls no model.

Source: Zhang et al. 2025, G-Memory: Tracing Hierarchical Memory for Multi-Agent Systems
(https://arxiv.org/abs/2506.07398), its two-way traversal. We deviate: insights are the same for all agents;
wire ``insights`` to those who should know them.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, Outputs, Port, node
from nodes.memory.attached import OWNER, alike, as_document, memory_of
from nodes.memory.insight_graph_add import QUERY
from nodes.views import graph_view


class InsightGraphRecallConfig(Config):
    """How far the graph is walked, and how much comes back."""

    top_k: int = Field(
        default=2, ge=1, le=20, title="Like queries", description="Queries found by meaning, where the walk begins.",
        json_schema_extra={"unit": "queries"},
    )  # fmt: skip
    hops: int = Field(
        default=1, ge=0, le=3, title="Hops", description="How far it goes along the links between like queries.",
        json_schema_extra={"unit": "hops"},
    )  # fmt: skip
    insights: int = Field(default=4, ge=0, le=50, title="Insights", description="The most that come back.")
    interactions: int = Field(default=1, ge=0, le=20, title="Interactions", description="The most that come back.")
    min_similarity: float = Field(
        default=0.2, ge=0, le=1, title="Least likeness", description="Queries less alike are no beginning."
    )
    max_queries: int = Field(
        default=20, ge=1, le=500, title="Queries", description="The most the walk reaches.",
        json_schema_extra={"unit": "queries", "advanced": True},
    )  # fmt: skip


@node(
    kind="memory.insight_graph_recall", family="memory", title="Recall insights",
    summary="Hop from like tasks to insights and interactions", config=InsightGraphRecallConfig,
    inputs=(Port("task", "text", "What is to be done."), OWNER),
    outputs=(
        Port("insights", "documents", "The best supported first, each with `support`: queries reached that hold it."),
        Port("interactions", "documents", "How the nearest tasks were done, condensed."),
        Port("text", "text", "Both as a part of a prompt; empty when there are none."),
    ),
    attaches=(Attach("memory", "memory", required=True),), icon="waypoints",
    source="Zhang et al. 2025, G-Memory, https://arxiv.org/abs/2506.07398",
)  # fmt: skip
async def insight_graph_recall(inputs: Inputs, config: InsightGraphRecallConfig, ctx: Context) -> Outputs:
    """Find, hop, climb to insights, descend to interactions."""
    memory = memory_of(ctx, inputs)
    near = await alike(memory, inputs["task"], top_k=config.top_k, kinds=(QUERY,))
    queries = await _hop(memory, [hit for hit in near if hit.score >= config.min_similarity], config)
    support = Counter(id for query in queries for id in query.data.get("insights", []))
    insights = await _records(memory, support)
    insights = sorted(insights, key=lambda hit: (-support[hit.id], -hit.rated))[: config.insights]
    reached = [id for query in queries for id in reversed(query.data.get("interactions", []))]
    interactions = await _records(memory, reached[: config.interactions])
    ctx.show(_view(queries, insights, interactions))
    ctx.progress(f"{len(queries)} queries reached, {len(insights)} insights, {len(interactions)} interactions")
    return {
        "insights": [{**as_document(hit), "support": support[hit.id]} for hit in insights],
        "interactions": [as_document(hit) for hit in interactions],
        "text": _text(insights, interactions),
    }


async def _hop(memory: Memory, seeds: list[Hit], config: InsightGraphRecallConfig) -> list[Hit]:
    """The seeds and what their links reach, nearest first."""
    reached = {hit.id: hit for hit in seeds}
    front = seeds
    for _ in range(config.hops):
        links = [id for hit in front for id in hit.data.get("similar", []) if id not in reached]
        front = await _records(memory, list(dict.fromkeys(links))[: config.max_queries - len(reached)])
        reached |= {hit.id: hit for hit in front}
    return list(reached.values())


async def _records(memory: Memory, ids: Sequence[str] | Counter[str]) -> list[Hit]:
    """The records that are still there, in the order of their ids."""
    found = await asyncio.gather(*(memory.get(id) for id in ids))
    return [hit for hit in found if hit is not None]


def _text(insights: list[Hit], interactions: list[Hit]) -> str:
    advice = "\n".join(f"- {hit.text}" for hit in insights)
    done = "\n\n".join(hit.text for hit in interactions)
    parts = [f"What like tasks taught:\n{advice}" if advice else "", f"How they were done:\n{done}" if done else ""]
    return "\n\n".join(part for part in parts if part)


def _view(queries: list[Hit], insights: list[Hit], interactions: list[Hit]) -> dict[str, Any]:
    shown = {hit.id for hit in [*queries, *insights, *interactions]}
    links = [
        (query.id, other, key) for query in queries for key in ("similar", "insights", "interactions")
        for other in query.data.get(key, []) if other in shown
    ]  # fmt: skip
    both = {frozenset((source, target)): (source, target, key) for source, target, key in links}
    nodes = [{"id": hit.id, "label": hit.text, "group": hit.kind} for hit in [*queries, *insights, *interactions]]
    edges = [{"source": source, "target": target, "label": key} for source, target, key in both.values()]
    return graph_view(nodes, edges, title="Insight graph")
