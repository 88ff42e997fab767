"""LLaMAC: two critics are merged, actors object by what they alone know, and objections lead to new assignments."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

TASK = "Carry the piano and the lamp."
ACTORS = [{"name": "Ann", "knows": "My arm is broken."}, {"name": "Bob", "knows": "I am strong."}]


def plans(*assignments: str, match: str | None = None) -> list[Reply]:
    """What critics, merge and assignments come to in a round."""
    return [
        said("bold", "use both", match=match), said("careful", "mind the stairs", match=match),
        said("merge", "decided", match=r"use both[\s\S]*mind the stairs"),
        said("assign", {"answer": list(assignments)}),
    ]  # fmt: skip


def answers(match: str, reason: str = "") -> Reply:
    """An actor's answer: an objection where there is a reason."""
    return said("actor", {"answer": {"reason": reason, "objects": bool(reason)}}, match=match)


FINE = said("actor", {"answer": {"reason": "", "objects": False}}, repeat=True)


def test_an_objection_leads_both_critics_to_new_assignments(tmp_path: Path):
    """Ann cannot carry the piano; both critics are told so, and the second assignments are accepted."""
    ran = Lab("llamac", tmp_path).run(
        *plans("Ann: the piano", "Bob: the lamp"), answers("assignment: Ann: the piano", "My arm is broken."), FINE,
        *plans("Ann: the lamp", "Bob: the piano", match=r"Ann objected: My arm is broken\."), task=TASK, actors=ACTORS,
    )  # fmt: skip
    assert ran.outputs["assignments"] == ["Ann: the lamp", "Bob: the piano"] and ran.outputs["objections"] == []
    assert ran.outcomes("objections") == ["found", "none"] and ran.outputs["spent"]["tokens"] > 0


def test_an_actor_sees_its_own_assignment_and_knowledge_alone(tmp_path: Path):
    """Nobody else's assignment or secret stands in its prompt, and no critic knows what actors know."""
    ran = Lab("llamac", tmp_path).run(*plans("Bob: the piano", "Ann: the lamp"), FINE, task=TASK, actors=ACTORS)
    ann = next(prompt for prompt in ran.prompts("actor") if "You are Ann" in prompt)
    assert "Ann: the lamp" in ann and "Bob: the piano" not in ann and "strong" not in ann
    assert "arm is broken" not in ran.prompts("bold")[0]


def test_objections_that_stay_are_told(tmp_path: Path):
    """After two more rounds it ends with the last assignments and what was objected."""
    ran = Lab("llamac", tmp_path).run(
        said("bold", "use both", repeat=True), said("careful", "mind", repeat=True), said("merge", "so", repeat=True),
        said("assign", {"answer": ["Ann: the piano"]}, repeat=True),
        said("actor", {"answer": {"reason": "No.", "objects": True}}, match="You are Ann", repeat=True), FINE,
        task=TASK, actors=ACTORS,
    )  # fmt: skip
    assert ran.visits["assign"] == 3 and [each["name"] for each in ran.outputs["objections"]] == ["Ann"]
