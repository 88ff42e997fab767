"""AIPOM: what a person edits is what runs, and words send the plan back."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Reply, said

GOAL = "Tea for two"
PLAN = {"steps": [{"title": "Boil water", "needs": []}, {"title": "Make tea", "needs": [1]}]}


def step(title: str, answer: str) -> Reply:
    """What the executor says at that step."""
    return said("work", answer, match=f"Do this step now: {title}")


def decides(decision: str, plan: str = "", comment: str = "") -> dict[str, Any]:
    """What the person fills in."""
    return {"plan": plan, "decision": decision, "comment": comment}


def test_the_edited_plan_runs_and_not_the_planner_s(tmp_path: Path):
    """A step is added beside the first; both run at the same time, and the renamed last one gets both results."""
    edited = "1. Boil water\n3. Warm the pot\n2. Make green tea (needs 1, 3)"
    ran = Lab("aipom", tmp_path).run(
        said("plan", PLAN), step("Boil water", "hot"), step("Warm the pot", "warm"),
        step("Make green tea", "green tea"), said("work", "Here is your tea."),
        answers=[decides("Approve", edited)], goal=GOAL,
    )  # fmt: skip
    assert ran.outputs["answer"] == "Here is your tea."
    assert [each["title"] for each in ran.outputs["plan"]["steps"]] == ["Boil water", "Warm the pot", "Make green tea"]
    first, second, third, _ = [row for row in ran.bench.spans.of("chat") if row["node_id"] == "work"]
    assert max(first["started_at"], second["started_at"]) <= min(first["ended_at"], second["ended_at"])
    assert "hot" in ran.prompts("work")[2] and "warm" in ran.prompts("work")[2] and third["status"] == "ok"


def test_a_comment_sends_the_plan_back_to_the_planner(tmp_path: Path):
    """The second plan is made with the person's words in view, and nothing ran before it was approved."""
    ran = Lab("aipom", tmp_path).run(
        said("plan", PLAN), said("plan", PLAN), step("Boil water", "hot"),
        step("Make tea", "tea"), said("work", "Tea."),
        answers=[decides("Plan anew", comment="Mind the sugar"), decides("Approve", "1. Boil water\n2. Make tea")],
        goal=GOAL,
    )  # fmt: skip
    assert (ran.visits["plan"], ran.visits["review"], ran.outputs["answer"]) == (2, 2, "Tea.")
    first, second = ran.prompts("plan")
    assert "Mind the sugar" not in first and "Mind the sugar" in second
    assert ran.order.index("work") > max(place for place, node in enumerate(ran.order) if node == "plan")


def test_a_rejected_plan_is_not_carried_out(tmp_path: Path):
    """No step runs, and the comment is given out."""
    ran = Lab("aipom", tmp_path).run(said("plan", PLAN), answers=[decides("Reject", comment="No tea.")], goal=GOAL)
    assert ran.visits["work"] == 0 and ran.outputs["comment"] == "No tea."
