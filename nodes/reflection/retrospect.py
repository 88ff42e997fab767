"""Let a separate model look back on an attempt, and learn which of its reflections helped.

Use it after an episode that was scored, where the acting model is too small, or too close, to judge itself: attach
the other model at ``retrospective``. Wire its ``reflection`` into the actor's next prompt. With a memory attached
each reflection is kept with what the score gained after it, and those that gained most are shown to the model
as examples of helpful ones.

Source: Yao et al. 2023, Retroformer: Retrospective Large Language Agents with Policy Gradient Optimization
(https://arxiv.org/abs/2308.02151). We deviate: the paper tunes the retrospective model by the gain in reward;
here the gain ranks examples in its prompt.
"""

from typing import Final

from pydantic import Field

from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, NodeError, Outputs, Port, node
from nodes.templating import as_text
from nodes.views import table_view

RETROSPECT: Final = "retrospect"
_MOST: Final = 1_000  # reflections looked through
SYSTEM: Final = """You look back on what another agent did. Say which action led to the result and why, then give a
short new plan for its next attempt. Speak to the agent as "you". At most six sentences. Do not do the task yourself."""
BACK: Final = """{examples}Task:
{task}

What the agent did:
{episode}

Score: {reward:g}

Write your reflection."""
EXAMPLE: Final = "A reflection that helped (score up by {gain:g}):\n{text}\n\n"


class RetrospectConfig(Config):
    """How the other model reflects."""

    system: str = Field(
        default=SYSTEM, title="System", description="How the retrospective model is to reflect.", max_length=20_000,
        json_schema_extra={"widget": "textarea"},
    )  # fmt: skip
    examples: int = Field(
        default=2, ge=0, le=10, title="Examples", description="Earlier reflections shown, those that gained most.",
        json_schema_extra={"unit": "reflections"},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="reflection.retrospect", family="reflection", title="Retrospect",
    summary="A separate model looks back on an attempt", config=RetrospectConfig,
    inputs=(
        Port("task", "any", "What was to be done."),
        Port("episode", "any", "What the agent did: messages, actions, an answer."),
        Port("reward", "number", "How it was scored; higher is better."),
    ),
    outputs=(
        Port("reflection", "text", "What the retrospective model says to the agent."),
        Port("gain", "number", "Score now, less the score before this task's last reflection; 0 for the first."),
    ),
    attaches=(
        Attach("retrospective", "model", description="The model that looks back; without it the node's."),
        Attach("model", "model"), Attach("memory", "memory"),
    ),
    side_effects=True, model_calls="1", icon="history",
    source="Yao et al. 2023, Retroformer, https://arxiv.org/abs/2308.02151",
)  # fmt: skip
async def retrospect(inputs: Inputs, config: RetrospectConfig, ctx: Context) -> Outputs:
    """Rate the last reflection by what was gained, show the best, write a new one, keep it."""
    task, episode, reward = as_text(inputs["task"]).strip(), as_text(inputs["episode"]).strip(), inputs["reward"]
    if not task or not episode:
        raise NodeError(f"The {'episode' if task else 'task'} is empty", mend="Wire in the task and what was done.")
    records = await ctx.memory.records(kinds=(RETROSPECT,), limit=_MOST) if ctx.memory else []
    gain, rated = await _rated(ctx.memory, records, task, reward)
    helpful = sorted((each for each in rated if each[0] > 0), key=lambda each: -each[0])[: config.examples]
    examples = "".join(EXAMPLE.format(gain=gained, text=text) for gained, text in helpful)
    user = BACK.format(examples=examples, task=task, episode=episode, reward=reward)
    model = next(iter(ctx.models("retrospective")), ctx.model)
    messages = [{"role": "system", "content": config.system}, {"role": "user", "content": user}]
    reflection = (await model.chat(messages, temperature=config.temperature)).text.strip()
    if not reflection:
        raise NodeError("The model wrote an empty reflection", mend="Try again, or use another model.", retryable=True)
    if ctx.memory:
        data = {"task": task, "reward": reward, "reflection": reflection}
        await ctx.memory.add(f"{task}: {reflection}", kind=RETROSPECT, data=data)
    rows = [(text, gained) for gained, text in rated]
    ctx.show(table_view(("reflection", "gain"), [*rows, (reflection, None)], title="Reflections and what they gained"))
    ctx.progress(f"score {reward:g}, {gain:+g} since the last reflection; {len(helpful)} helpful ones shown")
    return {"reflection": reflection, "gain": gain}


async def _rated(
    memory: Memory | None, records: list[Hit], task: str, reward: float
) -> tuple[float, list[tuple[float, str]]]:
    """The gain since this task's last reflection, which is noted there; all gains known, with their reflections."""
    last = next((hit for hit in records if hit.data.get("task") == task and "gain" not in hit.data), None)
    gains = {hit.id: hit.data["gain"] for hit in records if "gain" in hit.data}
    gain: float = reward - last.data["reward"] if last else 0
    if memory and last:
        await memory.update(last.id, data={**last.data, "gain": gain})
        gains[last.id] = gain
    rated: list[tuple[float, str]] = [
        (gains[hit.id], hit.data["reflection"]) for hit in reversed(records) if hit.id in gains
    ]  # fmt: skip
    return gain, rated
