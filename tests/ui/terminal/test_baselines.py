"""``nodeloom baselines``: a workflow beside a single prompt and a lean agent, from the terminal"""

import json
from pathlib import Path

import pytest

from tests.ui.terminal.conftest import Command
from ui.terminal import baselines as terminal

EXAMPLES = """\
{"inputs": {"name": "Ada"}, "expected": {"contains": "Hello there"}}
{"inputs": {"name": "Eve"}, "expected": {"contains": "Good night"}}
"""
COMPARE = ("baselines", "hello.yaml", "--model", "scripted:hello")


@pytest.fixture(autouse=True)
def examples(tmp_path: Path) -> None:
    """Beside hello.yaml."""
    (tmp_path / "examples.jsonl").write_text(EXAMPLES)


def test_a_file_is_compared_by_the_examples_beside_it(nodeloom: Command) -> None:
    """A table of counts and cost on stdout, each run and what was amiss on stderr; then it is kept."""
    done = nodeloom(*COMPARE)
    assert done.returncode == 0
    lines = [line.split("  ")[0].strip() for line in done.stdout.splitlines()]
    assert lines[1:] == ["workflow", "single prompt", "lean agent"]
    assert done.stdout.count("1 of 2") == 3
    assert "r-0006 example 2, lean agent: missed" in done.stderr
    assert "workflow, example 2, r-0004: contains: 'Good night' is not in" in done.stderr
    again = json.loads(nodeloom("baselines", "hello.yaml", "--kept", "--json").stdout)
    assert [side["totals"]["counts"]["solved"] for side in again["sides"]] == [1, 1, 1]


def test_json_and_a_part_of_the_examples(nodeloom: Command) -> None:
    """One object, and only as many examples as were asked for."""
    result = json.loads(nodeloom(*COMPARE, "--count", "1", "--json").stdout)
    assert [len(side["runs"]) for side in result["sides"]] == [1, 1, 1]
    assert result["sort"] == "file"


def test_a_template_is_named_by_its_name(nodeloom: Command) -> None:
    """A model that says the same to everything misses; a run that cannot end well failed."""
    done = nodeloom("baselines", "rci", "--model", "scripted:hello", "--count", "1", "--json")
    result = json.loads(done.stdout)
    assert result["subject"] == "rci"
    assert [side["runs"][0]["status"] for side in result["sides"]][1:] == ["missed", "missed"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("baselines", "nowhere.yaml"), "There is no file 'nowhere.yaml'"),
        ((*COMPARE, "--examples", "none.jsonl"), "Cannot read the examples in 'none.jsonl'"),
        ((*COMPARE, "--examples", "hello.yaml"), "is no example"),
        (("baselines", "hello.yaml", "--kept"), "was not compared yet"),
        (("baselines", "hello.yaml", "--model", "nobody:x"), "nobody"),
    ],
)
def test_bad_input_is_told(nodeloom: Command, arguments: tuple[str, ...], said: str) -> None:
    """What is wrong and how to mend it, exit code 2."""
    done = nodeloom(*arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_an_example_that_does_not_fit_is_told_before_anything_runs(nodeloom: Command, tmp_path: Path) -> None:
    """The input that is missing is named."""
    (tmp_path / "examples.jsonl").write_text('{"inputs": {}}\n')
    done = nodeloom(*COMPARE)
    assert done.returncode == 2
    assert "input name" in done.stderr
    assert "r-0001" not in done.stderr


def test_ctrl_c_keeps_what_was_measured(nodeloom: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 130; the first run stays, the others are 'not run'."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(terminal, "_tell", interrupted)
    assert nodeloom(*COMPARE).returncode == 130
    kept = json.loads(nodeloom("baselines", "hello.yaml", "--kept", "--json").stdout)
    assert kept["status"] == "cancelled"
    assert [run["status"] for side in kept["sides"] for run in side["runs"]] == ["solved", *["not run"] * 5]
