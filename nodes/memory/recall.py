"""Search a memory for what fits the situation.

Use it before planning or answering, so that earlier lessons are at hand. Each record is scored by
similarity of meaning, recency (halves every ``half_life_days``), importance, and words in common; the
four weights say how much each counts, and every hit carries its four parts, where it comes from (run, node)
and whether it is trusted. Use "Layered recall" where each layer ages in its own time.

Source: Park et al. 2023, Generative Agents (https://arxiv.org/abs/2304.03442), section 4.1. We deviate:
recency decays by half-life in days since a record was written, not since it was last read; the parts are
not rescaled over the candidates; and a keyword part is added.
"""

from typing import Any

from pydantic import Field, model_validator

from nodes.contract import Attach, Config, Context, Inputs, Outputs, Port, Weights, node
from nodes.memory.attached import OWNER, as_document, hits_view, memory_of
from nodes.templating import as_text


def _weight(default: float, title: str, of: str) -> Any:
    return Field(
        default=default, ge=0, le=1, title=title, description=f"How much {of} counts; the four are scaled to sum to 1.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class RecallConfig(Config):
    """How many, how old, and what counts."""

    top_k: int = Field(
        default=5,
        ge=1,
        le=50,
        title="How many",
        description="The most records that are returned.",
        json_schema_extra={"unit": "records"},
    )
    min_score: float = Field(
        default=0, ge=0, le=1, title="Least score", description="Records that score lower are left out; 0: none is."
    )
    kinds: tuple[str, ...] = Field(
        default=(), title="Kinds", description="Only records of these kinds; none named: of any.", max_length=20
    )
    layers: tuple[str, ...] = Field(
        default=(), title="Layers", description="Only records in these layers; none named: in any or none.",
        max_length=20, json_schema_extra={"advanced": True},
    )  # fmt: skip
    only_trusted: bool = Field(
        default=False, title="Only trusted", description="Leave out what came from outside and was not approved."
    )
    half_life_days: float = Field(
        default=30, gt=0, le=3_650, title="Half-life", description="Age at which recency counts half.",
        json_schema_extra={"unit": "days", "advanced": True},
    )  # fmt: skip
    similarity: float = _weight(0.55, "Similarity", "likeness of meaning")
    recency: float = _weight(0.15, "Recency", "being new")
    importance: float = _weight(0.20, "Importance", "importance")
    keyword: float = _weight(0.10, "Keywords", "having words in common")

    @model_validator(mode="after")
    def _some_weight(self) -> "RecallConfig":
        if self.similarity + self.recency + self.importance + self.keyword == 0:
            raise ValueError("all four weights are 0, so nothing could be ranked; give at least one a value above 0")
        return self

    def weights(self) -> Weights:
        """The four as the memory takes them."""
        return Weights(self.similarity, self.recency, self.importance, self.keyword)


@node(
    kind="memory.recall", family="memory", title="Recall", summary="Search a memory for what fits", config=RecallConfig,
    inputs=(Port("query", "text", "What to look for."), OWNER),
    outputs=(
        Port("hits", "documents", "The records, best first, each with its score, its four parts, and its source."),
        Port("text", "text", "Their texts as bullets; empty when there are none."),
    ),
    attaches=(Attach("memory", "memory", required=True),), icon="memory-in",
    source="Park et al. 2023, Generative Agents, https://arxiv.org/abs/2304.03442",
)  # fmt: skip
async def recall(inputs: Inputs, config: RecallConfig, ctx: Context) -> Outputs:
    """Search, keep what scores high enough."""
    memory = memory_of(ctx, inputs)
    query = inputs["query"].strip()
    found = [] if not query else await memory.search(
        query, top_k=config.top_k, weights=config.weights(), half_life_days=config.half_life_days, kinds=config.kinds,
        layers=dict.fromkeys(config.layers, config.half_life_days) or None, only_trusted=config.only_trusted,
    )  # fmt: skip
    hits = [as_document(hit) for hit in found if hit.score >= config.min_score]
    ctx.show(hits_view(hits, f"Recalled from {memory.space}"))
    ctx.progress(f"{len(hits)} of {memory.space!r} recalled")
    return {"hits": hits, "text": as_text(hits)}
