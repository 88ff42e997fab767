"""Walk the knowledge graph from what a question names to the facts around it.

Use it before an answer that must join facts from several texts: the walk goes hop by hop along relations that
no search by meaning would connect. Facts come from "Add to knowledge graph". It begins at the entities and facts most
like the question, and takes the facts nearest to the beginning first. Calls no model.

Source: Ghafarollahi and Buehler 2024, SciAgents (https://arxiv.org/abs/2409.05556), its sub-graph sampling.
We deviate: all facts within k hops are taken, up to a bound, where the paper samples paths between two concepts.
"""

import asyncio
from collections.abc import Collection, Iterable
from typing import Any

from pydantic import Field

from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, Port, Route, node
from nodes.memory.attached import OWNER, alike, as_document, memory_of
from nodes.memory.knowledge_graph_add import ENTITY, FACT
from nodes.views import graph_view


class KnowledgeGraphQueryConfig(Config):
    """Where the walk begins, and how far it goes."""

    top_k: int = Field(
        default=3, ge=1, le=20, title="Beginnings", description="Entities, and facts, most like the question.",
        json_schema_extra={"unit": "records"},
    )  # fmt: skip
    hops: int = Field(
        default=2, ge=1, le=5, title="Hops", description="How far the walk goes; 1: facts of the beginnings alone.",
        json_schema_extra={"unit": "hops"},
    )  # fmt: skip
    max_facts: int = Field(
        default=30, ge=1, le=500, title="Facts", description="The most that come back.",
        json_schema_extra={"unit": "facts"},
    )  # fmt: skip
    min_similarity: float = Field(
        default=0.3, ge=0, le=1, title="Least likeness", description="What is less like the question is no beginning."
    )
    only_trusted: bool = Field(
        default=False, title="Only trusted", description="Walk only along facts that are trusted."
    )


@node(
    kind="memory.knowledge_graph_query", family="memory", title="Query knowledge graph",
    summary="Facts within k hops of a question",
    config=KnowledgeGraphQueryConfig,
    inputs=(Port("query", "text", "The question, or the names to begin at."), OWNER),
    outputs=(
        Port("facts", "documents", "The facts, nearest first, each with `hops` and where it comes from."),
        Port("text", "text", "The facts as bullets; empty when there are none."),
    ),
    outcomes=("found", "none"), attaches=(Attach("memory", "memory", required=True),), icon="share-2",
    source="Ghafarollahi and Buehler 2024, SciAgents, https://arxiv.org/abs/2409.05556",
)  # fmt: skip
async def knowledge_graph_query(inputs: Inputs, config: KnowledgeGraphQueryConfig, ctx: Context) -> Route:
    """Find where to begin, then widen the circle hop by hop."""
    memory = memory_of(ctx, inputs)
    entities: dict[str, Hit] = {}
    facts: dict[str, tuple[Hit, int]] = {}
    front, near = await _beginnings(memory, inputs["query"], config)
    for hop in range(1, config.hops + 1):
        entities |= {hit.id: hit for hit in front}
        near += await _new(
            memory, (id for hit in front for id in hit.data["facts"]), {hit.id for hit in near} | set(facts)
        )
        near = [hit for hit in near if hit.trusted or not config.only_trusted][: config.max_facts - len(facts)]
        facts |= {hit.id: (hit, hop) for hit in near}
        front = await _new(memory, (hit.data[end] for hit in near for end in ("subject", "object")), entities)
        near = []
    entities |= {hit.id: hit for hit in front}
    ctx.show(_view(list(entities.values()), [hit for hit, _ in facts.values()]))
    ctx.progress(f"{len(facts)} facts about {len(entities)} entities within {config.hops} hops")
    found = [{**as_document(hit), "hops": hop} for hit, hop in facts.values()]
    text = "\n".join(f"- {hit.text}" for hit, _ in facts.values())
    return Route("found" if found else "none", {"facts": found, "text": text})


async def _beginnings(memory: Memory, query: str, config: KnowledgeGraphQueryConfig) -> tuple[list[Hit], list[Hit]]:
    """Entities like the question, and facts like it."""
    entities, facts = [await alike(memory, query, top_k=config.top_k, kinds=(kind,)) for kind in (ENTITY, FACT)]
    return (
        [hit for hit in entities if hit.score >= config.min_similarity],
        [hit for hit in facts if hit.score >= config.min_similarity],
    )


async def _new(memory: Memory, ids: Iterable[str], known: Collection[str]) -> list[Hit]:
    """The records not known yet, each once, in the order of ``ids``; those forgotten meanwhile are left out."""
    wanted = [id for id in dict.fromkeys(ids) if id not in known]
    found = await asyncio.gather(*(memory.get(id) for id in wanted))
    return [hit for hit in found if hit is not None]


def _view(entities: list[Hit], facts: list[Hit]) -> dict[str, Any]:
    nodes = [{"id": hit.id, "label": hit.text, "group": ENTITY} for hit in entities]
    shown = {hit.id for hit in entities}
    edges = [
        {"source": hit.data["subject"], "target": hit.data["object"], "label": hit.data["relation"]}
        for hit in facts if {hit.data["subject"], hit.data["object"]} <= shown
    ]  # fmt: skip
    return graph_view(nodes, edges, title="Knowledge graph")
