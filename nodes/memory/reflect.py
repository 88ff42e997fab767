"""Draw insights from what happened lately, and remember them with their evidence.

Use it in a loop or at the end of an episode. Nothing happens until the importance of the records written
since the last reflection sums to ``threshold``. Then the model asks the questions those records raise,
recalls for each, and writes insights, each with the ids of the records it rests on; they are stored as
records of the kind ``reflection`` and can be recalled like any other; one that rests on an untrusted record
is not trusted either.

Source: Park et al. 2023, Generative Agents (https://arxiv.org/abs/2304.03442), section 4.2, with a threshold
of 150. We deviate: our default is 30, for workflows write fewer records than towns; insights come by schema.
"""

import asyncio
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, Port, Route, Weights, node
from nodes.memory.attached import OWNER, memory_of
from nodes.views import graph_view

REFLECTION: Final = "reflection"
ASK: Final = """Here is what happened lately:
{records}

Which {count} questions about this matter most? Ask only what these statements can answer."""
INSIGHTS: Final = """Statements:
{records}

Question: {question}

What follows from the statements? Write at most {count} insights, each one sentence that is true beyond the single
case, with the numbers of the statements it rests on. Example: insight "Ann prefers mornings", because [1, 4]."""


class ReflectConfig(Config):
    """When to reflect, and how widely."""

    threshold: float = Field(
        default=30, ge=0, le=10_000, title="Threshold",
        description="Summed importance of new records from which it reflects; 0: always.",
    )  # fmt: skip
    questions: int = Field(
        default=3, ge=1, le=10, title="Questions", description="How many are asked, one model call each.",
        json_schema_extra={"unit": "questions"},
    )  # fmt: skip
    insights: int = Field(
        default=2, ge=1, le=10, title="Insights", description="The most that are drawn from each question."
    )
    top_k: int = Field(
        default=8, ge=1, le=50, title="Evidence", description="Records recalled for each question.",
        json_schema_extra={"unit": "records"},
    )  # fmt: skip
    importance: float = Field(
        default=8, ge=1, le=10, title="Importance", description="With which insights are stored, 1 to 10."
    )
    window: int = Field(
        default=100, ge=1, le=1_000, title="Window", description="How many of the newest records are looked at.",
        json_schema_extra={"unit": "records", "advanced": True},
    )  # fmt: skip


class Questions(BaseModel):
    """The salient ones."""

    questions: list[str] = Field(description="the questions", min_length=1)


class Insight(BaseModel):
    """One conclusion with its evidence."""

    insight: str = Field(description="one sentence")
    because: list[int] = Field(description="numbers of the statements it rests on")


class Insights(BaseModel):
    """What follows from the recalled records."""

    insights: list[Insight]


@node(
    kind="memory.reflect", family="memory", title="Reflect", summary="Draw insights from what happened lately",
    config=ReflectConfig,
    inputs=(OWNER,),
    outputs=(
        Port("insights", "list[text]", "The new insights; empty when it was not time yet."),
        Port("records", "list[text]", "Their ids in the memory."),
        Port("importance", "number", "Summed importance of the records since the last reflection."),
    ),
    outcomes=("reflected", "not_yet"), attaches=(Attach("memory", "memory", required=True), Attach("model", "model")),
    side_effects=True, model_calls="0; 1 + questions when it reflects", icon="sparkles",
    source="Park et al. 2023, Generative Agents, https://arxiv.org/abs/2304.03442",
)  # fmt: skip
async def reflect(inputs: Inputs, config: ReflectConfig, ctx: Context) -> Route:
    """Sum, ask, recall, conclude, store."""
    memory = memory_of(ctx, inputs)
    new = _since_last(await memory.records(limit=config.window))
    total = sum(hit.rated for hit in new)
    if not new or total < config.threshold:
        ctx.progress(f"no reflection yet: importance {total:g} of {config.threshold:g}")
        return Route("not_yet", {"insights": [], "records": [], "importance": total})
    asked = ASK.format(records=_bullets(new), count=config.questions)
    questions = (await _ask(ctx, asked, Questions)).questions[: config.questions]
    ctx.progress(f"reflecting on {len(questions)} questions")
    found = await asyncio.gather(*(_conclude(question, config, memory, ctx) for question in questions))
    ids, texts, until = [], [], max(hit.created_at for hit in new)
    for insight, evidence in (each for conclusion in found for each in conclusion):
        data = {"evidence": [hit.id for hit in evidence], "until": until}
        trusted = all(hit.trusted for hit in evidence)
        ids.append(await memory.add(insight, kind=REFLECTION, importance=config.importance, data=data, trusted=trusted))
        texts.append(insight)
    ctx.show(_view(found))
    return Route("reflected", {"insights": texts, "records": ids, "importance": total})


def _since_last(records: list[Hit]) -> list[Hit]:
    """Those written after the newest record that an insight has taken in, oldest first."""
    until = max((hit.data.get("until", 0) for hit in records if hit.kind == REFLECTION), default=0)
    return [hit for hit in reversed(records) if hit.kind != REFLECTION and hit.created_at > until]


async def _conclude(question: str, config: ReflectConfig, memory: Memory, ctx: Context) -> list[tuple[str, list[Hit]]]:
    """The insights a question leads to, each with its evidence; one without evidence is dropped."""
    hits = await memory.search(question, top_k=config.top_k, weights=Weights(), half_life_days=30)
    asked = INSIGHTS.format(records=_numbered(hits), question=question, count=config.insights)
    drawn = (await _ask(ctx, asked, Insights)).insights[: config.insights] if hits else []
    known = [(each.insight.strip(), [hits[n - 1] for n in each.because if 0 < n <= len(hits)]) for each in drawn]
    return [(insight, evidence) for insight, evidence in known if insight and evidence]


async def _ask(ctx: Context, text: str, schema: type[Any]) -> Any:
    return await ask_for(ctx.model, [{"role": "user", "content": text}], schema, temperature=0)


def _bullets(hits: list[Hit]) -> str:
    return "\n".join(f"- {hit.text}" for hit in hits)


def _numbered(hits: list[Hit]) -> str:
    return "\n".join(f"{number}. {hit.text}" for number, hit in enumerate(hits, start=1))


def _view(found: list[list[tuple[str, list[Hit]]]]) -> dict[str, Any]:
    drawn = [each for conclusion in found for each in conclusion]
    evidence = {hit.id: hit for _, hits in drawn for hit in hits}
    nodes = [{"id": id, "label": hit.text, "group": hit.kind} for id, hit in evidence.items()]
    nodes += [{"id": f"insight {n}", "label": text, "group": REFLECTION} for n, (text, _) in enumerate(drawn)]
    edges = [
        {"source": hit.id, "target": f"insight {n}"} for n, (_, hits) in enumerate(drawn) for hit in hits
    ]  # fmt: skip
    return graph_view(nodes, edges, title="Insights and their evidence")
