"""Choose a workflow of the archive as the parent of the next change.

Use it at the head of a loop of "Mutate", "Score" and "Keep in archive". The chance of each is the sigmoid
of its score times its novelty, 1 / (1 + how many were made of it): good ones are preferred, those already
much used less so. ``best`` takes the best one instead. ``empty`` leads to where a first one is made.

Source: Zhang et al. 2025, Darwin Gödel Machine (https://arxiv.org/abs/2505.22954), appendix on parent
selection (sharpness 10, middle 0.5). We deviate: a workflow with a full score may be chosen too.
"""

import random
from typing import Literal

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.workflows.archived import archive_of, archived, lineage


class ArchiveSampleConfig(Config):
    """How the parent is chosen."""

    choose: Literal["by_chance", "best"] = Field(
        default="by_chance", title="Choose", description="by_chance: weighted by score and novelty; best: the best."
    )
    seed: int = Field(default=1, ge=0, le=2**31, title="Seed", description="The same seed makes the same choices.")
    sharpness: float = Field(
        default=10, ge=0, le=100, title="Sharpness", description="How much the score counts; 0: only novelty does.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    middle: float = Field(
        default=0.5, ge=0, le=1, title="Middle", description="The score at which the sigmoid is one half.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="workflows.archive_sample", family="workflows", title="Sample from archive",
    summary="Choose a workflow of the archive as parent", config=ArchiveSampleConfig,
    outputs=(
        Port("workflow", "record", "The chosen workflow document."),
        Port("id", "text", "Its id in the archive."),
        Port("score", "number", "Its score."),
        Port("known", "text", "All archived ones with their scores, best first, for a model that designs."),
    ),
    outcomes=("done", "empty"), attaches=(Attach("archive", "memory", required=True),),
    source="Zhang et al. 2025, Darwin Gödel Machine, https://arxiv.org/abs/2505.22954", icon="dices",
)  # fmt: skip
async def archive_sample(inputs: Inputs, config: ArchiveSampleConfig, ctx: Context) -> Route:
    """Weigh them and draw one."""
    found = await archived(archive_of(ctx))
    if not found:
        return Route("empty", {"workflow": {}, "id": "", "score": 0, "known": ""})
    ranked = sorted(found, key=lambda each: -each.score)
    dice = random.Random(f"{config.seed}:{ctx.visit}:{len(found)}")  # noqa: S311 - chance, not secrecy
    weights = [each.weight(config.sharpness, config.middle) for each in found]
    chosen = ranked[0] if config.choose == "best" else dice.choices(found, weights)[0]
    ctx.show(lineage(found, chosen.id))
    ctx.progress(f"chose one with score {chosen.score:g} and {chosen.children} children")
    known = "\n".join(f"- score {each.score:g}: {each.about}" for each in ranked[:20])
    return Route("done", {"workflow": chosen.document, "id": chosen.id, "score": chosen.score, "known": known})
