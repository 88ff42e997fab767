"""Baselines over HTTP: started, followed, cancelled, kept."""

import time
from typing import Any

from graphs.models.script import Script
from tests.ui.api.conftest import Served

RIGHT = {"inputs": {"name": "Ada"}, "expected": {"contains": "Hello there"}}
WRONG = {"inputs": {"name": "Eve"}, "expected": {"contains": "Good night"}}


def begin(served: Served, **given: Any) -> str:
    """The id of a new comparison."""
    answer = served.client.post("/baselines", json={"model": "scripted:hello", **given})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def ended(served: Served, id: str) -> dict[str, Any]:
    """The comparison at its end, by its events."""
    return served.events(f"/baselines/{id}/events")[-1]


def test_a_workflow_is_compared_on_its_examples(served: Served) -> None:
    """Each example goes through the workflow, a single prompt and a lean agent; every run has its trace."""
    id = served.new()
    last = ended(served, begin(served, workflow=id, examples=[RIGHT, WRONG]))
    assert (last["status"], last["model"], last["subject"]) == ("done", "scripted:hello", id)
    assert [side["name"] for side in last["sides"]] == ["workflow", "single prompt", "lean agent"]
    for side in last["sides"]:
        assert [run["status"] for run in side["runs"]] == ["solved", "missed"]
        assert side["totals"]["counts"]["solved"] == 1
        assert side["totals"]["calls"] == 2
        assert side["totals"]["input_tokens"] > 0
        for run in side["runs"]:
            assert served.client.get(f"/runs/{run['run_id']}").json()["number"] == run["number"]
    assert last["sides"][2]["tools"] == ["Calculator", "Python"]
    assert "Good night" in last["sides"][0]["runs"][1]["missed"][0]


def test_what_was_measured_is_shown_again(served: Served) -> None:
    """The newest first, in the settings of the workspace."""
    id = served.new()
    first = ended(served, begin(served, workflow=id, examples=[RIGHT]))
    second = ended(served, begin(served, workflow=id, examples=[WRONG]))
    found = served.client.get("/baselines", params={"workflow": id}).json()
    assert [each["id"] for each in found["comparisons"]] == [second["id"], first["id"]]
    assert found["running"] is None
    assert served.workspace.settings.get(f"baselines.workflow.{id}")[0]["status"] == "done"


def test_a_template_says_what_a_comparison_would_be(served: Served) -> None:
    """Model, number of examples, budget and tools are known before anything runs."""
    plan = served.client.get("/baselines", params={"template": "efficient_agents"}).json()["plan"]
    assert plan["examples"] == 3
    assert plan["budget"]["tokens"] == 40_000
    assert [side["tools"] for side in plan["sides"]] == [["Calculator"], [], ["Calculator"]]
    assert plan["model"].startswith("builtin:")


def test_a_baseline_that_cannot_be_checked_is_not_called_wrong(served: Served) -> None:
    """A score that only the workflow gives itself is no check of the others."""
    served.workspace.models.add_script(
        Script.model_validate({"name": "any", "replies": [{"text": "x", "repeat": True}]})
    )
    document = {
        "title": "Scored", "inputs": {"name": {}}, "outputs": {"answer": {}, "score": {"type": "number"}},
        "nodes": {
            "start": {"kind": "start"}, "say": {"kind": "prompt", "config": {"prompt": "{{name}}"}},
            "score": {"kind": "control.compute", "config": {"expression": "1", "result_type": "number"}},
            "finish": {"kind": "finish"},
        },
        "edges": {
            "flow": ["start -> say", "say -> score", "score -> finish"],
            "data": ["start.name -> say.name", "say.answer -> finish.answer", "score.result -> finish.score"],
        },
    }  # fmt: skip
    example = {"inputs": {"name": "Ada"}, "expected": {"score": 1}}
    last = ended(served, begin(served, workflow=served.new(document), examples=[example], model="scripted:any"))
    assert [side["runs"][0]["status"] for side in last["sides"]] == ["solved", "unchecked", "unchecked"]


