"""What went wrong, over HTTP: rules, a model's diagnosis, and the fork that each proposes."""

import json
import time
from typing import Any

import pytest

from tests.ui.api.conftest import Served
from tests.ui.api.test_runs import ASK, finished
from ui import trying


@pytest.fixture
def script(served: Served):
    """Writes a scripted model; its reference."""

    def write(name: str, *replies: dict[str, Any]) -> str:
        folder = served.workspace.home.path / "scripts"
        (folder / f"{name}.json").write_text(json.dumps({"name": name, "replies": replies}))
        return f"scripted:{name}"

    return write


def failed(served: Served, script: Any) -> str:
    """A run whose answer was cut."""
    run = served.run(served.new(), script("cut", {"text": "Hello the", "finish_reason": "length"}))
    return str(finished(served, run, "done")["id"])


def test_findings_name_spans_of_the_run_and_a_fork_that_the_server_takes(served: Served, script: Any) -> None:
    """The finding's fork is posted as it is, and the fork tells the step what to do better."""
    run = failed(served, script)
    answer = served.client.get(f"/runs/{run}/failures").json()
    assert (answer["run_id"], answer["status"], answer["complete"]) == (run, "done", True)
    (finding,) = answer["findings"]
    assert finding["detector"] in {each["name"] for each in answer["detectors"]}
    assert served.client.get(f"/runs/{run}/spans/{finding['span']}").status_code == 200
    forked = served.client.post(f"/runs/{run}/fork", json=finding["fork"])
    assert forked.status_code == 202, forked.text
    again = finished(served, forked.json()["run_id"], "done", "failed")
    prompts = [
        span["input"][-1]["content"]
        for span in served.client.get(f"/runs/{again['id']}/spans").json()["spans"] if span["operation"] == "chat"
    ]  # fmt: skip
    assert len(prompts) == 1 and finding["tell"] in prompts[0]


def test_a_clean_run_has_no_findings(served: Served) -> None:
    """The same workflow, answered in full."""
    run = served.run(served.new())
    finished(served, run, "done")
    assert served.client.get(f"/runs/{run}/failures").json()["findings"] == []


def test_a_run_that_waits_is_not_complete_and_gets_no_diagnosis(served: Served) -> None:
    """Its open question is told; a model is asked once it has ended."""
    started = served.client.post(f"/workflows/{served.new(ASK)}/runs", json={"inputs": {}})
    run = started.json()["run_id"]
    finished(served, run, "waiting")
    answer = served.client.get(f"/runs/{run}/failures").json()
    assert answer["complete"] is False
    assert [each["detector"] for each in answer["findings"]] == ["question_unanswered"]
    refused = served.client.post(f"/runs/{run}/diagnosis", json={})
    assert refused.status_code == 409 and "is waiting" in refused.json()["error"]["what"]


def test_a_model_blames_a_step_and_says_what_to_tell_it(served: Served, script: Any) -> None:
    """Three calls, then module, step, feedback and fork; a step that is none is refused."""
    run = failed(served, script)

    def doctor(step: int) -> str:
        verdict = {"step": step, "reason": "It broke off.", "feedback": "Answer in one short sentence."}
        return script(
            f"doctor{step}", {"node": "think", "text": "Step 1."}, {"node": "module", "data": {"label": "system"}},
            {"node": "verdict", "data": {"answer": verdict}},
        )  # fmt: skip

    answer = served.client.post(f"/runs/{run}/diagnosis", json={"model": doctor(1)})
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["module"], said["node"], said["reason"]) == ("system", "greet", "It broke off.")
    assert "Answer in one short sentence." in str(said["fork"]["changes"])
    refused = served.client.post(f"/runs/{run}/diagnosis", json={"model": doctor(7)})
    assert refused.status_code == 409 and "blamed step 7" in refused.json()["error"]["what"]


def tried(served: Served, run: str) -> dict[str, Any]:
    """The trials of a run, once they have ended."""
    for _ in range(200):
        found = served.client.get(f"/runs/{run}/counterfactual").json()
        if found["state"] != "working":
            return found
        time.sleep(0.05)
    raise AssertionError("the trials never ended")


def test_the_step_that_decided_is_found_by_forks(served: Served, script: Any) -> None:
    """Held against a run that went well; against itself there is nothing to find."""
    run = failed(served, script)
    good = served.run(served.new())
    finished(served, good, "done")
    begun = served.client.post(f"/runs/{run}/counterfactual", json={"good": good})
    assert begun.status_code == 202, begun.text
    answer = tried(served, run)
    decisive = answer["decisive"]
    assert (answer["state"], decisive["node"], decisive["turned"]) == ("ended", "greet", True)
    assert served.client.get(f"/runs/{decisive['run_id']}").json()["parent_id"] == run
    refused = served.client.post(f"/runs/{good}/counterfactual", json={"good": good})
    assert refused.status_code == 409 and "came to what it should" in refused.json()["error"]["what"]


