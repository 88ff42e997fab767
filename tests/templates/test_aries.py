"""ARIES: the policy sees the graph and chooses; tests value what it makes."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

TASK = "Write top(n), the largest number of a list, or None where it is empty."
TESTS = "assert top([1, 2]) == 2\nassert top([3, 1]) == 3\nassert top([]) is None"
LAST = "def top(n): return n[-1]"  # one of three
NONE = "def top(n): return None"  # one of three
BOTH = "def top(n): return n[0] if n else None"  # two of three
RIGHT = "def top(n): return max(n) if n else None"


def chooses(move: str) -> Reply:
    """What the policy says."""
    return said("graph", {"reason": "So.", "move": move}, match="What next")


def writes(*programs: str) -> Reply:
    return said("graph", {"solutions": list(programs)}, match="different solutions")


def run(tmp_path: Path, *replies: Reply) -> Ran:
    return Lab("aries", tmp_path).run(*replies, task=TASK, tests=TESTS)


def test_the_policy_merges_two_and_mends_the_merged_one(tmp_path: Path):
    """It is told the values, merges, is told the better value, and has that one mended with what failed."""
    ran = run(
        tmp_path, writes(LAST, NONE), chooses("aggregate"), said("graph", BOTH, match="takes the best of each"),
        chooses("refine"), said("graph", RIGHT, match=r"top\(\[1, 2\]\)(?s:.*)faults mended"),
    )  # fmt: skip
    assert (ran.outputs["program"], ran.outputs["value"]) == (RIGHT, 1)
    first, second = [each for each in ran.prompts("graph") if "What next" in each]
    assert "0.33 (generate)" in first and "0.67 (aggregate)" in second
    edges = [(each["source"], each["target"], each["label"]) for each in ran.views("graph")[-1]["edges"]]
    assert ("n1", "n3", "aggregate") in edges and ("n2", "n3", "aggregate") in edges and ("n3", "n4", "refine") in edges


def test_the_policy_may_stop_with_what_there_is(tmp_path: Path):
    """Stop ends it unsolved, with the best thought and its value."""
    ran = run(tmp_path, writes(LAST, BOTH), chooses("stop"))
    assert ran.outcomes("graph") == ["unsolved"] and ran.outputs["program"] == BOTH
    assert 0.6 < ran.outputs["value"] < 0.7


def test_new_thoughts_are_told_what_failed_before(tmp_path: Path):
    """Chosen to generate again, the model reads the report of the best thought so far."""
    ran = run(tmp_path, writes(LAST), chooses("generate"), writes(RIGHT))
    assert ran.outputs["value"] == 1
    assert "assert top([]) is None" in [each for each in ran.prompts("graph") if "different solutions" in each][1]


def test_six_rounds_are_the_most(tmp_path: Path):
    """A policy that never ends it is ended, with the best there is."""
    wrong = [f"def top(n): return {number}" for number in range(100, 106)]
    ran = run(
        tmp_path, writes(wrong[0]), *(chooses("refine") for _ in range(5)),
        *(said("graph", program, match="faults mended") for program in wrong[1:]),
    )  # fmt: skip
    assert ran.outcomes("graph") == ["unsolved"] and len(ran.outputs["thoughts"]) == 6
