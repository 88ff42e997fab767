"""What went wrong, over HTTP: rules, a model's diagnosis, and the fork that each proposes."""

import json
from typing import Any

import pytest

from tests.ui.api.conftest import Served
from tests.ui.api.test_runs import ASK, finished


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


def test_the_step_that_decided_is_found_by_forks(served: Served, script: Any) -> None:
    """Held against a run that went well; against itself there is nothing to find."""
    run = failed(served, script)
    good = served.run(served.new())
    finished(served, good, "done")
    answer = served.client.post(f"/runs/{run}/counterfactual", json={"good": good})
    assert answer.status_code == 200, answer.text
    decisive = answer.json()["decisive"]
    assert (decisive["node"], decisive["turned"]) == ("greet", True)
    assert served.client.get(f"/runs/{decisive['run_id']}").json()["parent_id"] == run
    refused = served.client.post(f"/runs/{good}/counterfactual", json={"good": good})
    assert refused.status_code == 409 and "came to what it should" in refused.json()["error"]["what"]


def test_an_unknown_run_is_not_found(served: Served) -> None:
    """404, as everywhere."""
    assert served.client.get("/runs/r-9999/failures").status_code == 404
