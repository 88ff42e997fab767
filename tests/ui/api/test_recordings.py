"""Recordings over HTTP: a run kept as a test, and a recording taken in to be looked at and compared."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from graphs.replay_recording import Recording
from tests.ui.api.conftest import Served
from tests.ui.api.test_runs import ASK, finished

pytest_plugins = ["pytester"]


def made(served: Served, name: str = "Ada") -> tuple[str, Any]:
    """A run and the answer with its recording."""
    run = served.run(served.new(), name=name)
    finished(served, run, "done")
    return run, served.client.get(f"/runs/{run}/recording")


def test_the_test_that_is_shown_passes_with_the_file(served: Served, pytester: pytest.Pytester) -> None:
    """File and test are what a person saves beside each other; pytest holds the run to them."""
    _, answer = made(served)
    assert answer.status_code == 200, answer.text
    name = answer.headers["content-disposition"].split('"')[1]
    test = unquote(answer.headers["x-test"])
    assert f'assert_replays("{name}")' in test
    (pytester.path / name).write_bytes(answer.content)
    pytester.makepyfile(test)
    pytester.runpytest_inprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_run_that_waits_is_not_kept(served: Served) -> None:
    """There is nothing to hold a later run to."""
    started = served.client.post(f"/workflows/{served.new(ASK)}/runs", json={"inputs": {}}).json()["run_id"]
    finished(served, started, "waiting")
    answer = served.client.get(f"/runs/{started}/recording")
    assert answer.status_code == 409 and "cannot be replayed" in answer.json()["error"]["what"]


def test_a_recording_is_taken_in_and_compares_with_its_run(served: Served) -> None:
    """It is a run of its own, whose trace can be read, and which did the same as the run it was made of."""
    run, answer = made(served)
    taken = served.client.post("/import/recording", content=answer.content)
    assert taken.status_code == 201, taken.text
    row = served.client.get(f"/runs/{taken.json()['number']}").json()
    number = served.client.get(f"/runs/{run}").json()["number"]
    assert (row["status"], row["label"], row["workflow_id"]) == ("done", f"recording of {number}", None)
    found = served.client.get(f"/compare?left={run}&right={row['id']}").json()
    assert found["same"] and found["changed"] == 0, found["first"]
    spans = served.client.get(f"/runs/{row['id']}/spans").json()["spans"]
    assert [span["operation"] for span in spans][:2] == ["invoke_workflow", "invoke_node"]
    assert all(span["ended_at"] >= span["started_at"] for span in spans)
    assert served.client.get(f"/runs/{row['id']}/overview").json()["steps"] == 3
    other = served.run(served.new(), name="Bo")
    finished(served, other, "done")
    parted = served.client.get(f"/compare?left={row['id']}&right={other}").json()
    assert parted["first"]["node"] == "start"


def test_what_is_no_recording_is_refused(served: Served) -> None:
    """Nothing is saved of it."""
    before = served.client.get("/runs").json()["runs"]
    for content, words in ((b"{", "is not JSON"), (b'{"replies": []}', "a model's script"), (b"[]", "it has no")):
        answer = served.client.post("/import/recording", content=content)
        assert answer.status_code == 422 and words in answer.json()["error"]["what"], answer.text
    assert served.client.get("/runs").json()["runs"] == before


def test_the_recordings_of_templates_can_be_taken_in(served: Served) -> None:
    """One with frames, one with a sub-workflow: every span stands where it stood, and no rule finds a fault."""
    for file in sorted(Path("templates").glob("*/recording.json"))[:6]:
        recording = Recording.load(file)
        taken = served.client.post("/import/recording", content=file.read_bytes())
        assert taken.status_code == 201, taken.text
        spans = served.client.get(f"/runs/{taken.json()['run_id']}/spans?limit=500").json()["spans"]
        places = {span["id"]: place for place, span in enumerate(sorted(spans, key=lambda span: span["seq"]), 1)}
        told = [(span.parent, span.operation, span.node_id) for span in recording.spans[: len(spans)]]
        assert [(places.get(span["parent_id"]), span["operation"], span["node_id"]) for span in spans] == told
        assert json.loads(json.dumps(spans[0]["output"] or {})) is not None
