"""Search several layers of a memory, each with a decay of its own.

Use it where news should fade in days and principles last for years: a shallow layer with a short half-life,
a deep one with a long. Each layer gives its own best ``top_k``, so that the many fresh records of one do not
crowd out the few lasting ones of another. "Move between layers" promotes what is used and demotes what is not.

Source: Yu et al. 2023, FinMem (https://arxiv.org/abs/2311.13743), its layered long-term memory with a
stability of 14, 90 and 365 days. We deviate: recency halves in that time, where theirs decays by e.
"""

import asyncio

from pydantic import Field, model_validator

from nodes.contract import Attach, Config, Context, Hit, Inputs, Outputs, Port, Weights, node
from nodes.memory.attached import OWNER, as_document, memory_of
from nodes.views import table_view


class Layer(Config):
    """One layer of the memory."""

    name: str = Field(
        title="Name",
        description="Name of the layer: lower-case letters, digits and _.", pattern=r"^[a-z][a-z0-9_]{0,39}$"
    )  # fmt: skip
    half_life_days: float = Field(
        default=30, gt=0, le=36_500, title="Half-life", description="Age at which recency counts half in this layer.",
        json_schema_extra={"unit": "days"},
    )  # fmt: skip
    top_k: int = Field(
        default=3, ge=1, le=50, title="How many", description="The most records this layer gives.",
        json_schema_extra={"unit": "records"},
    )  # fmt: skip


LAYERS = (
    Layer(name="shallow", half_life_days=14),
    Layer(name="intermediate", half_life_days=90),
    Layer(name="deep", half_life_days=365),
)


class LayeredRecallConfig(Config):
    """The layers, and what counts within each."""

    layers: tuple[Layer, ...] = Field(
        default=LAYERS, title="Layers", description="The layers that are searched, the shallowest first.",
        min_length=1, max_length=10,
    )  # fmt: skip
    recency: float = Field(
        default=0.33, ge=0, le=1, title="Recency",
        description="How much being new counts against meaning and importance.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    importance: float = Field(
        default=0.33, ge=0, le=1, title="Importance", description="How much importance counts.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    similarity: float = Field(
        default=0.34, gt=0, le=1, title="Similarity", description="How much likeness of meaning counts; above 0.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    only_trusted: bool = Field(
        default=False, title="Only trusted", description="Leave out what came from outside and was not approved."
    )

    @model_validator(mode="after")
    def _distinct(self) -> "LayeredRecallConfig":
        names = [layer.name for layer in self.layers]
        if len(set(names)) < len(names):
            raise ValueError(f"a layer is named twice in {', '.join(names)}; give each a name of its own")
        return self


@node(
    kind="memory.layered_recall", family="memory", title="Layered recall",
    summary="Search layers that age in their own time", config=LayeredRecallConfig,
    inputs=(Port("query", "text", "What to look for."), OWNER),
    outputs=(
        Port("hits", "documents", "The records, layer by layer, the best of each first."),
        Port("text", "text", "Their texts as bullets, each with its layer; empty when there are none."),
    ),
    attaches=(Attach("memory", "memory", required=True),), icon="layers",
    source="Yu et al. 2023, FinMem, https://arxiv.org/abs/2311.13743",
)  # fmt: skip
async def layered_recall(inputs: Inputs, config: LayeredRecallConfig, ctx: Context) -> Outputs:
    """Search each layer, put the results in the order of the layers."""
    memory, query = memory_of(ctx, inputs), inputs["query"].strip()
    weights = Weights(config.similarity, config.recency, config.importance, 0)

    async def search(layer: Layer) -> list[Hit]:
        return await memory.search(
            query, top_k=layer.top_k, weights=weights, half_life_days=layer.half_life_days,
            layers={layer.name: layer.half_life_days}, only_trusted=config.only_trusted,
        )  # fmt: skip

    found = await asyncio.gather(*(search(layer) for layer in config.layers)) if query else []
    hits = [hit for layer in found for hit in layer]
    rows = [(hit.layer, hit.text, round(hit.score, 3), round(hit.recency, 3)) for hit in hits]
    ctx.show(table_view(("layer", "record", "score", "recency"), rows, title=f"Recalled from {memory.space}"))
    ctx.progress(f"{len(hits)} of {memory.space!r} recalled from {len(config.layers)} layers")
    return {
        "hits": [as_document(hit) for hit in hits],
        "text": "\n".join(f"- ({hit.layer}) {hit.text}" for hit in hits),
    }
