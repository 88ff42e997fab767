"""Let records fade by the forgetting curve, and remove those that have faded.

Use it at the end of an episode or once a day, so that a space keeps what is used. What is left of a record
is ``exp(-age / strength)``: its age in days since it was last recalled, or written; its strength in days
grows with each recall. Below ``forget_below`` a record is removed for good, or only listed in a dry run;
below ``archive_below`` it moves to a slower layer. Calls no model.

Source: Liang et al. 2024, SAGE: Self-evolving Agents with Reflective and Memory-augmented Abilities
(https://arxiv.org/abs/2409.00872), retention by Ebbinghaus with two thresholds, and Zhong et al. 2023,
MemoryBank (https://arxiv.org/abs/2305.10250), strength that grows with each recall. We deviate: the growth
is a setting, and important records can be exempt.
"""

import math
from typing import Any, Final

from pydantic import Field, model_validator

from nodes.contract import Attach, Config, Context, Hit, Inputs, Outputs, Port, node
from nodes.memory.attached import OWNER, as_document, memory_of
from nodes.views import table_view

DAY: Final = 86_400.0  # seconds


class ForgetConfig(Config):
    """The curve, the two thresholds, and what is exempt."""

    strength_days: float = Field(
        default=7, gt=0, le=36_500, title="Strength", description="Strength of a record that was never recalled.",
        json_schema_extra={"unit": "days"},
    )  # fmt: skip
    growth_days: float = Field(
        default=7, ge=0, le=36_500, title="Growth", description="What each recall adds to the strength.",
        json_schema_extra={"unit": "days"},
    )  # fmt: skip
    forget_below: float = Field(
        default=0.05, ge=0, le=1, title="Forget below", description="Retention under which a record is removed, 0 to 1."
    )
    archive_below: float = Field(
        default=0, ge=0, le=1, title="Archive below",
        description="Retention under which it moves to the layer; 0: none.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    archive_layer: str = Field(
        default="archive", title="Archive layer", description="Layer that fading records move to.",
        pattern=r"^[a-z][a-z0-9_]{0,39}$", json_schema_extra={"advanced": True},
    )  # fmt: skip
    keep_importance: float = Field(
        default=9,
        ge=1,
        le=11,
        title="Keep from",
        description="Records of this importance or more never fade; 11: all do.",
    )
    kinds: tuple[str, ...] = Field(
        default=(), title="Kinds", description="Only records of these kinds; none named: of any.", max_length=20
    )
    dry_run: bool = Field(
        default=False, title="Dry run", description="Say what would be forgotten, and change nothing."
    )
    max_records: int = Field(
        default=10_000, ge=1, le=100_000, title="Records",
        description="The most that are looked at, the last written first.",
        json_schema_extra={"unit": "records", "advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _in_order(self) -> "ForgetConfig":
        if 0 < self.archive_below <= self.forget_below:
            raise ValueError(
                f"archive_below {self.archive_below:g} must be above forget_below {self.forget_below:g}, or 0 for none"
            )
        return self


@node(
    kind="memory.forget", family="memory", title="Forget", summary="Let unused records fade by the forgetting curve",
    config=ForgetConfig,
    inputs=(OWNER,),
    outputs=(
        Port("forgotten", "documents", "The records that were removed (in a dry run: would be), with their retention."),
        Port("archived", "number", "How many moved to the archive layer (in a dry run: would)."),
        Port("kept", "number", "How many stayed as they were."),
    ),
    attaches=(Attach("memory", "memory", required=True),), side_effects=True, icon="eraser",
    source="Liang et al. 2024, SAGE, https://arxiv.org/abs/2409.00872",
)  # fmt: skip
async def forget(inputs: Inputs, config: ForgetConfig, ctx: Context) -> Outputs:
    """Work out what is left of each record, remove the faded, archive the fading."""
    memory, now = memory_of(ctx, inputs), ctx.now()
    records = await memory.records(kinds=config.kinds, limit=config.max_records)
    left = [(hit, retention(hit, config, now)) for hit in records]
    faded = [(hit, rest) for hit, rest in left if rest < config.forget_below]
    fading = [
        hit for hit, rest in left
        if config.forget_below <= rest < config.archive_below and hit.layer != config.archive_layer
    ]  # fmt: skip
    if not config.dry_run:
        await memory.forget([hit.id for hit, _ in faded])
        for hit in fading:
            await memory.update(hit.id, layer=config.archive_layer)
    rows = [(hit.text, round(rest, 4), hit.uses, rest < config.forget_below) for hit, rest in left]
    ctx.show(table_view(("record", "retention", "uses", "forgotten"), rows, title=f"Retention in {memory.space}"))
    ctx.progress(f"{len(faded)} of {len(records)} {'would be ' if config.dry_run else ''}forgotten")
    if len(records) == config.max_records:
        ctx.progress(f"older records than the newest {config.max_records:,} were not looked at: raise 'Records'")
    return {
        "forgotten": [_document(hit, rest) for hit, rest in faded],
        "archived": len(fading), "kept": len(records) - len(faded) - len(fading),
    }  # fmt: skip


def retention(hit: Hit, config: ForgetConfig, now: float) -> float:
    """What is left of a record, 0 to 1; 1 for one that is exempt."""
    if hit.rated >= config.keep_importance:
        return 1.0
    age = max(now - max(hit.created_at, hit.used_at or 0), 0) / DAY
    return math.exp(-age / (config.strength_days + config.growth_days * hit.uses))


def _document(hit: Hit, rest: float) -> dict[str, Any]:
    return {**as_document(hit), "retention": rest}