def test_what_would_be_tried_is_told_with_its_cost_before_anything_runs(served: Served, script: Any) -> None:
    """By the rules: the step told what to do better, one call; by a good run: what that gave, no call."""
    run = failed(served, script)
    plan = served.client.get(f"/runs/{run}/corrections").json()
    (candidate,) = plan["candidates"]
    assert (candidate["node"], candidate["source"], candidate["calls"], plan["ends"]) == ("greet", "the rules", 1, True)
    assert candidate["what"].startswith("is told: Answer in far fewer words") and candidate["acts"] == []
    good = served.run(served.client.get(f"/runs/{run}").json()["workflow_id"])
    finished(served, good, "done")
    plan = served.client.get(f"/runs/{run}/corrections?good={good}").json()
    assert [each["id"] for each in plan["good"]] == [good]
    (candidate,) = plan["candidates"]
    assert candidate["source"] == f"run {plan['good'][0]['number']}" and candidate["calls"] == 0
    assert candidate["what"] == "comes to answer: Hello there."
    assert served.client.get(f"/runs/{run}/counterfactual").json()["state"] == "none"
    assert served.client.get(f"/runs/{run}/lineage").json()["runs"][1:] == []


def test_the_feedback_of_rules_and_diagnosis_is_tried(served: Served, script: Any) -> None:
    """A condition says what a good run gives out; the trials stay in the trace for whoever opens it next."""
    whole = {"text": "Hello there, Ada.", "match": "Mind this: Be brief"}
    run = served.run(served.new(), script("hard", whole, {"text": "He", "finish_reason": "length", "repeat": True}))
    finished(served, run, "done")
    verdict = {"step": 1, "reason": "It broke off.", "feedback": "Be brief."}
    doctor = script(
        "brief", {"node": "think", "text": "Step 1."}, {"node": "module", "data": {"label": "system"}},
        {"node": "verdict", "data": {"answer": verdict}},
    )  # fmt: skip
    said = served.client.post(f"/runs/{run}/diagnosis", json={"model": doctor}).json()
    body = {"diagnosis": said["run_id"], "expect": "outputs.answer.contains('Ada')"}
    assert served.client.post(f"/runs/{run}/counterfactual", json=body).status_code == 202
    answer = tried(served, run)
    assert [(each["source"], each["turned"]) for each in answer["trials"]] == [("a diagnosis", True)]
    trying._searches.clear()
    kept = served.client.get(f"/runs/{run}/counterfactual").json()
    assert (kept["state"], kept["decisive"]["run_id"]) == ("ended", answer["decisive"]["run_id"])
    refused = served.client.post(f"/runs/{run}/counterfactual", json={"diagnosis": run, "expect": "false"})
    assert refused.status_code == 409 and "is no diagnosis" in refused.json()["error"]["what"]


def test_trials_are_cancelled(served: Served, script: Any) -> None:
    """The fork that runs is stopped; a second search at a time is refused, and so is a bad condition."""
    slow = {"text": "Hello " * 60, "match": "Mind this", "seconds": 60, "repeat": True}
    run = served.run(served.new(), script("slow", slow, {"text": "He", "finish_reason": "length"}))
    finished(served, run, "done")
    bad = served.client.post(f"/runs/{run}/counterfactual", json={"expect": "outputs.("})
    assert bad.status_code == 409, bad.text
    body = {"expect": "outputs.answer == 'never'"}
    assert served.client.post(f"/runs/{run}/counterfactual", json=body).status_code == 202
    again = served.client.post(f"/runs/{run}/counterfactual", json=body)
    assert again.status_code == 409 and "are being tried" in again.json()["error"]["what"]
    for _ in range(100):
        now = served.client.get(f"/runs/{run}/counterfactual").json()["now"]
        if now is not None:
            break
        time.sleep(0.05)
    assert served.client.delete(f"/runs/{run}/counterfactual").status_code == 202
    answer = tried(served, run)
    assert (answer["state"], answer["trials"]) == ("cancelled", [])
    assert finished(served, now["run_id"], "stopped")["label"] == "what if"
    assert served.client.delete(f"/runs/{run}/counterfactual").status_code == 409


def test_an_unknown_run_is_not_found(served: Served) -> None:
    """404, as everywhere."""
    assert served.client.get("/runs/r-9999/failures").status_code == 404