def test_a_run_that_fails_is_not_one_that_missed(served: Served) -> None:
    """A model without an answer fails the run; that is said, with what went wrong, and the rest goes on."""
    served.workspace.models.add_script(Script.model_validate({"name": "once", "replies": [{"text": "Hello there."}]}))
    served.workspace.models.add_script(Script.model_validate({"name": "mute", "replies": []}))
    last = ended(served, begin(served, workflow=served.new(), examples=[RIGHT], model="scripted:mute"))
    assert last["status"] == "done"
    for side in last["sides"]:
        assert side["totals"]["counts"]["failed"] == 1
        assert side["runs"][0]["missed"][0]


def test_a_cancelled_comparison_keeps_what_it_has(served: Served) -> None:
    """The run at work is stopped, the others are not made: they are not wrong."""
    id = begin(served, workflow=served.new(), examples=[RIGHT, RIGHT], model="scripted:slow")
    busy = served.client.post("/baselines", json={"template": "rci"})
    assert (busy.status_code, busy.json()["error"]["code"]) == (409, "busy")
    assert served.client.delete(f"/baselines/{id}").status_code == 202
    last = ended(served, id)
    assert last["status"] == "cancelled"
    counts = [side["totals"]["counts"] for side in last["sides"]]
    assert sum(each["not run"] + each["stopped"] for each in counts) == 6
    stopped = [run["run_id"] for side in last["sides"] for run in side["runs"] if run["run_id"]]
    assert all(served.client.get(f"/runs/{run}").json()["status"] == "stopped" for run in stopped)


def test_a_run_stopped_from_elsewhere_ends_the_comparison(served: Served) -> None:
    """Whoever stops a run of it does not want the next one."""
    workflow = served.new()
    id = begin(served, workflow=workflow, examples=[RIGHT, RIGHT], model="scripted:slow")
    for _ in range(100):
        now = served.client.get("/baselines", params={"workflow": workflow}).json()
        if run := now["comparisons"][0]["sides"][0]["runs"][0]["run_id"]:
            break
        time.sleep(0.05)
    assert now["running"] == id
    stopped = served.client.post(f"/runs/{run}/stop")
    assert stopped.status_code == 202, stopped.text
    last = ended(served, id)
    assert last["status"] == "cancelled"
    assert last["sides"][1]["totals"]["counts"]["not run"] == 2


def test_bad_input_is_told(served: Served) -> None:
    """Neither or both subjects, no examples, an example that does not fit, what is not there."""
    post, id = served.client.post, served.new()
    assert post("/baselines", json={}).status_code == 422
    assert post("/baselines", json={"template": "rci", "workflow": id}).status_code == 422
    none = post("/baselines", json={"workflow": id})
    assert (none.status_code, none.json()["error"]["code"]) == (422, "not-possible")
    unfit = post("/baselines", json={"workflow": id, "examples": [{"inputs": {}}], "model": "scripted:hello"})
    assert unfit.status_code == 422
    assert unfit.json()["errors"][0]["field"] == "name"
    assert post("/baselines", json={"template": "nowhere"}).status_code == 404
    assert served.client.get("/baselines/abc/events").status_code == 404
    assert served.client.delete("/baselines/abc").status_code == 404


def test_what_a_dead_process_left_says_so(served: Served) -> None:
    """While it runs it is kept as lost: only its own process knows better."""
    id = served.new()
    made = begin(served, workflow=id, examples=[RIGHT], model="scripted:slow")
    for _ in range(100):
        found = served.workspace.settings.get(f"baselines.workflow.{id}")
        if found:
            break
        time.sleep(0.05)
    assert found[0]["status"] == "lost"
    served.client.delete(f"/baselines/{made}")
    ended(served, made)
