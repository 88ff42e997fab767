"""Debugging and time travel over HTTP: forks, lineage, stops, pins, and a workflow edited under a run."""

import time
from typing import Any

import pytest

from tests.ui.api.conftest import Served
from tests.ui.api.test_runs import finished

NODES: dict[str, Any] = {
    "start": {"kind": "start"}, "finish": {"kind": "finish"},
    "one": {"kind": "control.set_state", "config": {"values": {"seen": "first"}}},
    "two": {"kind": "prompt", "config": {"prompt": "Say hello to {{name}}"}},
    "three": {"kind": "prompt", "config": {"prompt": "Repeat {{said}}"}},
}  # fmt: skip
CHAIN: dict[str, Any] = {
    "nodeloom": 1, "title": "Chain", "inputs": {"name": {"type": "text"}}, "outputs": {"answer": {"type": "any"}},
    "state": {"seen": {"type": "any"}}, "nodes": NODES,
    "edges": {
        "flow": ["start -> one", "one -> two", "two -> three", "three -> finish"],
        "data": ["start.name -> two.name", "two.answer -> three.said", "three.answer -> finish.answer"],
    },
}  # fmt: skip


def run(served: Served, id: str, **more: Any) -> dict[str, Any]:
    """Run a workflow until nothing works on it."""
    body = {"inputs": {"name": "Ada"}, "model": "scripted:hello", **more}
    answer = served.client.post(f"/workflows/{id}/runs", json=body)
    assert answer.status_code == 202, answer.text
    return finished(served, answer.json()["run_id"], "done", "failed", "waiting")


def fork(served: Served, run_id: str, **body: Any) -> dict[str, Any]:
    answer = served.client.post(f"/runs/{run_id}/fork", json=body)
    assert answer.status_code == 202, answer.text
    return finished(served, answer.json()["run_id"], "done", "failed", "waiting")


def spans(served: Served, run_id: str) -> dict[str, dict[str, Any]]:
    served.workspace.engine.flush()
    found = served.client.get(f"/runs/{run_id}/spans").json()["spans"]
    return {span["node_id"]: span for span in found if span["operation"] == "invoke_node"}


@pytest.fixture
def chain(served: Served) -> str:
    return served.client.post("/workflows", json={"document": CHAIN}).json()["id"]


def test_a_fork_and_its_lineage(served: Served, chain: str) -> None:
    """202 with id and number; the run says where it comes from; the lineage tells all of them."""
    first = run(served, chain)
    span = spans(served, first["id"])["three"]["id"]
    made = fork(served, first["number"], span=span, changes={"inputs": {"said": "other"}}, label="other words")
    assert (made["parent_id"], made["forked_at"], made["label"]) == (first["id"], span, "other words")
    assert (made["status"], made["kept"], made["workflow_id"]) == ("done", 3, chain)
    assert spans(served, made["id"])["two"]["attributes"]["kept_run"] == first["id"]
    told = served.events(f"/runs/{made['id']}/events")
    assert {each["node"]: each.get("kept") for each in told if each["type"] == "node.finished"}["two"] is True
    lineage = served.client.get(f"/runs/{made['id']}/lineage").json()
    assert lineage["root"] == first["id"]
    assert [(each["id"], each["node"], each["visit"]) for each in lineage["runs"]] == [
        (first["id"], None, None), (made["id"], "three", 1),
    ]  # fmt: skip


def test_a_fork_with_another_prompt_and_of_the_edited_workflow(served: Served, chain: str) -> None:
    """Changed settings, a whole document, or the workflow as it is stored now."""
    first = run(served, chain)
    prompt = {"config": {"three": {"prompt": "Shout {{said}}"}}}
    assert fork(served, first["id"], node="three", changes=prompt)["kept"] == 3
    edited = {**CHAIN, "nodes": {**NODES, "three": {"kind": "prompt", "config": {"prompt": "Sing {{said}}"}}}}
    assert fork(served, first["id"], node="three", document=edited)["kept"] == 3
    stored = served.client.patch(
        f"/workflows/{chain}", headers={"If-Match": "1"},
        json={"client": "t", "batches": [{"seq": 1, "ops": [
            {"op": "set_config", "id": "two", "key": "prompt", "value": "Greet {{name}}"},
        ]}]},
    )  # fmt: skip
    assert stored.status_code == 200, stored.text
    made = fork(served, first["id"], node="three", document="edited")
    assert (made["kept"], made["changes"]["document"], made["revision"]) == (2, True, 2)
    alone = fork(served, first["id"], node="three", only=True)
    assert set(alone["outputs"]) >= {"answer"} and set(spans(served, alone["id"])) == {"three"}


