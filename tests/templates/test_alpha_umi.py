"""alpha-UMi: the planner's word leads on, the caller makes one call, the summariser knows the trajectory alone."""

from pathlib import Path

from tests.templates.running import Lab, Reply, calls, said


def plan(rationale: str, who: str) -> Reply:
    """What the planner decides."""
    return said("planner", {"answer": {"rationale": rationale, "next": who}})


def test_planner_and_caller_alternate_until_the_planner_hands_over(tmp_path: Path):
    """Each plan is made with the results so far; the answer is written from all of them."""
    ran = Lab("alpha_umi", tmp_path).run(
        plan("Multiply.", "caller"), calls("caller", "calculator", expression="6 * 7"), said("caller", "It is 42."),
        plan("Add one.", "caller"), calls("caller", "calculator", expression="42 + 1"), said("caller", "It is 43."),
        plan("All is there.", "summarizer"), said("summarizer", "43."), task="6 times 7 plus 1?",
    )  # fmt: skip
    worked = [node for node in ran.order if node in ("planner", "caller", "summarizer")]
    assert worked == ["planner", "caller", "planner", "caller", "planner", "summarizer"]
    assert "It is 42." in ran.prompts("planner")[1] and "The planner says: Add one." in ran.prompts("caller")[2]
    assert "43" in str(ran.tool_results("calculator")[1])
    assert ran.outputs["answer"] == "43." and len(ran.outputs["trajectory"]) == 2


def test_a_task_without_tools_is_never_given_to_the_caller(tmp_path: Path):
    """The planner may hand over at once, or give up."""
    for who in ("summarizer", "give_up"):
        lab = Lab("alpha_umi", tmp_path / who)
        ran = lab.run(plan("Nothing to call.", who), said("summarizer", "Hello."), task="Hi")
        assert ran.visits["caller"] == 0 and ran.outputs == {"answer": "Hello.", "trajectory": []}


def test_each_part_has_a_model_of_its_own(tmp_path: Path):
    """Three models are attached, one for each; any of them may be exchanged alone."""
    edges = [edge for edge in Lab("alpha_umi", tmp_path).document.parsed("attach") if edge.target_handle == "model"]
    assert {(edge.source, edge.target) for edge in edges} == {
        ("planner_model", "planner"), ("caller_model", "caller"), ("summarizer_model", "summarizer"),
    }  # fmt: skip


def test_it_stops_after_six_calls(tmp_path: Path):
    """A planner that always asks for one more call is stopped, and the answer is written."""
    rounds = [reply for _ in range(6) for reply in (plan("More.", "caller"), said("caller", "Nothing."))]
    ran = Lab("alpha_umi", tmp_path).run(*rounds, plan("More.", "caller"), said("summarizer", "Unknown."), task="t")
    assert ran.visits["caller"] == 6 and ran.outputs["answer"] == "Unknown."
