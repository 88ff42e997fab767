"""How much wall time does a plan as a graph save? The same plans worked through by graph and one step after another.

Lin et al. 2024, PLaG (https://arxiv.org/abs/2402.02805) plans so. The quantity is wall time, so the answers are
scripted, each with the seconds its step takes: what is measured is the engine's own scheduling. "Solved" means that
all steps were done. The shortest possible time of a plan is that of its longest way.
"""

import random
from typing import Any

from benchmarks.headlines.question import Check, Ended, Question, Task, side
from graphs.models.script import Script

NAME = "headline_plans"
SEED = 20_261_121
SHAPES: dict[str, list[list[int]]] = {
    "a chain of 5": [[], [1], [2], [3], [4]],
    "a diamond": [[], [1], [1], [2, 3]],
    "two chains of 3": [[], [1], [2], [], [4], [5]],
    "4 at once, then 1": [[], [], [], [], [1, 2, 3, 4]],
    "a tree of 7": [[], [1], [1], [2], [2], [3], [3]],
    "8 at once": [[] for _ in range(8)],
}
"""Plan -> what each step needs, by number from 1."""


def question() -> Question:
    """Six plans, from one that cannot be done side by side to one that can be throughout."""
    draw = random.Random(SEED)
    seconds = {name: [round(draw.uniform(0.3, 0.9), 2) for _ in needs] for name, needs in SHAPES.items()}
    tasks = [Task(name, {"plan": _plan(name, needs)}, _all_done(len(needs))) for name, needs in SHAPES.items()]
    replies = [
        {"match": _step(name, at) + r"\Z", "text": f"step {at} is done", "seconds": lasts, "repeat": True}
        for name, each in seconds.items()
        for at, lasts in enumerate(each, start=1)
    ]
    script = Script.model_validate({"name": NAME, "replies": [*replies, {"text": "all done", "repeat": True}]})
    sides = {
        "one after another": side("plan_sequence", None),
        "as a graph": side("plan_graph", None),
    }
    bound = {name: longest_way(each, SHAPES[name]) for name, each in seconds.items()}
    title = "Parallel plan graph against sequential"
    return Question("parallel_plan", title, sides, tasks, script=script, bound=bound)


REAL = {
    "4 facts": ["What is the capital of Norway?", "What is 17 + 26?", "What do bees make?", "Which month follows May?"],
    "4 words": ["An animal with wings", "A word for a small house", "A colour of the sky", "Something made of wood"],
}
"""Plan -> steps that need nothing of each other, for a model."""


def with_a_model() -> Question:
    """Two plans of four independent steps, where a model answers: it is one server, and that is what is shared."""
    tasks = [
        Task(name, {"plan": {"goal": f"Answer all: {' '.join(steps)}", "steps": _open(steps)}}, _all_done(len(steps)))
        for name, steps in REAL.items()
    ]
    sides = {"one after another": side("plan_sequence", 6_000), "as a graph": side("plan_graph", 6_000)}
    return Question("parallel_model", "The same with a model", sides, tasks)


def _open(titles: list[str]) -> list[dict[str, Any]]:
    return [
        {"id": str(at), "title": title, "status": "open", "result": None, "needs": []}
        for at, title in enumerate(titles, start=1)
    ]


def _step(plan: str, at: int) -> str:
    return f"do part {at} of {plan}"


def _plan(name: str, needs: list[list[int]]) -> dict[str, Any]:
    steps = [
        {"id": str(at), "title": _step(name, at), "status": "open", "result": None, "needs": [str(each) for each in of]}
        for at, of in enumerate(needs, start=1)
    ]
    return {"goal": name, "steps": steps}


def longest_way(seconds: list[float], needs: list[list[int]]) -> float:
    """Seconds of the way through the plan that takes longest: no schedule is faster."""
    ends: list[float] = []
    for lasts, of in zip(seconds, needs, strict=True):
        ends.append(lasts + max((ends[each - 1] for each in of), default=0.0))
    return max(ends)


def _all_done(steps: int) -> Check:
    def check(ended: Ended) -> tuple[bool, str]:
        plan = ended.outputs.get("plan", {}).get("steps", [])
        done = sum(step["status"] == "done" for step in plan)
        return done == len(plan) == steps, f"{done} of {steps} done"

    return check
