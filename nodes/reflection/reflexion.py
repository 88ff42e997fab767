"""Learn from a failed attempt: what went wrong, why, and what to do next time.

Use it in a loop: ``retry`` leads back to the agent, with ``text`` wired into its prompt; after ``max_trials``
failures the node ends with ``exhausted``. The lessons of the last ``max_lessons`` failures of the same task are
given, oldest first: from the memory where one is attached, so that later runs have them too, else from what is
wired into ``earlier``. With ``by_step`` a lesson also names the step that failed and the action that is ruled out
there; ``ruled_out`` holds them for the next prompt.

Source: Shinn et al. 2023, Reflexion: Language Agents with Verbal Reinforcement Learning
(https://arxiv.org/abs/2303.11366), with its bound of one to three reflections, and Li et al. 2023, A Zero-Shot
Language Agent for Computer Control with Structured Reflection (https://arxiv.org/abs/2310.08740), with its
fixed parts. We deviate: the parts are drawn from prose by schema in a second call.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Hit, Inputs, Memory, NodeError, Port, Route, node
from nodes.templating import as_text
from nodes.views import table_view

REFLEXION: Final = "reflexion"
_MOST: Final = 1_000  # lessons looked through for those of the task
SYSTEM: Final = """You find out why an attempt failed. Do not solve the task again.
Point at the first step that went wrong, and at its cause. Be concrete."""
FAILED: Final = """Task:
{task}

Attempt:
{attempt}

{feedback}{earlier}Why did this attempt fail? Answer in a few sentences."""
FEEDBACK: Final = "What is known about the failure:\n{feedback}\n\n"
EARLIER: Final = "Lessons of earlier failures, which did not suffice:\n{lessons}\n\n"
STEP: Final = """ Say also the number of the first step that went wrong, from 1, and the action taken there, which
is not to be taken at that step again."""
LESSON: Final = """Put it into the form, one sentence each: what went wrong, why, and what to do differently next time.
Example: what "the sum left out the tax", why "only the prices were read", next_time "read every line of the bill"."""

RULED_OUT: Final = "- Not again at step {step}: {action}"


class ReflexionConfig(Config):
    """How many trials there are, and how many lessons are held."""

    max_trials: int = Field(
        default=3, ge=1, le=50, title="Trials", description="Failures after which it is not tried again.",
        json_schema_extra={"unit": "trials"},
    )  # fmt: skip
    max_lessons: int = Field(
        default=3, ge=1, le=20, title="Lessons",
        description="The most that are held for a task; the oldest goes first.",
        json_schema_extra={"unit": "lessons"},
    )  # fmt: skip
    by_step: bool = Field(
        default=False, title="By step", description="Whether a lesson names the failed step and rules its action out."
    )
    importance: float = Field(
        default=7, ge=1, le=10, title="Importance", description="With which a lesson is stored, 1 to 10.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=0, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


class Lesson(BaseModel):
    """What a failed attempt teaches."""

    what: str = Field(description="what went wrong")
    why: str = Field(description="the cause")
    next_time: str = Field(description="what to do differently")


class StepLesson(Lesson):
    """The same, of a step."""

    step: int = Field(ge=1, description="number of the first step that went wrong, from 1")
    action: str = Field(description="the action taken there")


@node(
    kind="reflection.reflexion", family="reflection", title="Reflexion",
    summary="Learn from a failed attempt, and retry",
    config=ReflexionConfig,
    inputs=(
        Port("task", "any", "What was to be done."),
        Port("attempt", "any", "What was done: an answer, a program, messages."),
        Port("feedback", "any", "How it is known to have failed: an error, a verdict.", required=False),
        Port("earlier", "list[text]", "Lessons so far, where no memory is attached.", required=False),
        Port("ruled_out", "list[record]", "Those so far, where no memory is attached.", required=False),
    ),
    outputs=(
        Port("lesson", "record", "The new one: what, why, next_time; by step also step, action."),
        Port("lessons", "list[text]", "Those held for this task, oldest first, the new one last."),
        Port("text", "text", "The same as bullets, for the next prompt, with what is ruled out."),
        Port("ruled_out", "list[record]", "Actions not to be taken again: step, action; empty where not by step."),
    ),
    outcomes=("retry", "exhausted"), attaches=(Attach("model", "model"), Attach("memory", "memory")),
    bounds_loop=True, side_effects=True, model_calls="2", icon="rotate-ccw",
    source="Shinn et al. 2023, Reflexion, https://arxiv.org/abs/2303.11366",
)  # fmt: skip
async def reflexion(inputs: Inputs, config: ReflexionConfig, ctx: Context) -> Route:
    """Recall, reflect, hold the newest lessons."""
    task, attempt = as_text(inputs["task"]).strip(), as_text(inputs["attempt"]).strip()
    if not task or not attempt:
        raise NodeError(f"The {'attempt' if task else 'task'} is empty", mend="Wire in the task and what was tried.")
    known = await _known(ctx.memory, task) if ctx.memory else []
    earlier = [hit.data["told"] for hit in known] if ctx.memory else inputs.get("earlier", [])
    lesson = await _lesson(task, attempt, as_text(inputs.get("feedback")).strip(), earlier, config, ctx)
    told = f"{lesson.what} Why: {lesson.why} Next time: {lesson.next_time}"
    if ctx.memory:
        await _hold(ctx.memory, task, lesson, told, known, config)
    lessons = [*(each for each in earlier if each != told), told][-config.max_lessons :]
    before = [hit.data for hit in known] if ctx.memory else inputs.get("ruled_out", [])
    out = _ruled_out([*before, lesson.model_dump()])
    ctx.show(table_view(("lesson",), [(each,) for each in lessons], title="Lessons for this task"))
    over = ctx.visit >= config.max_trials
    ctx.progress(f"trial {ctx.visit} of {config.max_trials} failed: {lesson.what[:120]}")
    text = "\n".join([as_text(lessons), *(RULED_OUT.format(**each) for each in out)])
    outputs = {"lesson": lesson.model_dump(), "lessons": lessons, "text": text, "ruled_out": out}
    return Route("exhausted" if over else "retry", outputs)


def _ruled_out(lessons: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Step and action of each lesson that names them, each once, by step."""
    pairs = {(each["step"], each["action"].strip()) for each in lessons if each.get("step") and each.get("action")}
    return [{"step": step, "action": action} for step, action in sorted(pairs)]


