"""Loops and pauses of planning in real runs, as a document says them."""

import json
from pathlib import Path
from typing import Any

from graphs.validate import validate
from graphs.yaml_format import parse
from nodes.registry import KINDS
from tests.graphs.engine.reaching import opened

NEXT = """
nodeloom: 1
title: One step at a time
inputs: {goal: {}}
outputs: {answer: {type: text}}
nodes:
  start: {kind: start}
  lead: {kind: planning.plan_next}
  work: {kind: prompt, config: {prompt: "Do: {{step}}"}}
  finish: {kind: finish}
edges:
  flow: [start -> lead, lead.next -> work, work -> lead, lead.done -> finish, lead.exhausted -> finish]
  data: [start.goal -> lead.goal, lead.step -> work.step, work.answer -> lead.result, lead.plan -> lead.plan,
         lead.answer -> finish.answer]
"""
REVISE = """
nodeloom: 1
title: Revised after each step
inputs: {goal: {}}
outputs: {results: {type: text}}
nodes:
  start: {kind: start}
  plan: {kind: planning.plan}
  lead: {kind: planning.replan}
  work: {kind: prompt, config: {prompt: "Do: {{step}}"}}
  finish: {kind: finish}
edges:
  flow: [start -> plan, plan -> lead, lead.next -> work, work -> lead, lead.done -> finish, lead.exhausted -> finish]
  data: [start.goal -> plan.goal, plan.plan -> lead.plan, lead.plan -> lead.plan, lead.step -> work.step,
         work.answer -> lead.observation, lead.results -> finish.results]
"""
LEDGERS = """
nodeloom: 1
title: Two ledgers
inputs: {task: {}}
outputs: {why: {type: text}}
nodes:
  start: {kind: start}
  lead: {kind: planning.ledger, config: {max_stalls: 1}}
  work: {kind: prompt, config: {prompt: "{{who}}: {{step}}"}}
  finish: {kind: finish}
edges:
  flow: [start -> lead, lead.continue -> work, lead.replan -> work, work -> lead, lead.done -> finish,
         lead.exhausted -> finish]
  data: [start.task -> lead.task, lead.next -> work.who, lead.instruction -> work.step, work.answer -> lead.report,
         lead.ledger -> lead.ledger, lead.instruction -> finish.why]
"""
REVIEWED = """
nodeloom: 1
title: Reviewed
inputs: {goal: {}}
outputs: {answer: {type: text}, plan: {type: plan}}
nodes:
  start: {kind: start}
  plan: {kind: planning.plan_graph}
  review: {kind: planning.review_plan}
  run: {kind: planning.execute_graph, config: {parallel: 1}}
  finish: {kind: finish}
edges:
  flow: [start -> plan, plan -> review, review.approved -> run, review.revise -> plan, review.rejected -> finish,
         run -> finish, run.incomplete -> finish]
  data: [start.goal -> plan.goal, review.comment -> plan.context, plan.plan -> review.plan, review.plan -> run.plan,
         run.answer -> finish.answer, run.plan -> finish.plan]
"""


def said(value: Any) -> dict[str, Any]:
    """A scripted answer to a schema."""
    return {"text": json.dumps(value)}


def checked(text: str) -> Any:
    """The document, of which the diagnostics say nothing at all."""
    document = parse(text)
    assert [str(each) for each in validate(document, kinds=KINDS) if each.severity != "info"] == []
    return document


def step(text: str, *, reached: bool = False) -> dict[str, Any]:
    return said({"thought": "", "reached": reached, "text": text})


def test_the_next_step_is_planned_in_a_loop(tmp_path: Path) -> None:
    """The plan comes back to the planner over its own edge, with what came of each step."""
    bench = opened(tmp_path, step("Find the price"), {"text": "20"}, step("Add the tax"), {"text": "22"},
                   step("It costs 22", reached=True))  # fmt: skip
    row = bench.run(checked(NEXT), {"goal": "Cost?"})
    bench.runner.close()
    assert (row.status, row.outputs) == ("done", {"answer": "It costs 22"})
    assert bench.visits()["work"] == 2


def test_a_plan_is_revised_in_a_loop(tmp_path: Path) -> None:
    """The first plan comes from the planner, every later one from the node itself."""
    bench = opened(
        tmp_path, said({"steps": ["Look up the train", "Go"]}), {"text": "no trains"},
        said({"thought": "", "reached": False, "steps": ["Take the bus"]}), {"text": "there"},
        said({"thought": "", "reached": True, "steps": []}),
    )  # fmt: skip
    row = bench.run(checked(REVISE), {"goal": "Visit Ann"})
    bench.runner.close()
    assert (row.status, row.outputs) == (
        "done", {"results": "1. Look up the train: no trains\n2. Take the bus: there"},
    )  # fmt: skip


def test_ledgers_plan_anew_when_the_work_is_stuck(tmp_path: Path) -> None:
    """A stall leads on by its own outcome, and the task is solved after the new plan."""
    facts = said({"given": [], "to_find": [], "plan": ["worker does it"]})
    form: dict[str, Any] = {"reason": "r", "repeating": False, "next": "worker", "instruction": "Try"}
    good, stuck = said({**form, "solved": False, "progress": True}), said({**form, "solved": False, "progress": False})
    bench = opened(tmp_path, facts, good, {"text": "nothing"}, stuck, facts, good, {"text": "20"},
                   said({**form, "solved": True, "progress": True}))  # fmt: skip
    row = bench.run(checked(LEDGERS), {"task": "Price?"})
    bench.runner.close()
    assert (row.status, row.outputs) == ("done", {"why": "r"})
    outcomes = [span["outcome"] for span in bench.spans.of("invoke_node") if span["node_id"] == "lead"]
    assert outcomes == ["continue", "replan", "done"]


def test_a_reviewed_plan_runs_as_it_was_edited(tmp_path: Path) -> None:
    """The run waits with the plan in a form; the edited lines are what runs."""
    graph = said({"steps": [{"title": "Boil water", "needs": []}, {"title": "Make tea", "needs": [1]}]})
    bench = opened(tmp_path, graph, {"text": "a cup"}, {"text": "hot"}, {"text": "Tea"})
    row = bench.run(checked(REVIEWED), {"goal": "Tea"})
    assert row.status == "waiting"
    (waiting,) = row.forms
    assert waiting["form"]["fields"][0]["default"] == "1. Boil water\n2. Make tea (needs 1)"
    answer = {"plan": "0. Find a cup\n1. Boil water (needs 0)", "decision": "Approve", "comment": ""}
    bench.runner.answer(row.id, waiting["interrupt"], answer)
    ended = bench.runner.wait_here(row.id)
    bench.runner.close()
    assert (ended.status, ended.outputs["answer"]) == ("done", "Tea")
    assert [(each["title"], each["result"]) for each in ended.outputs["plan"]["steps"]] == [
        ("Find a cup", "a cup"), ("Boil water", "hot"),
    ]  # fmt: skip