@pytest.mark.parametrize(
    ("body", "status", "code", "what"),
    [
        ({"node": "nope"}, 422, "invalid", "no node visit nope"),
        ({"node": "three", "changes": {"inputs": {"x": 1}}}, 422, "invalid", "no input 'x'"),
        ({"node": "three", "changes": {"unknown": 1}}, 422, "invalid", "unknown"),
        ({"node": "three", "changes": {"config": {"three": {"prompt": ""}}}}, 422, "not-runnable", ""),
        ({"node": "three", "document": {"nodeloom": 1, "nodes": {}}}, 422, "not-runnable", ""),
        ({"node": "three", "changes": {"model": "nope"}}, 422, "invalid", "nope"),
    ],
)
def test_what_cannot_be_forked_is_refused(
    served: Served, chain: str, body: dict[str, Any], status: int, code: str, what: str
) -> None:
    """One error shape, with what, and nothing is begun."""
    first = run(served, chain)
    before = len(served.client.get("/runs", params={"limit": 200}).json()["runs"])
    answer = served.client.post(f"/runs/{first['id']}/fork", json=body)
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert error["code"] == code and what in error["what"]
    assert len(served.client.get("/runs", params={"limit": 200}).json()["runs"]) == before


def test_breakpoints_steps_and_edits(served: Served, chain: str) -> None:
    """A run stops, is stepped, gets another state, and goes on to its end."""
    stopped = run(served, chain, breakpoints=[{"node": "two"}])
    form = stopped["forms"][0]
    assert (stopped["status"], form["stop"]["when"], form["stop"]["node"]) == ("waiting", "before", "two")
    assert form["stop"]["state"] == {"seen": "first"}
    body = {"command": "over", "interrupt": form["interrupt"], "edits": {"state": {"seen": "changed"}}, "by": "Ada"}
    assert served.client.post(f"/runs/{stopped['id']}/debug", json=body).status_code == 202
    stepped = _stopped_at(served, stopped["id"], "three")
    assert stepped["stop"]["why"] == "step" and stepped["stop"]["state"] == {"seen": "changed"}
    points = {"breakpoints": [{"node": "three", "when": "after", "condition": "outputs.answer != ''"}]}
    assert served.client.put(f"/runs/{stopped['id']}/breakpoints", json=points).status_code == 202
    assert served.client.post(f"/runs/{stopped['id']}/debug", json={"command": "continue"}).status_code == 202
    assert _stopped_at(served, stopped["id"], "three", "after")["stop"]["outcome"] == "done"
    body = {"command": "continue", "edits": {"outputs": {"answer": "mine"}}}
    assert served.client.post(f"/runs/{stopped['id']}/debug", json=body).status_code == 202
    assert finished(served, stopped["id"], "done", "failed")["outputs"] == {"answer": "mine"}
    spans = served.client.get(f"/runs/{stopped['id']}/spans").json()["spans"]
    (told,) = [span["attributes"]["debugged"] for span in spans if span["name"] and span["node_id"] == "two"
               and span["operation"] == "invoke_node"]  # fmt: skip
    assert [(each["by"], each["channel"], each["command"]) for each in told] == [("Ada", "api", "over")]


def _stopped_at(served: Served, run_id: str, node: str, when: str = "before") -> dict[str, Any]:
    """The form of the stop, once the run stops there; fails after 20 s."""
    forms: list[dict[str, Any]] = []
    for _ in range(400):
        forms = served.client.get(f"/runs/{run_id}").json()["forms"]
        if forms and (forms[0]["stop"]["node"], forms[0]["stop"]["when"]) == (node, when):
            return forms[0]
        time.sleep(0.05)
    raise AssertionError(f"the run stops at {forms}")


