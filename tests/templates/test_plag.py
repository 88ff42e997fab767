"""Plan like a graph: independent steps overlap, dependants wait and see what they need alone."""

from pathlib import Path

from tests.templates.running import Lab, said

GRAPH = {
    "steps": [
        {"title": "List sights", "needs": []}, {"title": "List dishes", "needs": []},
        {"title": "Join both", "needs": [1, 2]},
    ]
}  # fmt: skip


def step(title: str, answer: str):
    """The answer of the executor at that step."""
    return said("work", answer, match=f"Do this step now: {title}")


def test_independent_steps_run_at_the_same_time_and_the_join_waits(tmp_path: Path):
    """The first two overlap in time; the third begins after both."""
    ran = Lab("plag", tmp_path).run(
        said("plan", GRAPH), step("List sights", "a castle"), step("List dishes", "a soup"),
        step("Join both", "castle and soup"), said("work", "Guide: castle and soup"), goal="A guide",
    )  # fmt: skip
    assert ran.outputs["answer"] == "Guide: castle and soup" and "(needs 1, 2)" in ran.outputs["graph"]
    first, second, third, _ = [row for row in ran.bench.spans.of("chat") if row["node_id"] == "work"]
    assert max(first["started_at"], second["started_at"]) <= min(first["ended_at"], second["ended_at"])
    assert third["started_at"] >= max(first["ended_at"], second["ended_at"])


def test_a_step_is_told_what_it_needs_and_no_more(tmp_path: Path):
    """The independent second step does not see the first one's result; the third sees both."""
    ran = Lab("plag", tmp_path).run(
        said("plan", GRAPH), step("List sights", "a castle"), step("List dishes", "a soup"),
        step("Join both", "castle and soup"), said("work", "Guide"), goal="A guide",
    )  # fmt: skip
    _, dishes, join, _ = ran.prompts("work")
    assert "a castle" not in dishes and "a castle" in join and "a soup" in join


def test_a_circular_plan_is_sent_back(tmp_path: Path):
    """Steps that wait for each other are named to the planner, and its mended plan is followed."""
    circle = {"steps": [{"title": "List sights", "needs": [2]}, {"title": "List dishes", "needs": [1]}]}
    ran = Lab("plag", tmp_path).run(
        said("plan", circle),
        said("plan", GRAPH, match="wait for each other"),
        said("work", "ok", repeat=True),
        goal="G",
    )
    assert [each["status"] for each in ran.results("work")[0]["plan"]["steps"]] == ["done"] * 3


def test_a_step_that_fails_is_replaced_and_the_rest_goes_on(tmp_path: Path):
    """A new way takes the place of the failed step, and the join needs its result instead."""
    ran = Lab("plag", tmp_path).run(
        said("plan", GRAPH), step("List sights", "a castle"), step("List dishes", "CANNOT: no cook book"),
        said("work", {"steps": ["Ask a friend"]}, match="no cook book"), step("Ask a friend", "a stew"),
        step("Join both", "castle and stew"), said("work", "Guide"), goal="A guide",
    )  # fmt: skip
    assert ran.outcomes("work") == ["done"]
    assert "a stew" in next(each for each in ran.prompts("work") if "Do this step now: Join both" in each)
