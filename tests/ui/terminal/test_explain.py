"""``nodeloom explain``: nothing wrong, something wrong, a model's word, bad input."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.ui.terminal.conftest import Command


def script(home: Path, name: str, *replies: dict[str, Any]) -> str:
    """A scripted model of the home."""
    (home / "scripts" / f"{name}.json").write_text(json.dumps({"replies": replies}))
    return f"scripted:{name}"


def run(nodeloom: Command, model: str = "scripted:hello") -> None:
    nodeloom("run", "hello.yaml", "--model", model, "-i", "name=Ada")


def test_a_run_that_went_well_has_nothing_wrong_with_it(nodeloom: Command) -> None:
    """Exit code 0 and a sentence."""
    run(nodeloom)
    done = nodeloom("explain", "r-0001")
    assert (done.returncode, done.stdout) == (0, "r-0001 Hello: done\nNothing was found wrong with it.\n")


def test_what_went_wrong_is_told_with_its_spans(nodeloom: Command, home: Path) -> None:
    """Exit code 1; --json has the finding with the fork that tells the step what to do better."""
    run(nodeloom, script(home, "cut", {"text": "Hello the", "finish_reason": "length"}))
    done = nodeloom("explain", "r-0001")
    assert done.returncode == 1
    assert "error: truncated_answer (system) at greet\n  The answer was cut after" in done.stdout
    answer = json.loads(nodeloom("explain", "r-0001", "--json").stdout)
    (finding,) = answer["findings"]
    assert (answer["complete"], finding["node"], finding["visit"]) == (True, "greet", 1)
    trace = json.loads(nodeloom("trace", "r-0001", "--json").stdout)["spans"]
    operations = {span["id"]: (span["operation"], span["node_id"]) for span in trace}
    assert operations[finding["span"]] == ("chat", "greet")
    assert operations[finding["fork"]["span"]] == ("invoke_node", "greet")
    assert finding["tell"] in finding["fork"]["changes"]["inputs"]["name"]


def test_an_exported_recording_is_explained_as_its_run_is(nodeloom: Command, home: Path) -> None:
    """The same finding from the file alone; it cannot be forked or diagnosed."""
    run(nodeloom, script(home, "cut", {"text": "Hello the", "finish_reason": "length"}))
    assert nodeloom("replay", "r-0001", "--export", "cut.json").returncode == 0
    done = nodeloom("explain", "cut.json", "--json")
    (finding,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, finding["detector"], finding["node"], finding["fork"]) == (
        1, "truncated_answer", "greet", None,
    )  # fmt: skip
    refused = nodeloom("explain", "cut.json", "--diagnose")
    assert refused.returncode == 2 and "only a run can be diagnosed" in refused.stderr


def test_a_model_says_which_step_it_blames(nodeloom: Command, home: Path) -> None:
    """The diagnosis is a run of its own, and comes with the feedback to inject."""
    run(nodeloom, script(home, "refuses", {"text": "", "error": {"what": "The model refused"}}))
    verdict = {"step": 1, "reason": "It greeted nobody.", "feedback": "Greet the person by name."}
    doctor = script(
        home, "doctor", {"node": "think", "text": "Step 1."}, {"node": "module", "data": {"label": "planning"}},
        {"node": "verdict", "data": {"answer": verdict}},
    )  # fmt: skip
    done = nodeloom("explain", "r-0001", "--model", doctor)
    assert done.returncode == 1
    assert "diagnosis: planning at greet" in done.stdout and "tell it: Greet the person by name." in done.stdout
    runs = json.loads(nodeloom("runs", "--json").stdout)
    assert [each["title"] for each in runs] == ["Diagnosis", "Hello"]


def test_the_step_that_decided_is_found_by_forks(nodeloom: Command, home: Path) -> None:
    """Held against a run that went well, the one node that answered otherwise turns the outcome."""
    run(nodeloom, script(home, "rude", {"text": "Go away."}))
    run(nodeloom)
    done = nodeloom("explain", "r-0001", "--good", "r-0002")
    assert "decisive: greet, visit 1\n  greet, visit 1, by run r-0002: r-0003 turned the outcome" in done.stdout
    verdict = json.loads(nodeloom("explain", "r-0001", "--good", "r-0002", "--json").stdout)["counterfactual"]
    assert verdict["decisive"]["node"] == "greet" and len(verdict["trials"]) == 1
    met = nodeloom("explain", "r-0001", "--good", "r-0002", "--expect", "outputs.answer.startsWith('Hello')")
    assert "decisive: greet" in met.stdout


def test_what_the_rules_would_tell_a_step_is_tried(nodeloom: Command, home: Path) -> None:
    """Without a good run: the cut answer is told to be shorter, and then it is whole."""
    whole, cut = {"text": "Hello.", "match": "Mind this"}, {"text": "Hello the", "finish_reason": "length"}
    run(nodeloom, script(home, "long", whole, cut | {"repeat": True}))
    done = nodeloom("explain", "r-0001", "--try", "--expect", "outputs.answer == 'Hello.'")
    assert "decisive: greet, visit 1\n  greet, visit 1, by the rules: r-0002 turned the outcome" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--good", "r-0001"), "came to what it should"), (("--expect", "true"), "Add --try or --good RUN"),
        (("--good", "r-0002"), "different inputs"), (("--good", "r-0099"), "There is no run"),
    ],
)  # fmt: skip
def test_runs_that_cannot_be_held_against_each_other_are_refused(
    nodeloom: Command, arguments: tuple[str, ...], words: str
) -> None:
    """Exit code 2 and what to do."""
    run(nodeloom)
    nodeloom("run", "hello.yaml", "--model", "scripted:hello", "-i", "name=Ben")
    done = nodeloom("explain", "r-0001", *arguments)
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("explain", "r-0099"), "There is no run"), (("explain", "r-0001", "--model", "nobody:x"), "nobody")],
)
def test_bad_input_is_told_without_a_traceback(nodeloom: Command, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 2 and the offending value."""
    run(nodeloom)
    done = nodeloom(*arguments)
    assert done.returncode == 2 and words in done.stderr and "Traceback" not in done.stderr