@pytest.mark.parametrize(
    ("call", "body", "status", "what"),
    [
        ("debug", {"command": "over", "edits": {"inputs": {"zz": 1}}}, 422, "no input 'zz'"),
        ("debug", {"command": "over", "interrupt": "zz"}, 409, "does not stop there"),
        ("debug", {"command": "pause"}, 409, "nothing to pause"),
        ("debug", {"command": "jump"}, 422, "command"),
        ("answer", {"interrupt": "zz", "answer": {}}, 409, ""),
    ],
)
def test_commands_that_cannot_be_are_refused(
    served: Served, chain: str, call: str, body: dict[str, Any], status: int, what: str
) -> None:
    """409 for what the run's status does not allow, 422 for what does not fit."""
    stopped = run(served, chain, breakpoints=[{"node": "two"}])
    answer = served.client.post(f"/runs/{stopped['id']}/{call}", json=body)
    assert answer.status_code == status, answer.text
    assert what in answer.json()["error"]["what"]
    served.client.post(f"/runs/{stopped['id']}/stop")


def test_bad_breakpoints_are_refused(served: Served, chain: str) -> None:
    """An unknown node, a condition that is no CEL."""
    for point, what in (({"node": "nope"}, "'nope'"), ({"node": "two", "condition": "1 +"}, "line 1")):
        body = {"inputs": {"name": "Ada"}, "model": "scripted:hello", "breakpoints": [point]}
        answer = served.client.post(f"/workflows/{chain}/runs", json=body)
        assert answer.status_code == 422 and what in answer.json()["error"]["what"], answer.text


def test_a_partial_run_keeps_what_did_not_change(served: Served, chain: str) -> None:
    """``keep: last`` takes the newest run that ended; with none there is nothing to keep."""
    assert run(served, chain, keep={"run": "last"})["kept"] == 0
    again = run(served, chain, keep={"run": "last"})
    assert again["kept"] == 5 and again["input_tokens"] == 0
    other = run(served, chain, keep={"run": again["number"]}, inputs={"name": "Bob"})
    assert other["kept"] == 1 + 1 + 1  # set_state and finish; three, which is given the same answer
    assert run(served, chain)["kept"] == 0
    body = {"inputs": {"name": "A"}, "keep": {"run": "r-9999"}}
    assert served.client.post(f"/workflows/{chain}/runs", json=body).status_code == 404


def test_pins_are_used_by_the_builder_only(served: Served, chain: str) -> None:
    """Pinned from a span or by hand, used where it is asked for, taken out again."""
    first = run(served, chain)
    span = spans(served, first["id"])["two"]["id"]
    pin = served.client.put(f"/workflows/{chain}/pins/two", json={"span": span}).json()
    assert (pin["node"], pin["outputs"]["answer"], pin["span"]) == ("two", "Hello there.", span)
    by_hand = {"outputs": {"answer": "by hand"}}
    assert served.client.put(f"/workflows/{chain}/pins/three", json=by_hand).status_code == 200
    assert [each["node"] for each in served.client.get(f"/workflows/{chain}/pins").json()] == ["three", "two"]
    assert run(served, chain)["kept"] == 0
    pinned = run(served, chain, pins=True)
    assert (pinned["outputs"], pinned["kept"]) == ({"answer": "by hand"}, 2)
    assert spans(served, pinned["id"])["three"]["attributes"] == {"pinned": True}
    assert served.client.delete(f"/workflows/{chain}/pins/three").status_code == 204
    assert served.client.delete(f"/workflows/{chain}/pins/three").status_code == 404
    assert "pins" not in served.client.get(f"/workflows/{chain}").json()["document"]
    for node, body in (("nope", by_hand), ("two", {}), ("two", {"outputs": {"zz": 1}}), ("three", {"span": span})):
        assert served.client.put(f"/workflows/{chain}/pins/{node}", json=body).status_code in (404, 422)


def test_a_run_is_renamed(served: Served, chain: str) -> None:
    """Its label changes, nothing else."""
    first = run(served, chain)
    assert served.client.patch(f"/runs/{first['id']}", json={"label": " good "}).json() == {**first, "label": "good"}