async def _known(memory: Memory, task: str) -> list[Hit]:
    """The lessons held for this task, oldest first."""
    records = await memory.records(kinds=(REFLEXION,), limit=_MOST)
    return [hit for hit in reversed(records) if hit.data.get("task") == task]


async def _lesson(
    task: str, attempt: str, feedback: str, earlier: list[str], config: ReflexionConfig, ctx: Context
) -> Lesson:
    user = FAILED.format(
        task=task, attempt=attempt, feedback=FEEDBACK.format(feedback=feedback) if feedback else "",
        earlier=EARLIER.format(lessons=as_text(earlier)) if earlier else "",
    )  # fmt: skip
    messages: list[dict[str, Any]] = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": user}]
    thought = await ctx.model.chat(messages, temperature=config.temperature)
    asked = LESSON + STEP if config.by_step else LESSON
    messages += [{"role": "assistant", "content": thought.text}, {"role": "user", "content": asked}]
    return await ask_for(ctx.model, messages, StepLesson if config.by_step else Lesson, temperature=0)


async def _hold(
    memory: Memory, task: str, lesson: Lesson, told: str, known: list[Hit], config: ReflexionConfig
) -> None:
    """Store the lesson, and forget what is over the bound."""
    data = {"task": task, "told": told, **lesson.model_dump()}
    new = await memory.add(f"{task}: {told}", kind=REFLEXION, importance=config.importance, data=data)
    older = [hit.id for hit in known if hit.id != new]
    over = len(older) + 1 - config.max_lessons
    if over > 0:
        await memory.forget(older[:over])
