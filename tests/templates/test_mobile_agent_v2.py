"""Mobile-Agent-v2: progress instead of history, what matters is remembered, and mistakes are taken back."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said


def step(
    operation: str, verdict: str = "right", why: str = "", *, remember: str = "", progress: str = ""
) -> list[Reply]:
    """One operation, and what the reflection agent finds."""
    decision = {"why": "", "operation": operation, "remember": remember}
    return [said("plan", progress), said("decide", {"answer": decision}),
            said("reflect", {"answer": {"why": why, "verdict": verdict}})]  # fmt: skip


def stop(progress: str = "Done.") -> list[Reply]:
    """The last word."""
    return step("stop", progress=progress)[:2]


def operate(tmp_path: Path, *replies: Reply) -> Ran:
    """A run on the template's own phone."""
    lab = Lab("mobile_agent_v2", tmp_path)
    return lab.run(*replies, **lab.example)


def test_what_matters_is_remembered_from_screen_to_screen(tmp_path: Path):
    """The code read in the notes stands before the decision at the lock, where no screen shows it."""
    ran = operate(tmp_path, *step("tap notes"), *step("tap home", remember="code 4711"), *step("tap lock"),
                  *step("type 4711"), *step("tap ok"), *stop())  # fmt: skip
    assert ran.outputs["done"] is True and "OPEN" in ran.outputs["screen"]
    at_the_lock = ran.prompts("decide")[3]
    assert "- code 4711" in at_the_lock and "Notes. Today" not in at_the_lock


def test_a_wrong_operation_is_taken_back_and_explained(tmp_path: Path):
    """The phone is at home again, the next decision knows why, the history does not hold it; later all is forgotten."""
    ran = operate(tmp_path, *step("tap weather", "wrong", "The weather is not needed."), *step("tap notes"), *stop())
    second, third = ran.prompts("decide")[1:]
    assert "Your last operation was wrong: The weather is not needed." in second and "Home screen" in second
    assert "was wrong" not in third and "Notes. Today" in third
    assert "tap weather" not in ran.prompts("plan")[2] and "tap notes" in ran.prompts("plan")[2]


def test_the_decision_sees_progress_and_not_the_history(tmp_path: Path):
    """Only the planning agent is given the operations; its summary is what the decision agent gets."""
    ran = operate(tmp_path, *step("tap notes", progress="Nothing is done."), *stop("The notes are open."))
    assert "Operations so far:" not in ran.prompts("decide")[1]
    assert "Progress: The notes are open." in ran.prompts("decide")[1]


def test_it_stops_at_the_limit(tmp_path: Path):
    """An operation without effect is not repeated for ever."""
    replies = [reply for _ in range(21) for reply in step("tap ok", "without effect", "Nothing changed.")]
    ran = operate(tmp_path, *replies)
    assert ran.outputs["done"] is False and ran.visits["operate"] == 20