def _edit(served: Served, id: str, *ops: dict[str, Any]) -> None:
    revision = served.client.get(f"/workflows/{id}").json()["revision"]
    answer = served.client.patch(
        f"/workflows/{id}", headers={"If-Match": str(revision)},
        json={"client": f"c{revision}", "batches": [{"seq": 1, "ops": list(ops)}]},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text


def _rename_three(served: Served, id: str) -> None:
    flow = [("two -> three", "two -> last"), ("three -> finish", "last -> finish")]
    data = [
        ("two.answer -> three.said", "two.answer -> last.said"),
        ("three.answer -> finish.answer", "last.answer -> finish.answer"),
    ]
    gone = [
        {"op": "disconnect", "sort": sort, "edge": old}
        for sort, edges in (("flow", flow), ("data", data)) for old, _ in edges
    ]  # fmt: skip
    new = [
        {"op": "connect", "sort": sort, "edge": edge}
        for sort, edges in (("flow", flow), ("data", data)) for _, edge in edges
    ]  # fmt: skip
    _edit(
        served, id, *gone, {"op": "remove_node", "id": "three"},
        {"op": "add_node", "id": "last", "node": NODES["three"]}, *new,
    )  # fmt: skip


def test_a_workflow_edited_under_a_stopped_run_gives_a_choice(served: Served, chain: str) -> None:
    """Its next node was renamed: 409 with what can be done; each choice's call does it; the run stays as it is."""
    stopped = run(served, chain, breakpoints=[{"node": "three"}])
    _edit(served, chain, {"op": "set_config", "id": "two", "key": "prompt", "value": "Hi {{name}}"})
    _edit(served, chain, {"op": "set_config", "id": "two", "key": "prompt", "value": NODES["two"]["config"]["prompt"]})
    _rename_three(served, chain)
    answer = served.client.post(f"/runs/{stopped['id']}/debug", json={"command": "continue"})
    assert answer.status_code == 409 and answer.json()["error"]["code"] == "workflow-changed"
    assert "'three'" in answer.json()["error"]["what"]
    pinned, kept, mapped = answer.json()["choices"]
    assert (pinned["choice"], kept["choice"], mapped["choice"]) == ("pinned", "fork", "map")
    assert kept["after"] == spans(served, stopped["id"])["two"]["id"]
    assert (mapped["gone"], mapped["nodes"], mapped["suggested"]) == (["three"], ["last"], {"three": "last"})
    assert served.client.get(f"/runs/{stopped['id']}").json()["forms"] == stopped["forms"]
    for call in (kept["call"], mapped["call"]):
        made = fork(served, stopped["id"], **call)
        assert (made["status"], made["kept"]) == ("done", 3)
        assert "last" in spans(served, made["id"])
    body = {"command": "continue", **pinned["call"]}
    assert served.client.post(f"/runs/{stopped['id']}/debug", json=body).status_code == 202
    assert "three" in spans(served, finished(served, stopped["id"], "done")["id"])


def test_an_edit_elsewhere_does_not_keep_a_run_from_going_on(served: Served, chain: str) -> None:
    """While the next node is still there, the run goes on with the version it began with."""
    stopped = run(served, chain, breakpoints=[{"node": "three"}])
    _edit(served, chain, {"op": "set_config", "id": "two", "key": "prompt", "value": "Hi {{name}}"})
    assert served.client.post(f"/runs/{stopped['id']}/debug", json={"command": "continue"}).status_code == 202
    assert finished(served, stopped["id"], "done", "failed")["version_hash"] == stopped["version_hash"]


def test_resume_of_a_stopped_run_asks_too(served: Served, chain: str) -> None:
    """After ``stop`` as well: resume never ends silently."""
    stopped = run(served, chain, breakpoints=[{"node": "three"}])
    served.client.post(f"/runs/{stopped['id']}/stop")
    _rename_three(served, chain)
    answer = served.client.post(f"/runs/{stopped['id']}/resume", json={})
    assert answer.status_code == 409 and len(answer.json()["choices"]) == 3
    answer = served.client.post(f"/runs/{stopped['id']}/resume", json={"version": "pinned"})
    assert answer.status_code == 202
    assert finished(served, stopped["id"], "waiting")["forms"][0]["stop"]["node"] == "three"
