"""Tree of programs: the one that passes most is mended, and the critic cannot make it worse."""

from pathlib import Path

from tests.templates.running import Lab, Ran, Reply, said

TASK = "Write top(n), the largest number of a list, or None where it is empty."
TESTS = "assert top([1, 2]) == 2\nassert top([3, 1]) == 3\nassert top([]) is None"
NONE = "def top(n): return 7"
SOME = "def top(n): return max(n)"  # two of three
RIGHT = "def top(n): return max(n, default=None)"
CHEAT = "def top(n): return {(1, 2): 2, (3, 1): 3}.get(tuple(n))"  # passes all, and is not right


def coded(program: str, match: str) -> Reply:
    return said("search", f"```python\n{program}\n```", match=match)


def begun(*programs: str) -> list[Reply]:
    """Three strategies and a program for each."""
    ways = ["loop", "sort", "builtin"]
    return [
        said("search", {"steps": ways}, match="Name 3 ways"),
        *(coded(program, f"in this way: {way}") for way, program in zip(ways, programs, strict=True)),
    ]


def criticised(verdict: str) -> list[Reply]:
    return [said("critic", f"I say {verdict}."), said("critic", {"verdict": verdict, "score": 5})]


def run(tmp_path: Path, *replies: Reply) -> Ran:
    return Lab("codetree", tmp_path).run(*replies, task=TASK, tests=TESTS)


def test_the_program_that_passes_most_is_mended_and_told_what_failed(tmp_path: Path) -> None:
    """Of three strategies the best one branches; the fix that passes all ends the search, the rest stay closed."""
    ran = run(
        tmp_path, *begun(NONE, SOME, "def top(n): return n[5]"), coded("def top(n): return n[0]", "attempt 1"),
        coded(RIGHT, "attempt 2"), *criticised("accept"),
    )  # fmt: skip
    assert (ran.outputs["program"], ran.outputs["passed"]) == (RIGHT, 1)
    fixes = [each for each in ran.prompts("search") if "does not pass" in each]
    assert len(fixes) == 2 and all(SOME in each and "assert top([]) is None" in each for each in fixes)
    assert not any(NONE in each for each in fixes)
    statuses = [node["status"] for node in ran.views("search")[-1]["nodes"]]
    assert statuses.count("expanded") == 2 and statuses.count("solution") == 1


def test_the_critic_sends_back_what_only_looks_right(tmp_path: Path) -> None:
    """A program written for the tests passes them, is sent back, and the mended one is given out."""
    ran = run(tmp_path, *begun(CHEAT, NONE, SOME), *criticised("revise"), said("mend", RIGHT, match="I say revise"))
    assert ran.outputs["program"] == RIGHT and ran.outputs["passed"] == 1
    assert ran.outputs["review"] == "I say revise."


def test_a_mended_program_that_fails_the_tests_is_dropped(tmp_path: Path) -> None:
    """The critic was wrong: what passed before is kept."""
    ran = run(tmp_path, *begun(RIGHT, NONE, SOME), *criticised("revise"), said("mend", SOME))
    assert ran.outcomes("check") == ["failed"]
    assert (ran.outputs["program"], ran.outputs["passed"]) == (RIGHT, 1)
