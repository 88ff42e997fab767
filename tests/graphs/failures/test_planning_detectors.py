"""Each detector about planning fires on its fault and keeps quiet on the same run without it."""

import json

from tests.graphs.failures.running import fired, said, workflow


def next_step(text: str, *, reached: bool = False):
    return said("plan", {"thought": "", "reached": reached, "text": text})


def one_step_at_a_time(way_out: str = "work", max_steps: int = 5):
    """A planner that says what to do next, and a worker; ``next`` leads to ``way_out``."""
    return workflow(
        {"plan": ("planning.plan_next", {"max_steps": max_steps}), "work": ("prompt", {"prompt": "Do {{step}}"})},
        f"start -> plan, plan.next -> {way_out}, work -> plan, plan.done -> finish, plan.exhausted -> finish",
        "start.goal -> plan.goal, plan.step -> work.step, work.answer -> plan.result, plan.plan -> plan.plan,"
        " plan.plan -> finish.answer", inputs={"goal": {}},
    )  # fmt: skip


def test_a_step_left_open_at_the_end_is_found():
    """The loop is left after the second step was only planned."""
    document = workflow(
        {"plan": ("planning.plan_next", {}), "work": ("prompt", {"prompt": "Do {{step}}"}),
         "turns": ("control.loop_limit", {"max_turns": 1})},
        "start -> plan, plan.next -> turns, turns.again -> work, turns.exhausted -> finish, work -> plan,"
        " plan.done -> finish, plan.exhausted -> finish",
        "start.goal -> plan.goal, plan.step -> work.step, work.answer -> plan.result, plan.plan -> plan.plan,"
        " plan.plan -> finish.answer", inputs={"goal": {}},
    )  # fmt: skip
    replies = next_step("Buy wood"), said("work", "bought"), next_step("Build a shed")
    found = fired(document, *replies, inputs={"goal": "a shed"})
    (finding,) = found["open_plan_step"]
    assert finding.node == "plan" and "1 of 2 steps" in finding.what and "Build a shed" in finding.what
    assert found["gave_up"][0].node == "turns"


def test_a_plan_whose_steps_all_ended_is_silent():
    """Every step was done and the goal reached."""
    replies = next_step("Buy wood"), said("work", "bought"), next_step("A shed.", reached=True)
    assert not fired(one_step_at_a_time(), *replies, inputs={"goal": "a shed"})


def test_a_planner_that_used_up_its_steps_gave_up():
    """It ended because the steps were over, not because the goal was reached."""
    found = fired(one_step_at_a_time(max_steps=1), next_step("Buy"), said("work", "no"), inputs={"goal": "a shed"})
    (finding,) = found["gave_up"]
    assert finding.node == "plan" and "used up" in finding.what and len(finding.evidence) == 1


def test_a_plan_that_nobody_follows_is_found():
    """The flow goes past the node that would work through it."""
    nodes = {"plan": "planning.plan", "do": "planning.execute"}
    data = "start.goal -> plan.goal, plan.plan -> do.plan, plan.steps -> finish.answer"
    steps = said("plan", {"steps": ["Buy wood", "Build"]})
    past = workflow(nodes, "start -> plan, plan -> finish, do -> finish", data, inputs={"goal": {}})
    (finding,) = fired(past, steps, inputs={"goal": "a shed"})["plan_not_followed"]
    assert finding.node == "plan" and "Buy wood; Build" in finding.what
    whole = workflow(nodes, "start -> plan, plan -> do, do -> finish", data, inputs={"goal": {}})
    work = [said("do", answer) for answer in ("bought", "built", "A shed stands.")]
    assert not fired(whole, steps, *work, inputs={"goal": "a shed"})


def rounds(max_turns: int = 4):
    """Draft and look, again and again."""
    return workflow(
        {"draft": ("prompt", {"prompt": "Write."}), "turns": ("control.loop_limit", {"max_turns": max_turns})},
        "start -> draft, draft -> turns, turns.again -> draft, turns.exhausted -> finish",
        "draft.answer -> finish.answer",
    )  # fmt: skip


def test_a_loop_that_brings_the_same_each_time_is_found():
    """Three equal drafts are enough; the finding stands at the last."""
    (finding,) = fired(rounds(), said("draft", "A draft.", repeat=True))["loop_without_progress"]
    assert finding.node == "draft" and finding.visit == 5 and "A draft." in finding.what


def test_a_loop_that_changes_something_or_turns_seldom_is_silent():
    """Different drafts are progress; two equal ones are not yet a circle. A loop that only counts gave up nothing."""
    assert not fired(rounds(), *(said("draft", f"Draft {n}.") for n in range(5)))
    assert not fired(rounds(1), said("draft", "A draft.", repeat=True))


def test_a_search_that_finds_nothing_gave_up():
    """The outcome unsolved says it."""
    document = workflow(
        {"search": ("search.best_first", {"expansions": 1, "depth": 1})},
        "start -> search, search.solved -> finish, search.unsolved -> finish",
        "start.problem -> search.problem, search.best -> finish.answer", inputs={"problem": {}},
    )  # fmt: skip
    replies = [
        said("search", {"steps": ["one", "two"]}, match="Propose"),
        said("search", json.dumps({"reason": "", "score": 2}), repeat=True),
    ]
    assert [each.node for each in fired(document, *replies, inputs={"problem": "?"})["gave_up"]] == ["search"]
