"""Recall the lessons that fit the situation, for one member of a team or for all.

Use it before a member acts, and wire ``text`` into its prompt. Lessons come from "Learn lessons": those for
the named role and those for all are given, ranked by how well they fit and how often they were confirmed.
Calls no model.

Source: LIET: Learn as Individuals, Evolve as a Team: Multi-agent LLMs Adaptation in Embodied Environments,
2025, whose shared list stands in every prompt. We deviate: only lessons that fit the situation are given.
"""

from typing import Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, Outputs, Port, Weights, node
from nodes.memory.attached import OWNER, as_document, memory_of
from nodes.memory.learn_lessons import LESSON
from nodes.templating import as_text

_OVERFETCH: Final = 4  # for those of other roles that fall away
WEIGHTS: Final = Weights(similarity=0.6, recency=0, importance=0.3, keyword=0.1)


class RecallLessonsConfig(Config):
    """For whom, and how many."""

    role: str = Field(
        default="", title="Role", description="Whose lessons beside those for all; empty: only those for all.",
        max_length=80,
    )  # fmt: skip
    top_k: int = Field(
        default=4, ge=1, le=50, title="How many", description="The most lessons.", json_schema_extra={"unit": "lessons"}
    )
    min_score: float = Field(
        default=0.2, ge=0, le=1, title="Least score", description="Lessons that fit less are left out; 0: none is."
    )
    only_trusted: bool = Field(
        default=False, title="Only trusted", description="Leave out what came from outside and was not approved."
    )


@node(
    kind="memory.recall_lessons", family="memory", title="Recall lessons",
    summary="Lessons that fit, for a role or for all",
    config=RecallLessonsConfig,
    inputs=(Port("situation", "any", "What is about to be done."), OWNER),
    outputs=(
        Port("lessons", "documents", "The records, the best first; condition and role are in data."),
        Port("text", "text", "The lessons as bullets; empty when there are none."),
    ),
    attaches=(Attach("memory", "memory", required=True),), icon="book-open",
    source="LIET, Learn as Individuals, Evolve as a Team, 2025",
)  # fmt: skip
async def recall_lessons(inputs: Inputs, config: RecallLessonsConfig, ctx: Context) -> Outputs:
    """Search, leave out those for others."""
    memory, situation = memory_of(ctx, inputs), as_text(inputs["situation"]).strip()
    found = [] if not situation else await memory.search(
        situation, top_k=config.top_k * _OVERFETCH, weights=WEIGHTS, half_life_days=365, kinds=(LESSON,),
        only_trusted=config.only_trusted,
    )  # fmt: skip
    mine = [hit for hit in found if hit.data.get("role", "") in ("", config.role) and hit.score >= config.min_score]
    lessons = [as_document(hit) for hit in mine[: config.top_k]]
    ctx.progress(f"{len(lessons)} lessons of {memory.space!r} for {config.role or 'all'}")
    return {"lessons": lessons, "text": as_text(lessons)}
