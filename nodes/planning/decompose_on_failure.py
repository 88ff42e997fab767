"""Try a task as a whole; only when that fails, break it down, and do the same with each part.

Use it when some tasks are easy and some are not: what works at once costs one attempt, and planning is paid
for only where it is needed. A broken-down task needs all of its parts in order, or any one of them, as the
planner says. It ends ``failed`` when a part fails at the greatest depth or the attempts are spent.

Costs one attempt for each task tried, and one call for each breakdown.

Source: Prasad et al. 2023, ADaPT: As-Needed Decomposition and Planning with Language Models
(https://arxiv.org/abs/2311.05772). We deviate: the parts of one task are joined by one "all" or "any", not
by a nested expression, and what counts as failed is what the executor says of itself.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Attach, Context, Inputs, NodeError, Port, Route, node
from nodes.planning.carry_out import ACT, StepConfig, Surroundings, carry_out
from nodes.planning.plan import NUMBERED, planner_system
from nodes.planning.steps import Step, new_step, results_of
from nodes.templating import as_text
from nodes.views import plan_view

BREAK_DOWN: Final = """Whole goal: {goal}

This task could not be done in one go: {task}
Why: {why}

Break the task down into simpler parts. Say "all" when every part is needed, one after another, or "any" when
each part is another way and one is enough."""


class DecomposeConfig(StepConfig):
    """How deep and how long it may go on."""

    max_depth: int = Field(
        default=2, ge=0, le=6, title="Depth", description="How often a part may be broken down again; 0: never.",
        json_schema_extra={"unit": "levels"},
    )  # fmt: skip
    max_parts: int = Field(
        default=4, ge=2, le=10, title="Parts", description="The most a task is broken into.",
        json_schema_extra={"unit": "parts"},
    )  # fmt: skip
    max_attempts: int = Field(
        default=15, ge=1, le=100, title="Attempts", description="Tasks tried in all before it gives up.",
        json_schema_extra={"unit": "tasks"},
    )  # fmt: skip


@dataclass
class _Work:
    """What is known while the tree of tasks grows."""

    goal: str
    context: str
    config: DecomposeConfig
    ctx: Context
    steps: dict[str, Step] = field(default_factory=dict[str, Step])
    """Every task so far by id, each part after the task it belongs to."""
    attempts: int = 0

    def put(self, step: Step) -> Step:
        self.steps[step["id"]] = step
        self.ctx.show(plan_view(self.plan()))
        return step

    def plan(self) -> dict[str, Any]:
        return {"goal": self.goal, "steps": list(self.steps.values())}


@node(
    kind="planning.decompose_on_failure", family="planning", title="Decompose on failure",
    summary="Try it whole; break down what fails", config=DecomposeConfig,
    inputs=(
        Port("goal", "text", "The task."),
        Port("context", "any", "What is known beside it.", required=False),
    ),
    outputs=(
        Port("answer", "text", "The result of the task, or why it could not be done."),
        Port("plan", "plan", "Every task that was tried, parts below the task they belong to."),
    ),
    outcomes=("done", "failed"),
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True), ACT,
    ),
    model_calls="1 to max_attempts x 2; with tools up to max_calls + 1 for each attempt", icon="git-branch",
    source="Prasad et al. 2023, ADaPT, https://arxiv.org/abs/2311.05772",
)  # fmt: skip
async def decompose_on_failure(inputs: Inputs, config: DecomposeConfig, ctx: Context) -> Route:
    """Solve the goal as one task."""
    goal = inputs["goal"].strip()
    if not goal:
        raise NodeError("The goal is empty", mend="Wire a text that says what is to be done.")
    work = _Work(goal, as_text(inputs.get("context")), config, ctx)
    solved = await _solve(work, new_step("1", goal), [], depth=0)
    return Route(solved["status"], {"answer": solved["result"], "plan": work.plan()})


async def _solve(work: _Work, task: Step, before: list[Step], *, depth: int) -> Step:
    """The task done or failed: tried whole, else by its parts. ``before``: what its elder siblings came to."""
    if work.attempts >= work.config.max_attempts:
        return work.put({**task, "status": "failed", "result": f"{work.attempts} attempts are spent"})
    work.attempts += 1
    work.put({**task, "status": "running"})
    work.ctx.progress(f"attempt {work.attempts}, depth {depth}: {task['title']}")
    around = Surroundings(work.goal, work.context, results_of(before))
    tried = work.put(await carry_out(task, around, work.config, work.ctx))
    if tried["status"] == "done" or depth >= work.config.max_depth:
        return tried
    work.put({**tried, "status": "running"})
    join, parts = await _break_down(work, tried)
    return work.put({**task, **await _by_parts(work, join, parts, before, depth=depth + 1)})


async def _by_parts(work: _Work, join: str, parts: list[Step], before: list[Step], *, depth: int) -> dict[str, str]:
    """Status and result of a task from its parts: all of them in order, or the first that is done."""
    for part in parts:
        work.put(part)
    done: list[Step] = []
    for at, part in enumerate(parts):
        solved = await _solve(work, part, [*before, *done], depth=depth)
        if (join == "any") == (solved["status"] == "done"):
            for left in parts[at + 1 :]:
                work.put({**left, "status": "skipped"})
            return {"status": solved["status"], "result": solved["result"]}
        done += [solved] if solved["status"] == "done" else []
    if join == "all":
        return {"status": "done", "result": "\n".join(f"{part['title']}: {part['result']}" for part in done)}
    return {"status": "failed", "result": "none of the ways could be gone"}


async def _break_down(work: _Work, task: Step) -> tuple[str, list[Step]]:
    """How the parts are joined, and the parts."""
    user = BREAK_DOWN.format(goal=work.goal, task=task["title"], why=task["result"])
    system = planner_system(work.config.max_parts, work.ctx.tools)
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    schema = parts_schema(work.config.max_parts)
    answer: Any = await ask_for(work.ctx.model, messages, schema, temperature=work.config.temperature)
    titles = [title for step in answer.steps[: work.config.max_parts] if (title := NUMBERED.sub("", step.strip()))]
    if not titles:
        raise NodeError(f"The model broke {task['title']!r} down into nothing", mend="Use a stronger model.")
    parts = [new_step(f"{task['id']}.{at}", title, parent=task["id"]) for at, title in enumerate(titles, start=1)]
    return answer.join, parts


@lru_cache(maxsize=16)
def parts_schema(max_parts: int) -> type[BaseModel]:
    """``{"join": "all" | "any", "steps": [...]}``. The bound guides the grammar; a longer list is cut."""
    return create_model(
        "Parts",
        steps=(
            list[str],
            Field(description="The parts, a short sentence each.", json_schema_extra={"maxItems": max_parts}),
        ),
        join=(Literal["all", "any"], Field(description="all: every part is needed; any: one is enough.")),
    )
