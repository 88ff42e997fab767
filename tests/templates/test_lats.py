"""Language agent tree search: the better branch is looked into, and failed ways teach the later ones."""

from pathlib import Path

from tests.templates.running import Lab, said

TASK = "Write top(numbers), the largest number, or None for an empty list."
TESTS = "assert top([1, 2]) == 2\nassert top([-1]) == -1\nassert top([]) is None"
ZERO = "def top(n): return 0"  # passes none
LAST = "def top(n): return n[-1]"  # passes two of three
SUM = "def top(n): return sum(n)"  # passes one of three
LARGEST = "def top(n): return max(n)"  # passes two of three
RIGHT = "def top(n): return max(n) if n else None"


def proposed(*programs: str, **more: str) -> dict[str, object]:
    return said("search", {"steps": list(programs)}, **more)


def test_the_branch_the_tests_prefer_is_expanded_and_its_errors_are_told(tmp_path: Path) -> None:
    """Of two programs the one that passes more is mended, told what failed; the other is never looked into."""
    ran = Lab("lats", tmp_path).run(
        proposed(ZERO, LAST, match="nothing yet"), proposed(RIGHT, SUM, match="n\\[-1\\]"), task=TASK, tests=TESTS
    )
    assert ran.outputs == {"program": RIGHT, "value": 1, "expanded": 2}
    first, second = ran.prompts("search")
    assert "This test failed" not in first
    assert "assert top([]) is None" in second and LAST in second and ZERO not in second
    nodes = {node["label"]: node for node in ran.views("search")[-1]["nodes"]}
    assert nodes[ZERO]["value"] == 0 and nodes[ZERO]["status"] == "open"
    assert nodes[RIGHT]["status"] == "solution"


def test_values_go_up_the_tree_and_a_dead_way_leaves_a_lesson(tmp_path: Path) -> None:
    """A way that ends at the depth limit is reflected on, and the proposals after it read the lesson."""
    lesson = "Think of the empty list."
    ran = Lab("lats", tmp_path).run(
        proposed(SUM, LAST, match="nothing yet"),
        proposed(LARGEST, "def top(n): return n[0]", match="n\\[-1\\]"),
        proposed("def top(n): return n[1]", "def top(n): return n[0] * 2", match="return max\\(n\\)(?s:.*)Propose"),
        said("search", lesson, match="Why not"),
        proposed(RIGHT, ZERO, match=lesson),
        task=TASK, tests=TESTS,
    )  # fmt: skip
    assert ran.outputs["program"] == RIGHT
    prompts = ran.prompts("search")
    assert lesson in prompts[-1] and not any(lesson in each for each in prompts[:-1])
    root = ran.views("search")[-1]["nodes"][0]
    assert root["visits"] == ran.outputs["expanded"]


def test_the_budget_ends_it_with_the_best_program_so_far(tmp_path: Path) -> None:
    """Where nothing passes all tests it stops after six expansions and gives out what passed most."""
    wrong = [f"def top(n): return n[-1] + 0 * {number}" for number in range(40)]
    pairs = [proposed(*wrong[number : number + 2]) for number in range(0, 12, 2)]
    ran = Lab("lats", tmp_path).run(
        said("search", "Look at the empty list.", match="Why not", repeat=True), *pairs, task=TASK, tests=TESTS
    )
    assert ran.outputs["expanded"] == 6 and ran.outcomes("search") == ["unsolved"]
    assert ran.outputs["program"] in wrong and 0.6 < ran.outputs["value"] < 0.7
