"""Symphony: the best bid does a sub-task, and a chain of confident bids outweighs one of weak bids."""

from pathlib import Path
from typing import Any

from tests.templates.running import Lab, Ran, Reply, said

SKILLS = {"Calculating": "good at: numbers", "Knowing": "good at: facts", "Wording": "good at: reading"}


def chain(item: int, answer: str, confidence: int, best: str = "Calculating") -> list[Reply]:
    """A chain with one sub-task: one member bids so high, the others hardly; then its answer."""
    bids: list[Reply] = []
    for name, skill in SKILLS.items():
        bid = {"fit": "", "able": True, "confidence": confidence if name == best else 1, "cost": 5}
        bids.append(said("allocate", bid, match=skill, item=item))
    return [
        said("split", {"answer": [f"Part {item}"]}, item=item), *bids,
        said("allocate", f"Report {item}", match="You were awarded", item=item),
        said("allocate", {"done": True}, match="Is the task done", item=item), said("conclude", answer, item=item),
    ]  # fmt: skip


def vote(tmp_path: Path, *replies: Reply, chains: int) -> Ran:
    """A run with so many chains."""
    inputs: dict[str, Any] = {"task": "How many?", "chains": [f"Way {at}." for at in range(chains)]}
    return Lab("symphony", tmp_path).run(*replies, **inputs)


def test_the_heavier_answer_wins_against_the_first(tmp_path: Path):
    """One chain of a confident bid outweighs two chains of weak ones that agree."""
    replies = [*chain(0, "five", 3), *chain(1, "Five.", 3), *chain(2, "seven", 10)]
    ran = vote(tmp_path, *replies, chains=3)
    weights = ran.outputs["weights"]
    assert set(weights) == {"five", "seven"}
    assert ran.outputs["answer"] == max(weights, key=lambda key: weights[key])
    assert weights["five"] == round(2 * (0.7 * 0.3 + 0.3 * 5 / 9), 3) and weights["seven"] > weights["five"]


def test_equal_weights_are_summed_to_a_majority(tmp_path: Path):
    """Two chains of equal weight win against one."""
    ran = vote(tmp_path, *chain(0, "seven", 6), *chain(1, "five", 6), *chain(2, "five", 6), chains=3)
    assert ran.outputs["answer"] == "five"


def test_a_sub_task_goes_to_the_best_bid(tmp_path: Path):
    """Whoever bids highest is awarded, in each chain anew."""
    ran = vote(tmp_path, *chain(0, "a", 9, best="Knowing"), *chain(1, "a", 9, best="Wording"), chains=2)
    done = [each["reports"][0]["member"] for each in ran.results("allocate")]
    assert sorted(done) == ["Knowing node", "Wording node"]
