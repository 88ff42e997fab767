"""Work through a plan whose steps depend on each other; what is independent runs at the same time.

Use it after "Plan as a graph". A step starts as soon as all it needs is done, and is told the results of
just those, so what it makes does not depend on which step was quicker. A step that cannot be done is
replaced by new steps, at most ``max_replans`` times; after that the steps that need it are skipped, the
others go on, and the node ends ``incomplete``. A plan without dependencies is done in its order.

Source: Lin et al. 2024, Graph-enhanced Large Language Models in Asynchronous Plan Reasoning, PLaG
(https://arxiv.org/abs/2402.02805), which plans so; running and mending the graph is Nodeloom's.
"""

import asyncio
from graphlib import TopologicalSorter
from typing import Final

from pydantic import Field

from nodes.contract import Attach, Context, Inputs, Port, Route, node
from nodes.planning.carry_out import ACT, StepConfig, Surroundings, carry_out
from nodes.planning.execute import write_answer
from nodes.planning.plan import ask_steps, planner_system
from nodes.planning.steps import Step, needs_of, new_step, results_of, steps_of
from nodes.templating import as_text
from nodes.views import plan_view

REPLACE: Final = """Goal: {goal}

This step could not be done: {step}
Why: {why}

List the steps that reach the same result in another way."""


class ExecuteGraphConfig(StepConfig):
    """How much may run at once, and what happens when a step fails."""

    parallel: int = Field(
        default=4, ge=1, le=16, title="At once", description="Steps done at the same time, at most.",
        json_schema_extra={"unit": "steps"},
    )  # fmt: skip
    max_replans: int = Field(
        default=0, ge=0, le=3, title="Replacements", description="How often a failed step is replaced by new steps.",
        json_schema_extra={"unit": "times"},
    )  # fmt: skip
    max_new_steps: int = Field(
        default=3, ge=1, le=10, title="New steps", description="The most that replace one failed step.",
        json_schema_extra={"unit": "steps", "advanced": True},
    )  # fmt: skip


class _Board:
    """The steps while they are worked on: id -> step, in the order of the plan."""

    def __init__(self, goal: str, steps: list[Step], ctx: Context) -> None:
        self.goal, self.ctx = goal, ctx
        self.needs = needs_of(steps)
        self.steps = {step["id"]: step if step["status"] == "done" else {**step, "status": "open"} for step in steps}
        self.tries = dict.fromkeys(self.steps, 0)
        """Step id -> how often what it stands for was replaced before."""
        self.replaced: set[str] = set()

    def put(self, step: Step) -> None:
        self.steps[step["id"]] = step
        self.ctx.show(plan_view(self.plan()))

    def plan(self) -> dict[str, object]:
        return {"goal": self.goal, "steps": list(self.steps.values())}

    def ready(self) -> list[Step]:
        """Open steps all of whose needs are done."""
        return [
            step for id, step in self.steps.items()
            if step["status"] == "open" and all(self.steps[need]["status"] == "done" for need in self.needs[id])
        ]  # fmt: skip

    def known(self, id: str) -> list[Step]:
        """The done steps whose results a step may use, in the order of the plan."""
        return [step for other, step in self.steps.items() if other in self.needs[id] and step["status"] == "done"]

    def skip_dependants(self) -> None:
        """Steps that need what failed or was skipped are skipped."""
        for id in TopologicalSorter(self.needs).static_order():
            lost = any(self.steps[need]["status"] in ("failed", "skipped") for need in self.needs[id])
            if lost and self.steps[id]["status"] == "open":
                self.put({**self.steps[id], "status": "skipped"})

    def replace(self, id: str, titles: list[str]) -> None:
        """New steps, one after another, in place of a failed one: the last takes over its dependants."""
        fresh = [f"{id}.{number}" for number in range(1, len(titles) + 1)]
        made = {new: new_step(new, title, parent=id) for new, title in zip(fresh, titles, strict=True)}
        self.replaced.add(id)
        before = self.needs[id]
        for new in fresh:
            self.tries[new] = self.tries[id] + 1
            self.needs[new], made[new]["needs"] = before, before
            before = [new]
        for other, needs in self.needs.items():
            if id in needs:
                self.needs[other] = [fresh[-1] if need == id else need for need in needs]
                step = self.steps.get(other) or made[other]
                step["needs"] = self.needs[other]
        self.steps = {
            key: value
            for other, step in self.steps.items()
            for key, value in [(other, step), *(made.items() if other == id else ())]
        }


@node(
    kind="planning.execute_graph", family="planning", title="Work through a graph",
    summary="Do independent steps at the same time", config=ExecuteGraphConfig,
    inputs=(
        Port("plan", "plan", "The plan to work through; steps already done are kept."),
        Port("context", "any", "What is known beside it.", required=False),
    ),
    outputs=(
        Port("answer", "text", "The answer to the goal, from what was done."),
        Port("plan", "plan", "The plan with the status and result of each step."),
    ),
    outcomes=("done", "incomplete"),
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True), ACT,
    ),
    model_calls="1 for each step + 1; with tools up to max_calls + 1 for each step", icon="workflow",
    source="Lin et al. 2024, PLaG, https://arxiv.org/abs/2402.02805",
)  # fmt: skip
async def execute_graph(inputs: Inputs, config: ExecuteGraphConfig, ctx: Context) -> Route:
    """Start what is ready, as room is; with each step that ends, others become ready or are lost."""
    context = as_text(inputs.get("context"))
    board = _Board(inputs["plan"].get("goal", ""), steps_of(inputs["plan"]), ctx)
    running: set[asyncio.Task[None]] = set()
    try:
        while (ready := board.ready()) or running:
            for step in ready[: config.parallel - len(running)]:
                board.put({**step, "status": "running"})
                running.add(asyncio.create_task(_work(board, step, context, config)))
            ended, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
            board.skip_dependants()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    tried = [step for step in board.steps.values() if step["status"] in ("done", "failed")]
    answer = await write_answer(board.goal, context, tried, config, ctx)
    lost = [id for id, step in board.steps.items() if step["status"] != "done" and id not in board.replaced]
    return Route("incomplete" if lost else "done", {"answer": answer, "plan": board.plan()})


async def _work(board: _Board, step: Step, context: str, config: ExecuteGraphConfig) -> None:
    """Do one step and note what came of it, replaced where it failed and may be."""
    board.ctx.progress(f"step {step['id']}: {step['title']}")
    around = Surroundings(board.goal, context, results_of(board.known(step["id"])))
    ended = await carry_out(step, around, config, board.ctx)
    if ended["status"] == "failed" and board.tries[step["id"]] < config.max_replans:
        user = REPLACE.format(goal=board.goal, step=step["title"], why=ended["result"])
        system = planner_system(config.max_new_steps, board.ctx.tools)
        messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
        titles = await ask_steps(messages, config.max_new_steps, config.temperature, board.ctx)
        board.replace(step["id"], titles)
    board.put(ended)
