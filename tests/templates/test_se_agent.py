"""SE-Agent: whole attempts are crossed and revised, and what was said of the best shapes the next generation."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

TASK = "Share the taxi by kilometres."
CROSS, MEND = "takes the best of each", "faults mended"


def ways(*texts: str) -> Reply:
    return said("ways", {"answer": list(texts)})


def attempts(*texts: str) -> list[Reply]:
    return [said("attempt", text, item=item) for item, text in enumerate(texts)]


def worth(attempt: str, score: int, why: str = "So.") -> Reply:
    """How an attempt is valued."""
    return said("evolve", {"reason": why, "score": score}, match=f"(?s){attempt}.*Judge it", repeat=True)


def run(tmp_path: Path, *replies: Reply) -> Ran:
    return Lab("se_agent", tmp_path).run(*replies, task=TASK)


def test_the_best_two_are_crossed_into_one_that_ends_it(tmp_path: Path):
    """The worst of three attempts is left out; the crossed one is without fault and given out."""
    ran = run(
        tmp_path, ways("by head", "by price", "by part"), *attempts("by head: bad", "by price: good", "by part: fair"),
        worth("by head: bad", 1), worth("by price: good", 7), worth("by part: fair", 6), worth("both joined", 10),
        said("evolve", "both joined", match=CROSS),
    )  # fmt: skip
    assert (ran.outputs["best"], ran.outputs["value"]) == ("both joined", 1)
    (crossing,) = [each for each in ran.prompts("evolve") if CROSS in each]
    assert "by price: good" in crossing and "by part: fair" in crossing and "by head: bad" not in crossing
    assert ran.visits["attempt"] == 3


def test_attempts_go_about_it_in_different_ways_at_the_same_time(tmp_path: Path):
    """Each agent is told one way of its own, and none waits for another."""
    ran = run(
        tmp_path, ways("by head", "by price"), *attempts("done", "done too"), worth("done too", 10), worth("done", 2)
    )
    prompts = ran.prompts("attempt")
    assert ["by head" in each for each in prompts] == [True, False]
    one, other = [row for row in ran.bench.spans.of("chat") if row["node_id"] == "attempt"]
    assert max(one["started_at"], other["started_at"]) <= min(one["ended_at"], other["ended_at"])


def test_the_next_generation_is_told_what_was_said_of_the_best(tmp_path: Path):
    """Nothing reaches the goal: the second generation's ways are named knowing the fault of the best attempt."""
    ran = run(
        tmp_path, ways("one"), *attempts("first try"), worth("first try", 5, "It forgets Ben."),
        said("evolve", "first try, mended", match=MEND), ways("two"), *attempts("second try"),
        worth("second try", 4), worth("mended", 6), said("evolve", "crossed", match=CROSS, repeat=True),
        worth("crossed", 6), said("evolve", "last", match=MEND, repeat=True), worth("last", 3),
    )  # fmt: skip
    assert ran.outcomes("evolve") == ["unsolved"] and ran.outputs["value"] < 1
    first, second = ran.prompts("ways")
    assert "it was said" not in first and "it was said" in second
