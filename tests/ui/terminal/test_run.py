"""``nodeloom run``, ``runs`` and ``trace``: a workflow from the terminal, start to trace."""

import json
import os
import sqlite3
from pathlib import Path

import pytest

from tests.ui.terminal.conftest import HELLO, Command, start

RUN = ("run", "hello.yaml", "--model", "scripted:hello", "-i", "name=Ada")
ASK = """\
nodeloom: 1
title: Ask
nodes: {start: {kind: start}, ask: {kind: control.ask, config: {question: "Go on?"}}, finish: {kind: finish}}
edges: {flow: [start -> ask, ask -> finish]}
"""


def test_a_run_prints_its_output_alone(nodeloom: Command) -> None:
    """The output goes to stdout, what it took to stderr; it is then in the list and has a trace."""
    done = nodeloom(*RUN)
    assert (done.returncode, done.stdout) == (0, "Hello there.\n")
    assert "r-0001 done" in done.stderr
    assert "r-0001" in nodeloom("runs").stdout
    assert json.loads(nodeloom("runs", "--json").stdout)[0]["status"] == "done"
    assert "invoke_node" in nodeloom("trace", "r-0001").stdout
    traced = json.loads(nodeloom("trace", "r-0001", "--json").stdout)
    assert traced["run"]["number"] == "r-0001"
    assert {"invoke_workflow", "invoke_node", "chat"} <= {span["operation"] for span in traced["spans"]}


def test_a_run_is_a_process_that_ends(tmp_path: Path, home: Path) -> None:
    """Started for real the command ends by itself, with its output on stdout and nothing odd on stderr."""
    (home / "scripts").mkdir(parents=True)
    (home / "scripts" / "hello.json").write_text(json.dumps({"replies": [{"text": "Hello there."}]}))
    (tmp_path / "hello.yaml").write_text(HELLO)
    done = start(*RUN, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, "Hello there.\n")
    assert [line for line in done.stderr.splitlines() if not line.startswith("r-0001")] == []


def test_a_run_can_be_recorded_and_replayed(nodeloom: Command, home: Path) -> None:
    """The models' answers of a run, written to a script, answer the next run alike."""
    nodeloom(*RUN)
    recorded = nodeloom("trace", "r-0001", "--recording", str(home / "scripts" / "again.json"))
    assert recorded.returncode == 0
    (home / "scripts" / "hello.json").unlink()
    again = nodeloom("run", "hello.yaml", "--model", "scripted:again", "-i", "name=Ada")
    assert (again.returncode, again.stdout) == (0, "Hello there.\n")


def test_a_run_as_json_is_one_object(nodeloom: Command) -> None:
    """--json prints status, outputs and what it took."""
    done = nodeloom(*RUN, "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"], told["outputs"]) == (0, "done", {"answer": "Hello there."})
    assert {"id", "number", "error", "seconds", "steps", "input_tokens", "output_tokens", "usd"} <= set(told)


def test_a_run_can_be_watched(nodeloom: Command) -> None:
    """--stream prints a line for each event, first to last."""
    lines = nodeloom(*RUN, "--stream").stdout.splitlines()
    assert "started" in lines[0]
    assert "done" in lines[-1]
    assert any(line.startswith("greet") for line in lines)


def test_inputs_are_read_by_their_type(nodeloom: Command, tmp_path: Path) -> None:
    """Numbers, booleans, JSON lists and files arrive as values of their types."""
    (tmp_path / "name.txt").write_text("Grace")
    done = nodeloom(
        "run", "hello.yaml", "--model", "scripted:hello", "--json",
        "-i", "name=@name.txt", "-i", "times=2.5", "-i", 'tags=["a", "b"]', "-i", "loud=yes",
    )  # fmt: skip
    number = json.loads(done.stdout)["number"]
    inputs = json.loads(nodeloom("trace", number, "--json").stdout)["run"]["inputs"]
    assert inputs == {"name": "Grace", "times": 2.5, "tags": ["a", "b"], "loud": True}


def test_every_fault_of_the_inputs_is_told_at_once(nodeloom: Command) -> None:
    """Unknown, missing, doubled, ill-typed, nameless and unreadable inputs in one answer, exit code 2."""
    done = nodeloom(
        "run", "hello.yaml", "-i", "nme=x", "-i", "times=two", "-i", "times=3", "-i", "loud=@nope", "-i", "x",
        "-i", 'tags=[1]',
    )  # fmt: skip
    assert done.returncode == 2
    for words in ("'nme'", "Did you mean 'name'?", "'two' is not of type number", "no '='", "name is missing",
                  "Cannot read the file 'nope'", "list[text]"):  # fmt: skip
        assert words in done.stderr


