"""Runs over HTTP: started, followed and replayed, stopped, resumed, asked, traced."""

import time
from typing import Any

import pytest

from tests.ui.api.conftest import HELLO, Served

ASK: dict[str, Any] = {
    "nodeloom": 1,
    "title": "Ask",
    "outputs": {"answer": {"type": "any"}},
    "nodes": {"start": {"kind": "start"}, "ask": {"kind": "control.ask"}, "finish": {"kind": "finish"}},
    "edges": {"flow": ["start -> ask", "ask -> finish"]},
}


def finished(served: Served, run: str, *statuses: str) -> dict[str, Any]:
    """The run once its status is one of ``statuses``; fails after 20 s."""
    for _ in range(400):
        found: dict[str, Any] = served.client.get(f"/runs/{run}").json()
        if found["status"] in statuses:
            return found
        time.sleep(0.05)
    raise AssertionError(f"the run is {found['status']}: {found['error']}")


def test_a_run_goes_from_start_to_its_outputs(served: Served) -> None:
    """202 with an id; the run ends done with the scripted answer, and is in the list."""
    id = served.new()
    run = served.run(id)
    found = finished(served, run, "done", "failed")
    assert (found["status"], found["outputs"]) == ("done", {"answer": "Hello there."})
    assert (found["workflow_id"], found["revision"], found["number"][:2]) == (id, 1, "r-")
    listed = served.client.get("/runs", params={"workflow": id}).json()
    assert [each["id"] for each in listed["runs"]] == [run]
    assert listed["next"] is None


def test_events_are_numbered_and_end_with_the_run(served: Served) -> None:
    """The stream begins with run.started, ends after run.finished, and numbers without gaps."""
    told = served.events(f"/runs/{served.run(served.new())}/events")
    assert (told[0]["type"], told[-1]["type"], told[-1]["status"]) == ("run.started", "run.finished", "done")
    assert [each["seq"] for each in told] == list(range(1, len(told) + 1))
    assert [each["_id"] for each in told] == [str(each["seq"]) for each in told]
    assert {"node.started", "node.finished", "model.finished"} <= {each["type"] for each in told}


def test_events_are_replayed_behind_the_last_one_seen(served: Served) -> None:
    """With Last-Event-ID, or after, only later events come, the same as the first time."""
    run = served.run(served.new())
    whole = served.events(f"/runs/{run}/events")
    assert served.events(f"/runs/{run}/events", last="3") == whole[3:]
    assert served.events(f"/runs/{run}/events?after=4") == whole[4:]


def test_two_viewers_see_the_same(served: Served) -> None:
    """A viewer that comes late gets the whole story."""
    run = served.run(served.new(), "scripted:slow")
    first = served.events(f"/runs/{run}/events")
    assert served.events(f"/runs/{run}/events") == first


def test_a_stopped_run_can_be_resumed(served: Served) -> None:
    """Stop ends a run that works; resume takes it to its end."""
    run = served.run(served.new(), "scripted:slow")
    served.events(f"/runs/{run}/events", most=5)
    assert served.client.post(f"/runs/{run}/stop").status_code == 202
    finished(served, run, "stopped")
    assert served.client.post(f"/runs/{run}/resume", json={"limits": {"steps": 50}}).status_code == 202
    assert finished(served, run, "done", "failed")["status"] == "done"


