"""Distil from an episode the lessons a team should mind next time, and keep them.

Use it at the end of an episode; "Recall lessons" brings them to the members. Each lesson has a condition
(when it holds) and, where it concerns one member, a role. A lesson that says what a kept one says is not kept
twice: the kept one is confirmed, which raises its importance.

Source: LIET: Learn as Individuals, Evolve as a Team: Multi-agent LLMs Adaptation in Embodied Environments,
2025, a shared list that the team edits after each episode. We deviate: each lesson is a record with its
condition, found by meaning, so that the list may grow past what fits in a prompt.
"""

from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, Memory, NodeError, Outputs, Port, node
from nodes.memory.attached import OWNER, alike, memory_of
from nodes.templating import as_text
from nodes.views import table_view

LESSON: Final = "lesson"
THINK: Final = """{roles}What happened:
{episode}

{outcome}What went well, what went wrong, and why? Answer in a few sentences. Name causes, not symptoms."""
DISTIL: Final = """Now write at most {count} lessons for next time. Each has a condition ("when") and one sentence
of advice ("lesson"). Write down only what helps in other cases too.{roles}
Example: when "two agents carry the same item", lesson "Agree on who carries it before moving"."""
ROLES: Final = "\nAs role write who it is for: {roles}; or leave it empty when it is for all."
TEAM: Final = "The team: {roles}\n\n"
OUTCOME: Final = "How it ended: {outcome}\n\n"


class LearnLessonsConfig(Config):
    """How many, for whom, and when two are the same."""

    max_lessons: int = Field(
        default=3, ge=1, le=20, title="Lessons", description="The most that are drawn from an episode.",
        json_schema_extra={"unit": "lessons"},
    )  # fmt: skip
    roles: tuple[str, ...] = Field(
        default=(), title="Roles", description="Members a lesson may be for; none named: all lessons are for all.",
        max_length=20,
    )  # fmt: skip
    importance: float = Field(
        default=6, ge=1, le=10, title="Importance", description="Of a new lesson; each confirmation adds 1, up to 10."
    )
    same_from: float = Field(
        default=0.85, ge=0, le=1, title="Same from", description="Likeness from which two lessons are the same one.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Lesson(BaseModel):
    """One lesson as the model writes it."""

    when: str = Field(description="the condition under which it holds")
    lesson: str = Field(description="one sentence of advice")
    role: str = Field(default="", description="who it is for; empty: all")


@node(
    kind="memory.learn_lessons", family="memory", title="Learn lessons",
    summary="Distil lessons from an episode and keep them",
    config=LearnLessonsConfig,
    inputs=(
        Port("episode", "any", "What happened: messages, results, a report."),
        Port("outcome", "any", "How it ended: a score, a verdict, what failed.", required=False),
        OWNER,
    ),
    outputs=(
        Port("lessons", "list[record]", "Each with when, lesson, role, record (its id) and confirmed (how often)."),
        Port("text", "text", "The lessons as bullets."),
    ),
    attaches=(Attach("memory", "memory", required=True), Attach("model", "model")), side_effects=True,
    model_calls="2", icon="graduation-cap", source="LIET, Learn as Individuals, Evolve as a Team, 2025",
)  # fmt: skip
async def learn_lessons(inputs: Inputs, config: LearnLessonsConfig, ctx: Context) -> Outputs:
    """Analyse in prose, distil by schema, keep or confirm each."""
    memory, episode = memory_of(ctx, inputs), as_text(inputs["episode"]).strip()
    if not episode:
        raise NodeError("The episode is empty", mend="Wire in what happened.")
    drawn = await _drawn(episode, as_text(inputs.get("outcome")).strip(), config, ctx)
    kept = [await _keep(memory, lesson, config) for lesson in drawn if lesson.lesson.strip()]
    rows = [(each["when"], each["lesson"], each["role"] or "all", each["confirmed"]) for each in kept]
    ctx.show(table_view(("when", "lesson", "for", "confirmed"), rows, title="Lessons"))
    new = sum(each["confirmed"] == 1 for each in kept)
    ctx.progress(f"{new} lessons kept, {len(kept) - new} confirmed in {memory.space!r}")
    return {"lessons": kept, "text": "\n".join(f"- {_told(each['when'], each['lesson'])}" for each in kept)}


async def _drawn(episode: str, outcome: str, config: LearnLessonsConfig, ctx: Context) -> list[Lesson]:
    names = ", ".join(config.roles)
    first = THINK.format(
        roles=TEAM.format(roles=names) if names else "", episode=episode,
        outcome=OUTCOME.format(outcome=outcome) if outcome else "",
    )  # fmt: skip
    messages: list[dict[str, Any]] = [{"role": "user", "content": first}]
    thought = await ctx.model.chat(messages, temperature=config.temperature)
    distil = DISTIL.format(count=config.max_lessons, roles=ROLES.format(roles=names) if names else "")
    messages += [{"role": "assistant", "content": thought.text}, {"role": "user", "content": distil}]
    answer: Any = await ask_for(ctx.model, messages, lessons_schema(config.max_lessons), temperature=0)
    return answer.lessons[: config.max_lessons]


@lru_cache(maxsize=32)
def lessons_schema(most: int) -> type[BaseModel]:
    """``{"lessons"}``, at most so many: the bound guides the grammar of small models, and a longer list is cut."""
    return create_model("Lessons", lessons=(list[Lesson], Field(json_schema_extra={"maxItems": most})))


async def _keep(memory: Memory, lesson: Lesson, config: LearnLessonsConfig) -> dict[str, Any]:
    role = lesson.role.strip() if lesson.role.strip() in config.roles else ""
    text = _told(lesson.when, lesson.lesson)
    near = await alike(memory, text, top_k=3, kinds=(LESSON,))
    known = next((hit for hit in near if hit.score >= config.same_from and hit.data.get("role", "") == role), None)
    if known:
        data = {**known.data, "confirmed": known.data.get("confirmed", 1) + 1}
        await memory.update(known.id, data=data, importance=min(known.rated + 1, 10))
        return {**data, "record": known.id}
    data = {"when": lesson.when.strip(), "lesson": lesson.lesson.strip(), "role": role, "confirmed": 1}
    return {**data, "record": await memory.add(text, kind=LESSON, importance=config.importance, data=data)}


def _told(when: str, lesson: str) -> str:
    when = when.strip()
    return f"{when[0].upper()}{when[1:]}: {lesson.strip()}" if when else lesson.strip()