def test_a_workflow_with_errors_is_not_run(nodeloom: Command, tmp_path: Path) -> None:
    """Its findings are printed, exit code 2, and no run is made."""
    text = (tmp_path / "hello.yaml").read_text()
    (tmp_path / "broken.yaml").write_text(
        text.replace(", greet.answer -> finish.answer", "").replace("start.name -> greet.name", "")
    )
    done = nodeloom("run", "broken.yaml", "-i", "name=x")
    assert done.returncode == 2
    assert "DAT101" in done.stderr
    assert nodeloom("runs").stdout == ""


def test_a_model_that_was_never_fetched_is_refused_before_the_run(nodeloom: Command) -> None:
    """Exit code 2, with the command that fetches it, and no run is made."""
    done = nodeloom("run", "hello.yaml", "-i", "name=x", "--model", "builtin:qwen2.5-coder-1.5b")
    assert done.returncode == 2
    assert "nodeloom model fetch" in done.stderr
    assert nodeloom("runs").stdout == ""


def test_a_script_that_is_not_there_fails_the_run(nodeloom: Command) -> None:
    """Exit code 1, with what and how to mend it; the failed run has a trace."""
    done = nodeloom("run", "hello.yaml", "-i", "name=x", "--model", "scripted:nope")
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
    assert "error" in nodeloom("trace", "r-0001").stdout


def test_an_unreachable_model_fails_the_run(nodeloom: Command, home: Path) -> None:
    """A server nobody runs: exit code 1 and where to look."""
    nodeloom("runs")
    with sqlite3.connect(home / "nodeloom.db") as database:
        database.execute("INSERT INTO endpoint VALUES ('office', 'http://127.0.0.1:9/v1', NULL, 0)")
    done = nodeloom("run", "hello.yaml", "-i", "name=x", "--model", "office:m")
    assert done.returncode == 1
    assert "reached" in done.stderr


@pytest.mark.parametrize("model", ["nonsense", "opanai:gpt-4o", "builtin:gpt-9"])
def test_a_model_that_cannot_be_is_bad_input(nodeloom: Command, model: str) -> None:
    """Exit code 2, and the nearest one."""
    assert nodeloom("run", "hello.yaml", "-i", "name=x", "--model", model).returncode == 2


def test_a_question_nobody_is_there_to_answer_leaves_the_run_waiting(nodeloom: Command, tmp_path: Path) -> None:
    """Without a terminal the run ends waiting, exit code 1, with the way to answer it."""
    (tmp_path / "ask.yaml").write_text(ASK)
    done = nodeloom("run", "ask.yaml")
    assert done.returncode == 1
    assert "waits for an answer" in done.stderr
    assert json.loads(nodeloom("runs", "--json").stdout)[0]["status"] == "waiting"


def test_options_that_exclude_each_other_are_told(nodeloom: Command) -> None:
    """--json with --stream, --recorded with --model: exit code 2."""
    assert "exclude" in nodeloom(*RUN, "--json", "--stream").stderr
    assert nodeloom(*RUN, "--recorded").returncode == 2


def test_a_recording_there_is_not_is_told(nodeloom: Command) -> None:
    """A workflow of one's own has no recorded example: exit code 2."""
    done = nodeloom("run", "hello.yaml", "-i", "name=x", "--recorded")
    assert done.returncode == 2
    assert "recorded" in done.stderr


def test_an_unknown_run_is_told(nodeloom: Command) -> None:
    """Exit code 2."""
    done = nodeloom("trace", "r-9999")
    assert done.returncode == 2
    assert "r-9999" in done.stderr


def test_a_database_that_is_none_is_told(nodeloom: Command, home: Path) -> None:
    """A damaged file gives exit code 2 and what to do; doctor says the same."""
    (home / "nodeloom.db").write_bytes(b"this is no database" * 500)
    done = nodeloom("runs")
    assert done.returncode == 2
    assert "not a Nodeloom database" in done.stderr
    told = {each["name"]: each for each in json.loads(nodeloom("doctor", "--json").stdout)}
    assert told["database"]["state"] == "missing"


@pytest.mark.skipif(os.name != "posix", reason="/dev/full is of POSIX systems")
def test_a_full_disk_is_told(nodeloom: Command, home: Path) -> None:
    """Where the database cannot grow the command ends with words, not a traceback."""
    nodeloom("runs")
    for name in ("nodeloom.db", "nodeloom.db-wal", "nodeloom.db-shm"):
        (home / name).unlink(missing_ok=True)
    (home / "nodeloom.db").symlink_to("/dev/full")
    done = nodeloom("runs")
    assert done.returncode == 2
    assert "mend:" in done.stderr
