"""Read facts out of a text, and join them to a knowledge graph.

Use it for each document or answer whose facts should be kept; "Query knowledge graph" walks along them. The model names
the facts as triples, subject - relation - object. A name that is known, or means the same as a known one, is
the same entity. Each fact is a record of its own with where it comes from, and says whether it is trusted.

Source: Ghafarollahi and Buehler 2024, SciAgents (https://arxiv.org/abs/2409.05556), a graph of concepts behind
its agents; LLM-Powered Decentralized Generative Agents with Adaptive Hierarchical Knowledge Graph for
Cooperative Planning, 2025 (DAMCS). We deviate: entities are merged by equal or like names, without a model.
"""

from typing import Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, Memory, Outputs, Port, node
from nodes.memory.attached import OWNER, alike, evened, memory_of, same_text
from nodes.templating import Template, as_text, render
from nodes.views import graph_view

ENTITY: Final = "entity"
FACT: Final = "fact"
EXTRACT: Final = """List the facts in the text as triples: subject, relation, object.
Names are short and whole, never "it" or "she". The relation is a few words. Take only what the text says.
Example: "Ann, who leads Acme, was born in Oslo" -> (Ann, leads, Acme), (Ann, was born in, Oslo).{advice}

Text:
{text}"""


class KnowledgeGraphAddConfig(Config):
    """How many facts, which, and when two names are one."""

    max_triples: int = Field(
        default=20, ge=1, le=200, title="Facts", description="The most that are read out of one text.",
        json_schema_extra={"unit": "facts"},
    )  # fmt: skip
    advice: Template = Field(
        default="", title="Advice", description="Which facts are wanted, which relations; {{name}} makes an input.",
        max_length=10_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    same_from: float = Field(
        default=0.85, ge=0, le=1, title="Same from",
        description="Likeness from which two names are one entity; 1: equal.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    trusted: bool = Field(
        default=True, title="Trusted", description="No where the text comes from outside and nobody has approved it."
    )


class Triple(BaseModel):
    """One fact."""

    subject: str
    relation: str
    object: str


class Triples(BaseModel):
    """The facts of a text."""

    triples: list[Triple]


@node(
    kind="memory.knowledge_graph_add", family="memory", title="Add to knowledge graph",
    summary="Read facts out of a text into a graph",
    config=KnowledgeGraphAddConfig,
    inputs=(Port("text", "any", "The text whose facts are kept."), OWNER),
    outputs=(
        Port("triples", "list[record]", "Each with subject, relation, object and record (the fact's id)."),
        Port("merged", "number", "How many names were found to be known entities."),
    ),
    attaches=(Attach("memory", "memory", required=True), Attach("model", "model")), template_fields=("advice",),
    side_effects=True, model_calls="1; 0 for an empty text", icon="git-fork",
    source="Ghafarollahi and Buehler 2024, SciAgents, https://arxiv.org/abs/2409.05556",
)  # fmt: skip
async def knowledge_graph_add(inputs: Inputs, config: KnowledgeGraphAddConfig, ctx: Context) -> Outputs:
    """Extract, find or make the entities, write the facts between them."""
    memory, text = memory_of(ctx, inputs), as_text(inputs["text"]).strip()
    names: dict[str, tuple[str, str, bool]] = {}
    triples: list[dict[str, str]] = []
    for triple in await _extracted(text, render(config.advice, inputs).strip(), config, ctx) if text else []:
        for name in (triple.subject, triple.object):
            names[evened(name)] = names.get(evened(name)) or await _entity(memory, name.strip(), config)
        subject, object = names[evened(triple.subject)], names[evened(triple.object)]
        triples.append(await _fact(memory, subject, triple.relation.strip(), object, config))
    merged = sum(known for _, _, known in names.values())
    nodes = [{"id": id, "label": name, "group": "known" if known else "new"} for id, name, known in names.values()]
    edges = [{"source": each["from"], "target": each["to"], "label": each["relation"]} for each in triples]
    ctx.show(graph_view(nodes, edges, title="Facts added"))
    ctx.progress(f"{len(triples)} facts, {len(names)} entities, {merged} of them known")
    kept = [{key: each[key] for key in ("subject", "relation", "object", "record")} for each in triples]
    return {"triples": kept, "merged": merged}


async def _extracted(text: str, advice: str, config: KnowledgeGraphAddConfig, ctx: Context) -> list[Triple]:
    """The facts with all three parts, each once."""
    asked = EXTRACT.format(text=text, advice=f"\n{advice}" if advice else "")
    said = await ask_for(ctx.model, [{"role": "user", "content": asked}], Triples, temperature=0)
    whole = [each for each in said.triples if each.subject.strip() and each.relation.strip() and each.object.strip()]
    once: dict[tuple[str, str, str], Triple] = {}
    for each in whole:
        once.setdefault((evened(each.subject), evened(each.relation), evened(each.object)), each)
    return list(once.values())[: config.max_triples]


async def _entity(memory: Memory, name: str, config: KnowledgeGraphAddConfig) -> tuple[str, str, bool]:
    """Id and name of the entity, and whether it was known."""
    known = await same_text(memory, name, kind=ENTITY)
    if known is None and config.same_from < 1:
        near = await alike(memory, name, top_k=1, kinds=(ENTITY,))
        known = next((hit for hit in near if hit.score >= config.same_from), None)
    if known is None:
        return await memory.add(name, kind=ENTITY, data={"facts": [], "aliases": []}), name, False
    if evened(known.text) != evened(name):
        aliases = list(dict.fromkeys([*known.data["aliases"], name]))
        await memory.update(known.id, data={**known.data, "aliases": aliases})
    return known.id, known.text, True


async def _fact(
    memory: Memory, subject: tuple[str, str, bool], relation: str, object: tuple[str, str, bool],
    config: KnowledgeGraphAddConfig,
) -> dict[str, str]:  # fmt: skip
    """The triple, stored as a record that both its entities name."""
    told = f"{subject[1]} {relation} {object[1]}"
    data = {"subject": subject[0], "relation": relation, "object": object[0]}
    record = await memory.add(told, kind=FACT, data=data, trusted=config.trusted)
    for id in {subject[0]: None, object[0]: None}:
        entity = await memory.get(id)
        if entity and record not in entity.data["facts"]:
            await memory.update(id, data={**entity.data, "facts": [*entity.data["facts"], record]})
    return {
        "subject": subject[1], "relation": relation, "object": object[1],
        "record": record, "from": subject[0], "to": object[0],
    }  # fmt: skip
