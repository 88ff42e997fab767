"""Student Simulation: the prediction comes from the student's own records, and the search keeps what errs alike."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

RIGHT, WRONG, OTHER = "It is 5/6.", "Above and below: 3/9.", "It is 1."


def knows(student: str, concept: str, *, correct: bool = False) -> list[Reply]:
    """What is read from the records, and what is predicted."""
    triple = {"subject": student, "relation": "gets wrong", "object": concept}
    prediction = {"why": "", "correct": correct, "mistake": "adds above and below"}
    return [said("prototype", {"triples": [triple]}), said("predict", {"answer": prediction})]


def valued(**scores: float) -> list[Reply]:
    """How well each solution fits the prediction."""
    texts = {"right": RIGHT, "wrong": WRONG, "other": OTHER}
    return [said("score", {"answer": {"why": f"{name} one", "score": score}}, match=texts[name], repeat=True)
            for name, score in scores.items()]  # fmt: skip


def simulate(lab: Lab, *replies: Reply, student: str = "Mia") -> Ran:
    """A run on a sum of fractions."""
    task: dict[str, Any] = {"task": "2/3 + 1/6 with different denominators", "records": f"Records of {student}."}
    return lab.run(*replies, **task, student=student)


def test_the_search_keeps_the_predicted_mistake_and_not_the_right_answer(tmp_path: Path):
    """Of a right and a wrong solution the wrong one comes out, where that is predicted."""
    ran = simulate(Lab("student_simulation", tmp_path), *knows("Mia", "different denominators"),
                   said("write", {"answer": [RIGHT, WRONG]}), *valued(right=0, wrong=10))  # fmt: skip
    assert ran.outputs["solution"] == WRONG and ran.outputs["prediction"]["correct"] is False
    assert "wrongly. Mistake: adds above and below" in ran.prompts("write")[0]


def test_a_solution_that_does_not_fit_yet_is_refined(tmp_path: Path):
    """The second round knows the solution kept and what was said of it."""
    ran = simulate(
        Lab("student_simulation", tmp_path), *knows("Mia", "different denominators"),
        said("write", {"answer": [RIGHT, OTHER]}), said("write", {"answer": [WRONG, RIGHT]}, repeat=True),
        *valued(right=0, other=5, wrong=10),
    )  # fmt: skip
    second = ran.prompts("write")[1]
    assert OTHER in second and "other one" in second and RIGHT not in second
    assert ran.outputs["solution"] == WRONG


def test_each_student_has_a_graph_of_its_own(tmp_path: Path):
    """What is known of Mia does not stand in the prediction for Tom."""
    lab = Lab("student_simulation", tmp_path)
    rest = [said("write", {"answer": [WRONG, WRONG]}), *valued(wrong=10)]
    simulate(lab, *knows("Mia", "different denominators"), *rest)
    ran = simulate(lab, *knows("Tom", "different denominators"), *rest, student="Tom")
    assert "Tom" in ran.prompts("predict")[0] and "Mia" not in ran.prompts("predict")[0]
