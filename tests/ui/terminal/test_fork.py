"""``nodeloom fork``: on from a step with something changed, one step alone, an edited file, bad words."""

import json
from pathlib import Path

import pytest

from tests.ui.terminal.conftest import HELLO, Command
from ui.refusal import Refusal
from ui.terminal.fork import changes_of

RUN = ("run", "hello.yaml", "--model", "scripted:hello", "-i", "name=Ada")


def test_a_fork_runs_on_with_what_was_set(nodeloom: Command, tmp_path: Path) -> None:
    """The step gets other inputs, or does not run at all; the new run is printed as any other."""
    nodeloom(*RUN)
    done = nodeloom("fork", "r-0001", "--at", "greet#1", "--set", "inputs.name=Bob", "--label", "for Bob", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["number"] == "r-0002"
    (tmp_path / "words.txt").write_text("Given.")
    done = nodeloom("fork", "r-0001", "--at", "greet", "--set", "greet.answer=@words.txt")
    assert (done.returncode, done.stdout) == (0, "Given.\n")
    runs = {run["number"]: run for run in json.loads(nodeloom("runs", "--json").stdout)}
    assert (runs["r-0002"]["label"], runs["r-0002"]["kept"]) == ("for Bob", 1)
    assert runs["r-0002"]["parent_id"] == runs["r-0003"]["parent_id"] == runs["r-0001"]["id"]


def test_an_edited_file_and_one_step_alone(nodeloom: Command, tmp_path: Path) -> None:
    """``--against`` runs the file with what is kept; ``--only`` gives the node's outputs."""
    nodeloom(*RUN)
    (tmp_path / "edited.yaml").write_text(HELLO.replace("greet", "salute"))
    done = nodeloom("fork", "r-0001", "--at", "greet", "--against", "edited.yaml", "--map", "greet=salute")
    assert done.returncode == 0, done.stderr
    done = nodeloom("fork", "r-0001", "--at", "greet", "--only", "--set", "greet.config.prompt=Shout at {{name}}.")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "Hello there.\n" and ", 1 steps," in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("r-9999",), "r-9999"),
        (("r-0001", "--at", "nope"), "no node visit nope"),
        (("r-0001", "--at", "greet#x"), "is no number"),
        (("r-0001", "--at", "greet#0"), "count from 1"),
        (("r-0001", "--at", "greet", "--set", "inputs.name"), "no '='"),
        (("r-0001", "--at", "greet", "--set", "inputs.nope=1"), "no input 'nope'"),
        (("r-0001", "--at", "greet", "--set", "state.nope=1"), "no state variable 'nope'"),
        (("r-0001", "--at", "greet", "--set", "greet.answer:={"), "is not JSON"),
        (("r-0001", "--at", "greet", "--set", "a.b.c.d=1"), "nothing that can be changed"),
        (("r-0001", "--at", "greet", "--map", "a"), "is not OLD=NEW"),
        (("r-0001", "--at", "greet", "--against", "none.yaml"), "There is no file"),
        (("r-0001", "--at", "greet", "--json", "--stream"), "exclude"),
    ],
)
def test_what_cannot_be_is_refused_in_words(nodeloom: Command, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 2 and no traceback."""
    nodeloom(*RUN)
    done = nodeloom("fork", *arguments)
    assert done.returncode == 2
    assert words in done.stderr and "Traceback" not in done.stderr


def test_what_is_set_is_read_by_its_place() -> None:
    """Text, JSON after :=, outcomes, settings, outputs, inputs and state."""
    changes = changes_of(["inputs.a=1", "state.n:=2", "plan.outcome=done", "plan.config.k:=3", "plan.out=x=y"], "m:x")
    assert changes.model_dump() == {
        "inputs": {"a": "1"}, "state": {"n": 2}, "outcomes": {"plan": "done"}, "config": {"plan": {"k": 3}},
        "outputs": {"plan": {"out": "x=y"}}, "model": "m:x",
    }  # fmt: skip
    with pytest.raises(Refusal, match="Cannot read"):
        changes_of(["inputs.a=@nowhere.txt"])
