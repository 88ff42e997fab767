"""The inbox over HTTP: what waits, and answering it."""

from typing import Any

from tests.ui.api.conftest import Served
from tests.ui.api.test_runs import ASK, finished

FIELDS = [{"name": "who"}, {"name": "seats", "type": "number", "minimum": 1, "maximum": 4}]


def asked(served: Served, **config: Any) -> dict[str, Any]:
    """A run that waits."""
    ask = {"kind": "control.ask", "label": "Booking", "config": {"question": "For whom?", "fields": FIELDS, **config}}
    document = {**ASK, "nodes": {**ASK["nodes"], "ask": ask}}
    told = served.client.post(f"/workflows/{served.new(document)}/runs", json={"inputs": {}, "model": "scripted:hello"})
    return finished(served, told.json()["run_id"], "waiting")


def inbox(served: Served, run: dict[str, Any]) -> list[dict[str, Any]]:
    questions = served.client.get("/inbox").json()["questions"]
    return [each for each in questions if each["run_id"] == run["id"]]


def test_the_inbox_lists_what_waits(served: Served) -> None:
    """A question is there with its run, its form and its time, and is gone once answered."""
    run = asked(served, answer_within="2 h")
    (question,) = inbox(served, run)
    assert (question["number"], question["label"], question["sort"]) == (run["number"], "Booking", "question")
    assert question["form"]["text"] == "For whom?" and question["deadline"] == question["form"]["deadline"]
    assert served.client.get("/inbox", params={"workflow": run["workflow_id"]}).json()["questions"] == [question]
    answer = {"who": "Ada", "seats": 2}
    told = served.client.post(f"/runs/{run['id']}/answer", json={"interrupt": question["interrupt"], "answer": answer})
    assert (told.status_code, told.json()) == (202, {"run_id": run["id"], "number": run["number"]})
    assert finished(served, run["id"], "done")["status"] == "done" and inbox(served, run) == []


def test_the_only_question_need_not_be_named(served: Served) -> None:
    """Without ``interrupt`` the one that waits is meant; ``by`` says who, and a program is the channel ``api``."""
    run = asked(served)
    body = {"answer": {"who": "Ada", "seats": 2}, "by": "Bo"}
    assert served.client.post(f"/runs/{run['number']}/answer", json=body).status_code == 202
    finished(served, run["id"], "done")
    served.workspace.engine.flush()
    said = next(
        each.attributes["answered"] for each in served.workspace.spans.list(run["id"]) if each.kind == "control.ask"
    )
    assert (said["by"], said["channel"]) == ("Bo", "api")


def test_a_page_is_the_channel_browser(served: Served) -> None:
    """Browsers say by themselves that a page asks; the name is that of the settings."""
    assert served.client.put("/settings/people.name", json={"value": "Ann"}).json()["people.name"] == "Ann"
    run = asked(served)
    body, page = {"answer": {"who": "Ada", "seats": 2}}, {"Sec-Fetch-Site": "same-origin"}
    assert served.client.post(f"/runs/{run['id']}/answer", json=body, headers=page).status_code == 202
    finished(served, run["id"], "done")
    row = served.workspace.questions.of(run["id"])[0]
    assert (row.answered_by, row.channel) == ("Ann", "browser")
    assert served.client.put("/settings/people.name", json={"value": None}).json()["people.name"] == "you"


def test_all_that_is_wrong_with_an_answer_is_told(served: Served) -> None:
    """422 with each field; the run waits on."""
    run = asked(served)
    told = served.client.post(f"/runs/{run['id']}/answer", json={"answer": {"seats": 9, "whoo": "Ada"}})
    assert told.status_code == 422 and told.json()["error"]["code"] == "bad-answer"
    assert [each["field"] for each in told.json()["errors"]] == ["whoo", "who", "seats"]
    assert len(inbox(served, run)) == 1


def test_who_comes_late_is_told_who_was_faster(served: Served) -> None:
    """409 with the name; where nothing waits 409 too."""
    run = asked(served)
    interrupt, answer = run["forms"][0]["interrupt"], {"who": "Ada", "seats": 2}
    body = {"interrupt": interrupt, "answer": answer, "by": "Ann"}
    assert served.client.post(f"/runs/{run['id']}/answer", json=body).status_code == 202
    late = served.client.post(f"/runs/{run['id']}/answer", json={**body, "by": "Bo"})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "answered")
    assert "Ann answered" in late.json()["error"]["what"]
    finished(served, run["id"], "done")
    never = served.client.post(f"/runs/{run['id']}/answer", json={"interrupt": "0" * 32, "answer": {}})
    assert (never.status_code, never.json()["error"]["code"]) == (409, "not-possible")


def test_a_name_that_is_none_is_refused(served: Served) -> None:
    """The setting wants a printable name."""
    for name in ("", "x" * 81, "a\nb", 5):
        assert served.client.put("/settings/people.name", json={"value": name}).status_code == 422
