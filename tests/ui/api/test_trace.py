"""The inspector over HTTP: a run by windows, searched, commented on."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.store.traces import START, tutor, write
from tests.ui.api.conftest import HELLO, Served

DOCUMENT: dict[str, Any] = {**HELLO, "state": {"notes": {"type": "list[text]", "reducer": "append"}}}


@pytest.fixture(scope="module")
def number(served: Served) -> Iterator[str]:
    """The tutor's run, with a state variable that its first step writes."""
    workspace = served.workspace
    workspace.workflows.pin(DOCUMENT, "h" * 64)
    run = workspace.runs.create(title="Maths tutor", version_hash="h" * 64, inputs={})
    spans = tutor(run.id)
    spans[0] |= {"output": {"steps": ["one"], "state.notes": "one"}}
    write(workspace.database, *spans)
    workspace.runs.update(run.id, status="done", started_at=START, ended_at=START + 10)
    yield run.number
    workspace.runs.delete(run.id)


def tree(served: Served, number: str, **query: Any) -> dict[str, Any]:
    answer = served.client.post(f"/runs/{number}/tree", json=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_overview_says_what_to_look_at_first(served: Served, number: str) -> None:
    """Of a run that went well the run itself; of one that failed its last failed step."""
    found = served.client.get(f"/runs/{number}/overview").json()
    assert (found["spans"], found["steps"], found["show"]) == (9, 4, "root")
    assert found["nodes"]["solve"]["visits"] == 2
    failed = served.workspace.runs.create(title="Broken", version_hash="h" * 64, inputs={})
    rows = [{**each, "id": f"f-{each['id']}"} for each in tutor(failed.id)]
    for each in rows:
        each["parent_id"] = each["parent_id"] and f"f-{each['parent_id']}"
    rows[4] |= {"status": "error", "error": {"what": "no", "mend": "yes", "type": "NodeError"}}
    write(served.workspace.database, *rows)
    served.workspace.runs.update(failed.id, status="failed")
    assert served.client.get(f"/runs/{failed.number}/overview").json()["show"] == "f-solve"
    served.workspace.runs.delete(failed.id)


def test_the_tree_is_read_by_windows(served: Served, number: str) -> None:
    """Rows with figures, by number or id of the run; a span is revealed in its window."""
    found = tree(served, number, offset=1, limit=2)
    assert [row["id"] for row in found["rows"]] == ["plan", "c-plan"]
    assert (found["total"], found["rows"][0]["input_tokens"], found["rows"][0]["open"]) == (9, 10, True)
    revealed = tree(served, number, depth=1, reveal="c-again", limit=3)
    assert revealed["opened"] == ["root", "again"]
    assert "c-again" in [row["id"] for row in revealed["rows"]]


def test_the_tree_is_searched(served: Served, number: str) -> None:
    """Only what holds the words, with all above; how many, and how much was searched."""
    found = tree(served, number, q="josh buys")
    assert [row["id"] for row in found["rows"]] == ["root", "solve", "c-solve"]
    assert (found["found"], found["searched"], found["of"]) == (1, 9, 9)


@pytest.mark.parametrize(
    ("body", "field"),
    [({"limit": 501}, "limit"), ({"offset": -1}, "offset"), ({"depth": 0}, "depth"), ({"what": 1}, "what")],
)
def test_a_window_that_makes_no_sense_is_refused(served: Served, number: str, body: Any, field: str) -> None:
    """422 with the field that is wrong."""
    answer = served.client.post(f"/runs/{number}/tree", json=body)
    assert answer.status_code == 422
    assert field in [each["field"] for each in answer.json()["errors"]]


def test_steps_come_with_what_was_before(served: Served, number: str) -> None:
    """By offset, by moment, by span."""
    found = served.client.get(f"/runs/{number}/steps", params={"offset": 2}).json()
    assert [step["id"] for step in found["steps"]] == ["critique", "again"]
    assert (found["before"]["plan"]["visits"], found["steps"][0]["outcome"], found["steps"][1]["visit"]) == (
        1,
        "revise",
        2,
    )
    at = served.client.get(f"/runs/{number}/steps", params={"at": START + 5.5, "limit": 1}).json()
    assert [step["name"] for step in at["steps"]] == ["Critique"]
    assert served.client.get(f"/runs/{number}/steps", params={"span": "nowhere"}).status_code == 404


def test_a_span_is_read_with_what_is_around_it(served: Served, number: str) -> None:
    """Its path, its children, its step, its visits."""
    found = served.client.get(f"/runs/{number}/spans/solve/around").json()
    assert [row["id"] for row in found["path"]] == ["root", "solve"]
    assert [row["id"] for row in found["children"]] == ["c-solve", "tool"]
    assert (found["step"], [row["visit"] for row in found["visits"]]) == (1, [1, 2])
    assert served.client.get(f"/runs/{number}/spans/nowhere/around").json()["error"]["code"] == "not-found"


def test_the_state_is_told_before_and_after(served: Served, number: str) -> None:
    """By the reducers of the document as it was."""
    found = served.client.get(f"/runs/{number}/spans/plan/state").json()
    assert found == {"before": {"notes": None}, "after": {"notes": ["one"]}, "changed": ["notes"]}
    assert served.client.get(f"/runs/{number}/spans/critique/state").json()["before"] == {"notes": ["one"]}


def test_calls_are_read_by_pages(served: Served, number: str) -> None:
    """In order, with what was sent."""
    found = served.client.get(f"/runs/{number}/calls", params={"limit": 2, "offset": 1}).json()
    assert (found["total"], [call["id"] for call in found["calls"]]) == (3, ["c-solve", "c-again"])
    assert found["calls"][0]["input"][0]["content"].startswith("Solve: Josh")
    assert served.client.get(f"/runs/{number}/calls", params={"operation": "nonsense"}).status_code == 422


def test_comments_are_made_edited_and_removed(served: Served, number: str) -> None:
    """201, then in the list and counted in the tree, then gone."""
    path = f"/runs/{number}/spans/solve/comments"
    made = served.client.post(path, json={"text": "Look here", "author": "Ada"})
    assert made.status_code == 201
    comment = made.json()
    assert served.client.get(f"/runs/{number}/comments").json()["comments"] == [comment]
    assert [row["comments"] for row in tree(served, number)["rows"] if row["id"] == "solve"] == [1]
    edited = served.client.patch(f"/comments/{comment['id']}", json={"text": "Look again"}).json()
    assert (edited["text"], edited["edited_at"] is not None) == ("Look again", True)
    assert served.client.delete(f"/comments/{comment['id']}").status_code == 204
    assert served.client.delete(f"/comments/{comment['id']}").status_code == 404
    assert served.client.get(f"/runs/{number}/spans/solve/around").json()["comments"] == []


@pytest.mark.parametrize("body", [{"text": "", "author": "Ada"}, {"text": "x"}, {"text": "x", "author": "A" * 81}])
def test_a_comment_without_text_or_name_is_refused(served: Served, number: str, body: Any) -> None:
    """422, and nothing is kept."""
    assert served.client.post(f"/runs/{number}/spans/solve/comments", json=body).status_code == 422
    assert served.client.get(f"/runs/{number}/comments").json()["comments"] == []


def test_a_comment_of_spaces_is_refused(served: Served, number: str) -> None:
    """What is left after trimming has to say something."""
    answer = served.client.post(f"/runs/{number}/spans/solve/comments", json={"text": "  ", "author": "Ada"})
    assert (answer.status_code, answer.json()["error"]["what"]) == (422, "The text of a comment is empty")


def test_all_runs_are_searched(served: Served, number: str) -> None:
    """Each hit with its run and an excerpt; pages go on before the last one."""
    found = served.client.get("/search", params={"q": "josh", "limit": 1}).json()
    assert [(hit["run"]["number"], hit["span"]["id"]) for hit in found["hits"]] == [(number, "c-solve")]
    assert "\u0002Josh\u0003" in found["hits"][0]["excerpt"]
    assert found["searched"] == found["of"]
    more = served.client.get("/search", params={"q": "josh", "limit": 1, "before": found["next"]}).json()
    assert [hit["span"]["id"] for hit in more["hits"]] == ["c-plan"]
    assert served.client.get("/search", params={"q": "nothing at all"}).json()["hits"] == []


def test_a_real_run_is_read_as_it_was_written(served: Served) -> None:
    """A run of the engine has its nodes, its model call and its figures in the tree."""
    run = served.run(served.new())
    served.events(f"/runs/{run}/events")
    for _ in range(100):  # the trace is written in batches
        found = tree(served, run)
        if found["total"] == 5 and all(row["ended_at"] for row in found["rows"]):
            break
        time.sleep(0.05)
    assert [row["name"] for row in found["rows"] if row["operation"] == "invoke_node"] == ["Start", "Prompt", "Finish"]
    assert [row["depth"] for row in found["rows"]] == [0, 1, 1, 2, 1]
    assert found["rows"][0]["input_tokens"] > 0
