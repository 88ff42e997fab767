"""planning.execute_graph"""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.planning.execute_graph import execute_graph
from nodes.planning.plan import new_plan
from nodes.planning.steps import new_step
from tests.fakes import FakeContext, FakeSubworkflow, ScriptedModel, run_node

TEA = {
    "goal": "Tea",
    "steps": [
        new_step("1", "Boil water", needs=[]), new_step("2", "Find a cup", needs=[]),
        new_step("3", "Make tea", needs=["1", "2"]), new_step("4", "Sing", needs=[]),
    ],
}  # fmt: skip


class Worker(FakeSubworkflow):
    """Does steps in as long as ``seconds`` says, and notes which ran at the same time."""

    def __init__(self, seconds: dict[str, float], failing: tuple[str, ...] = ()) -> None:
        super().__init__(lambda given: {})
        self.seconds, self.failing = seconds, failing
        self.running: set[str] = set()
        self.beside: dict[str, set[str]] = {}

    async def run(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        step = inputs["step"]
        self.inputs.append(dict(inputs))
        self.running.add(step)
        self.beside[step] = set(self.running)
        await asyncio.sleep(self.seconds.get(step, 0))
        self.running.discard(step)
        return {"result": f"{step}: ok", "failed": step in self.failing}


def work(worker: Worker, plan: Any = TEA, answers: Any = ("Tea it is",), **config: Any) -> tuple[Any, FakeContext]:
    ctx = FakeContext(model=ScriptedModel(*answers), parts={"act": worker})
    return run_node(execute_graph, {"plan": plan}, ctx, **config), ctx


def test_independent_steps_run_together_and_dependants_wait():
    """Three steps start at once; tea is made only when water and cup are there, knowing both results."""
    worker = Worker({"Boil water": 0.03, "Find a cup": 0.01, "Sing": 0.1})
    route, ctx = work(worker)
    assert route.outcome == "done" and route.outputs["answer"] == "Tea it is"
    assert {"Boil water", "Find a cup"} <= worker.beside["Sing"]
    assert not {"Boil water", "Find a cup"} & worker.beside["Make tea"]
    done = next(given["done"] for given in worker.inputs if given["step"] == "Make tea")
    assert done == "1. Boil water: Boil water: ok\n2. Find a cup: Find a cup: ok"
    assert {step["status"] for step in ctx.views[-1]["steps"]} == {"done"}


def test_results_do_not_depend_on_who_was_quicker():
    """The plan and the last prompt are the same whichever step ends first."""
    slow, slow_ctx = work(Worker({"Boil water": 0.03}))
    quick, quick_ctx = work(Worker({"Find a cup": 0.03, "Sing": 0.02}))
    assert slow == quick
    assert slow_ctx.model.calls[0].text == quick_ctx.model.calls[0].text


def test_the_bound_is_kept():
    """With one at a time nothing runs beside another."""
    worker = Worker({"Boil water": 0.01})
    work(worker, parallel=1)
    assert all(len(beside) == 1 for beside in worker.beside.values())


def test_what_needs_a_failed_step_is_skipped_and_the_rest_goes_on():
    """No water, no tea; the song is sung all the same, and the node ends incomplete."""
    route, _ = work(Worker({}, failing=("Boil water",)))
    assert route.outcome == "incomplete"
    assert [step["status"] for step in route.outputs["plan"]["steps"]] == ["failed", "done", "skipped", "done"]


def test_a_failed_step_is_replaced():
    """New steps take the place of the failed one, and what needed it waits for the last of them."""
    worker = Worker({}, failing=("Boil water",))
    route, ctx = work(worker, answers=({"steps": ["Buy ice", "Melt ice"]}, "Tea"), max_replans=1)
    steps = route.outputs["plan"]["steps"]
    assert route.outcome == "done"
    assert [(step["id"], step["status"], step["needs"]) for step in steps] == [
        ("1", "failed", []), ("1.1", "done", []), ("1.2", "done", ["1.1"]), ("2", "done", []),
        ("3", "done", ["1.2", "2"]), ("4", "done", []),
    ]  # fmt: skip
    assert steps[1]["parent"] == "1"
    assert "Why: Boil water: ok" in ctx.model.calls[0].text


def test_replacements_are_bounded():
    """A replacement that fails too is not replaced again."""
    worker = Worker({}, failing=("Boil water", "Melt ice"))
    route, _ = work(worker, answers=({"steps": ["Melt ice"]}, "No tea"), max_replans=1)
    assert route.outcome == "incomplete"
    assert [step["status"] for step in route.outputs["plan"]["steps"]] == [
        "failed", "failed", "done", "skipped", "done",
    ]  # fmt: skip


def test_a_list_is_done_in_its_order():
    """Steps without needs wait for the one before, and done ones are kept."""
    plan = new_plan("Tea", ["A", "B", "C"])
    plan["steps"][0] |= {"status": "done", "result": "a"}
    worker = Worker({"B": 0.01})
    route, _ = work(worker, plan)
    assert [given["step"] for given in worker.inputs] == ["B", "C"]
    assert worker.beside["C"] == {"C"} and route.outcome == "done"


def test_a_faulty_plan_is_refused_before_anything_is_done():
    """Steps that wait for each other are named."""
    worker = Worker({})
    plan = {"goal": "g", "steps": [new_step("1", "A", needs=["2"]), new_step("2", "B", needs=["1"])]}
    with pytest.raises(NodeError, match="wait for each other"):
        work(worker, plan)
    assert worker.inputs == []


def test_a_broken_worker_ends_the_node():
    """A failure of the sub-workflow itself is the node's, and what still runs is stopped."""

    class Broken(Worker):
        async def run(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
            if inputs["step"] == "Find a cup":
                raise NodeError("the kitchen is closed")
            return await super().run(inputs)

    worker = Broken({"Boil water": 5, "Sing": 5})
    with pytest.raises(NodeError, match="kitchen is closed"):
        work(worker)
    assert "Make tea" not in worker.beside


def test_what_acts_has_to_give_a_text():
    """A sub-workflow without a result is told what to give."""
    ctx = FakeContext(parts={"act": FakeSubworkflow(lambda given: {"failed": False})})
    with pytest.raises(NodeError, match="'act' gave None as 'result'"):
        run_node(execute_graph, {"plan": TEA}, ctx)


def test_without_a_worker_the_model_does_the_steps():
    """The model is asked for each step, then for the answer."""
    plan = {"goal": "Tea", "steps": [new_step("1", "Boil water", needs=[])]}
    ctx = FakeContext(model=ScriptedModel("hot", "Tea is ready"))
    route = run_node(execute_graph, {"plan": plan, "context": "no milk"}, ctx)
    assert route.outputs["answer"] == "Tea is ready"
    assert "What is known:\nno milk" in ctx.model.calls[0].text and "Boil water: hot" in ctx.model.calls[1].text