def test_what_a_runs_status_does_not_allow_is_a_conflict(served: Served) -> None:
    """A run that is done cannot be stopped, resumed or answered: 409 says its status."""
    run = served.run(served.new())
    finished(served, run, "done")
    for call, body in (("stop", {}), ("resume", {}), ("answer", {"interrupt": "x", "answer": {}})):
        answer = served.client.post(f"/runs/{run}/{call}", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not-possible")
        assert "r-" in answer.json()["error"]["what"]


def test_a_run_waits_for_an_answer_and_goes_on(served: Served) -> None:
    """A question shows in the run and in the stream; the answer lets it end."""
    run = served.client.post(f"/workflows/{served.new(ASK)}/runs", json={})
    assert run.status_code == 202, run.text
    id = run.json()["run_id"]
    [form] = finished(served, id, "waiting", "failed")["forms"]
    fields = {
        field["name"]: field.get("default") or (field.get("choices") or ["yes"])[0] for field in form["form"]["fields"]
    }
    answer = served.client.post(f"/runs/{id}/answer", json={"interrupt": form["interrupt"], "answer": fields})
    assert answer.status_code == 202
    assert finished(served, id, "done", "failed")["status"] == "done"


def test_bad_inputs_are_all_named(served: Served) -> None:
    """422 holds a fault for each input, with its field."""
    answer = served.client.post(
        f"/workflows/{served.new()}/runs", json={"inputs": {"nam": 1}, "model": "scripted:hello"}
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad-input")
    assert {each["field"] for each in answer.json()["errors"]} == {"nam", "name"}


def test_a_workflow_with_errors_does_not_run(served: Served) -> None:
    """422 brings the diagnostics, and no run is made."""
    id = served.new({**HELLO, "edges": {"flow": HELLO["edges"]["flow"]}})
    answer = served.client.post(f"/workflows/{id}/runs", json={"inputs": {"name": "x"}, "model": "scripted:hello"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "not-runnable")
    assert "DAT101" in {each["code"] for each in answer.json()["diagnostics"]}
    assert served.client.get("/runs", params={"workflow": id}).json()["runs"] == []


@pytest.mark.parametrize("model", ["nonsense", "opanai:gpt", "builtin:gpt-9"])
def test_a_model_that_cannot_be_is_refused(served: Served, model: str) -> None:
    """422 says what is wrong with the reference."""
    answer = served.client.post(f"/workflows/{served.new()}/runs", json={"inputs": {"name": "x"}, "model": model})
    assert answer.status_code == 422
    assert model.split(":")[-1] in answer.text


def test_a_run_takes_no_document(served: Served) -> None:
    """A start carries typed inputs, never a workflow or code: anything else is an unknown field."""
    answer = served.client.post(f"/workflows/{served.new()}/runs", json={"document": HELLO})
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, "document")


def test_a_workflow_of_ones_own_has_no_recording(served: Served) -> None:
    """A recorded run of a workflow that is no template's says so."""
    answer = served.client.post(f"/workflows/{served.new()}/runs", json={"inputs": {"name": "x"}, "recorded": True})
    assert answer.status_code == 422
    assert "recorded" in answer.json()["error"]["what"]


def test_a_failed_run_says_why(served: Served) -> None:
    """A model that cannot be had fails the run with what and how to mend it."""
    found = finished(served, served.run(served.new(), "scripted:missing"), "failed")
    assert found["error"]["node"] == "greet"
    assert found["error"]["what"] and found["error"]["mend"]


def test_the_trace_is_paged_and_whole(served: Served) -> None:
    """Spans come in pages without gaps or doubles; each can be read whole."""
    run = served.run(served.new())
    finished(served, run, "done")
    for _ in range(40):
        whole = served.client.get(f"/runs/{run}/spans").json()
        if {"invoke_workflow", "chat"} <= {each["operation"] for each in whole["spans"]}:
            break
        time.sleep(0.05)
    paged: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = served.client.get(f"/runs/{run}/spans", params={"after": after, "limit": 2}).json()
        paged, after = paged + page["spans"], page["next"]
    assert paged == whole["spans"]
    chat = next(each for each in paged if each["operation"] == "chat")
    one = served.client.get(f"/runs/{run}/spans/{chat['id']}").json()
    assert one["request_model"] and one["input"]
    other = served.run(served.new())
    assert served.client.get(f"/runs/{other}/spans/{chat['id']}").status_code == 404


def test_the_document_of_a_run_stays_as_it_was(served: Served) -> None:
    """An edit after the run does not reach it; the layout is kept for the trace."""
    document = {**HELLO, "title": "As it was"}
    id = served.new(document)
    run = served.run(id)
    served.patch(id, 1, (1, [{"op": "set_meta", "key": "title", "value": "Later"}]))
    kept = served.client.get(f"/runs/{run}/document").json()
    assert (kept["title"], kept["nodes"]["greet"]["position"]) == ("As it was", [200.0, 0.0])


@pytest.mark.parametrize("path", ["", "/document", "/events", "/spans", "/spans/x"])
def test_a_run_that_is_not_there_is_not_found(served: Served, path: str) -> None:
    """404 on every part of an unknown run."""
    answer = served.client.get(f"/runs/nope{path}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("query", "field"), [({"limit": 0}, "limit"), ({"limit": "x"}, "limit"), ({"status": "odd"}, "status")]
)
def test_a_bad_filter_names_the_field(served: Served, query: dict[str, Any], field: str) -> None:
    """422 names the query field."""
    answer = served.client.get("/runs", params=query)
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, field)


def test_the_list_is_paged(served: Served) -> None:
    """``next`` leads from page to page, newest first."""
    id = served.new()
    made = [served.run(id) for _ in range(3)]
    first = served.client.get("/runs", params={"workflow": id, "limit": 2}).json()
    rest = served.client.get("/runs", params={"workflow": id, "limit": 2, "before": first["next"]}).json()
    assert [each["id"] for each in first["runs"] + rest["runs"]] == made[::-1]
