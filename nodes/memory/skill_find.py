"""Find skills that fit the task: tested snippets from the library.

Use it before a model writes code: ``text`` tells it what there is, ``code`` are the definitions to run its own
code with. Skills come from "Keep a skill" and have passed their tests there. Calls no model.

Source: Nguyen et al. 2024, DynaSaur: Large Language Agents Beyond Predefined Actions
(https://arxiv.org/abs/2411.01747), its action retrieval. We deviate: skills are ranked by the meaning of their
description and by words in common with it.
"""

from pydantic import Field

from nodes.contract import Attach, Config, Context, Inputs, Port, Route, node
from nodes.memory.attached import OWNER, alike, as_document, memory_of
from nodes.memory.skill_keep import SKILL


class SkillFindConfig(Config):
    """How many, and how alike."""

    top_k: int = Field(
        default=3, ge=1, le=50, title="How many", description="The most skills.", json_schema_extra={"unit": "skills"}
    )
    min_similarity: float = Field(
        default=0.2, ge=0, le=1, title="Least likeness", description="Skills that fit the task less are left out."
    )
    only_trusted: bool = Field(
        default=True, title="Only trusted", description="Leave out code that came from outside and was not approved."
    )


@node(
    kind="memory.skill_find", family="memory", title="Find skills", summary="Tested snippets that fit the task",
    config=SkillFindConfig,
    inputs=(Port("task", "text", "What the skills are needed for."), OWNER),
    outputs=(
        Port("code", "text", "The definitions, each once, those a skill calls before it; empty when there are none."),
        Port("text", "text", "Name and purpose of each as bullets; empty when there are none."),
        Port("skills", "documents", "The records, the best first; code and tests are in data."),
    ),
    outcomes=("found", "none"), attaches=(Attach("memory", "memory", required=True),), icon="package-search",
    source="Nguyen et al. 2024, DynaSaur, https://arxiv.org/abs/2411.01747",
)  # fmt: skip
async def skill_find(inputs: Inputs, config: SkillFindConfig, ctx: Context) -> Route:
    """Search by purpose, hand out the code."""
    memory = memory_of(ctx, inputs)
    found = await alike(
        memory, inputs["task"], top_k=config.top_k, kinds=(SKILL,), only_trusted=config.only_trusted
    )  # fmt: skip
    hits = [hit for hit in found if hit.score >= config.min_similarity]
    parts = [part for hit in hits for part in (hit.data["library"], hit.data["code"]) if part]
    ctx.progress(f"{len(hits)} skills of {memory.space!r}: {', '.join(hit.data['name'] for hit in hits) or 'none'}")
    return Route(
        "found" if hits else "none",
        {
            "code": "\n\n".join(dict.fromkeys(parts)), "text": "\n".join(f"- {hit.text}" for hit in hits),
            "skills": [as_document(hit) for hit in hits],
        },
    )  # fmt: skip
