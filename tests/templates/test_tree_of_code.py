"""Tree of code: errors grow the tree, the first program that runs ends it, and no test is asked for."""

from pathlib import Path

from tests.templates.running import Lab, Reply, said

TASK = "Print the sum of '1, x, 3' without what is no number."
RUNS = "```python\nprint(1 + 3)\n```"


def ways(*names: str) -> Reply:
    """The two ways of solving it."""
    return said("tree", {"steps": list(names)}, match="Name 2 ways")


def broken(line: str, match: str) -> Reply:
    """A program that fails at its one line."""
    return said("tree", f"```python\n{line}\n```", match=match)


def test_a_program_that_fails_branches_and_the_first_that_runs_is_taken(tmp_path: Path):
    """Both first programs fail; the mended ones are told the error, and the one that runs gives the answer."""
    ran = Lab("tree_of_code", tmp_path).run(
        ways("split it", "count it"), broken("print(int('x'))", "split it"), broken("print(nothing)", "count it"),
        broken("print(int('y'))", r"int\('x'\)[\s\S]*ValueError[\s\S]*attempt 1"),
        said("tree", RUNS, match="attempt 2"), task=TASK,
    )  # fmt: skip
    assert ran.outputs["result"].strip() == "4" and ran.outputs["program"] == "print(1 + 3)"
    assert ran.outcomes("tree") == ["solved"] and ran.outputs["feedback"] == ""
    assert ran.outputs["expanded"] == 2


def test_a_first_program_that_runs_stops_the_search(tmp_path: Path):
    """Executability is the only signal: nothing is mended, nothing is tested, three calls in all."""
    ran = Lab("tree_of_code", tmp_path).run(
        ways("split it", "count it"), said("tree", RUNS, match="split it"), broken("print(nothing)", "count it"),
        task=TASK,
    )  # fmt: skip
    assert ran.outputs["result"].strip() == "4" and len(ran.bench.spans.of("chat")) == 3


def test_the_tree_is_bounded_and_says_what_is_wrong(tmp_path: Path):
    """Programs that never run end it after eight of them, with the error of the best."""
    wrong = [said("tree", f"```python\nprint(nothing{n})\n```") for n in range(8)]
    ran = Lab("tree_of_code", tmp_path).run(ways("split it", "count it"), *wrong, task=TASK)
    assert ran.outcomes("tree") == ["unsolved"] and "nothing" in ran.outputs["feedback"]
    assert len(ran.bench.spans.of("chat")) == 9 and ran.visits["run"] == 0
