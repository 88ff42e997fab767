"""Promote the records that are used to a deeper layer, demote those that are not.

Use it at the end of an episode, or each day of a simulation, beside "Layered recall" with the same layers.
A record that was recalled ``promote_uses`` times since it came into its layer moves one layer deeper and
gains importance; one that was not recalled for ``demote_days`` moves one back. Nothing is deleted: "Forget"
does that. Calls no model.

Source: Yu et al. 2023, FinMem (https://arxiv.org/abs/2311.13743), where an access counter raises the
importance of an event and carries it into a deeper layer. We deviate: the counter itself is the rule, not a
threshold on the importance it raises, and demotion looks at the time without use, not at a decayed score.
"""

from typing import Final

from pydantic import Field, model_validator

from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, Outputs, Port, node
from nodes.memory.attached import OWNER, memory_of
from nodes.memory.layered_recall import LAYERS
from nodes.views import table_view

DAY: Final = 86_400.0  # seconds
MOVED: Final = "moved"
"""Entry of a record's data: how often it had been used, and when, as it came into its layer."""


class MoveLayersConfig(Config):
    """The order of the layers, and when a record changes its own."""

    layers: tuple[str, ...] = Field(
        default=tuple(layer.name for layer in LAYERS), title="Layers", description="Names, the shallowest first.",
        min_length=2, max_length=10,
    )  # fmt: skip
    promote_uses: int = Field(
        default=3, ge=1, le=1_000, title="Promote after",
        description="Recalls within its layer that move a record deeper.",
        json_schema_extra={"unit": "uses"},
    )  # fmt: skip
    demote_days: float = Field(
        default=60, gt=0, le=36_500, title="Demote after", description="Days without a recall that move a record back.",
        json_schema_extra={"unit": "days"},
    )  # fmt: skip
    gain: float = Field(
        default=1, ge=0, le=9, title="Gain", description="What a promotion adds to the importance, which ends at 10."
    )
    max_records: int = Field(
        default=10_000, ge=1, le=100_000, title="Records", description="The most that are looked at in each layer.",
        json_schema_extra={"unit": "records", "advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _distinct(self) -> "MoveLayersConfig":
        if len(set(self.layers)) < len(self.layers):
            raise ValueError(f"a layer is named twice in {', '.join(self.layers)}; name each once")
        return self


@node(
    kind="memory.move_layers", family="memory", title="Move between layers",
    summary="Promote what is used, demote what is not", config=MoveLayersConfig,
    inputs=(OWNER,),
    outputs=(
        Port("promoted", "number", "How many records moved one layer deeper."),
        Port("demoted", "number", "How many moved one layer back."),
    ),
    attaches=(Attach("memory", "memory", required=True),), side_effects=True, icon="arrow-up-down",
    source="Yu et al. 2023, FinMem, https://arxiv.org/abs/2311.13743",
)  # fmt: skip
async def move_layers(inputs: Inputs, config: MoveLayersConfig, ctx: Context) -> Outputs:
    """Decide for every record of every layer first, then move."""
    memory, now = memory_of(ctx, inputs), ctx.now()
    depth = {layer: number for number, layer in enumerate(config.layers)}
    listed = [await memory.records(layer=layer, limit=config.max_records) for layer in config.layers]
    moves = [(hit, _step(hit, config, now)) for layer in listed for hit in layer]
    moves = [(hit, step) for hit, step in moves if step and 0 <= depth[hit.layer] + step < len(depth)]
    for hit, step in moves:
        await _move(memory, hit, config.layers[depth[hit.layer] + step], config.gain if step > 0 else 0, now)
    rows = [(hit.text, hit.layer, config.layers[depth[hit.layer] + step], hit.uses) for hit, step in moves]
    ctx.show(table_view(("record", "from", "to", "uses"), rows, title=f"Moved in {memory.space}"))
    promoted = sum(step > 0 for _, step in moves)
    ctx.progress(f"{promoted} promoted, {len(moves) - promoted} demoted in {memory.space!r}")
    return {"promoted": promoted, "demoted": len(moves) - promoted}


def _step(hit: Hit, config: MoveLayersConfig, now: float) -> int:
    """1: one layer deeper, -1: one back, 0: it stays."""
    moved = hit.data.get(MOVED, {})
    if hit.uses - moved.get("uses", 0) >= config.promote_uses:
        return 1
    touched = max(hit.created_at, hit.used_at or 0, moved.get("at", 0))
    return -1 if now - touched > config.demote_days * DAY else 0


async def _move(memory: Memory, hit: Hit, layer: str, gain: float, now: float) -> None:
    data = {**hit.data, MOVED: {"uses": hit.uses, "at": now}}
    await memory.update(hit.id, layer=layer, data=data, importance=min(hit.rated + gain, 10) if gain else None)
