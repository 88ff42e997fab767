"""Workflows over HTTP: created, read, edited by two clients at once, replaced, deleted."""

import threading
from typing import Any

import pytest

from tests.ui.api.conftest import HELLO, Served


def add(name: str) -> list[dict[str, Any]]:
    """The operation that adds a note called ``name``."""
    return [{"op": "add_node", "id": name, "node": {"kind": "note"}}]


def nodes(served: Served, id: str) -> set[str]:
    """The ids of the workflow's nodes as stored."""
    return set(served.client.get(f"/workflows/{id}").json()["document"].get("nodes", {}))


def test_a_new_workflow_is_told_whole(served: Served) -> None:
    """Created from a document it comes back with id, revision 1, hash and diagnostics, and is in the list."""
    answer = served.client.post("/workflows", json={"document": HELLO})
    created = answer.json()
    assert answer.status_code == 201
    assert (created["revision"], created["document"]["title"], len(created["hash"])) == (1, "Hello", 64)
    assert served.client.get(f"/workflows/{created['id']}").json() == created
    [line] = [each for each in served.client.get("/workflows").json() if each["id"] == created["id"]]
    assert set(line) == {"id", "title", "summary", "revision", "updated_at", "hash"}


@pytest.mark.parametrize("body", [{}, {"template": "maths_tutor"}, {"yaml": "nodeloom: 1\ntitle: From a file\n"}])
def test_a_workflow_comes_from_nothing_a_template_or_a_file(served: Served, body: dict[str, str]) -> None:
    """Each way of creating one gives a stored workflow."""
    answer = served.client.post("/workflows", json=body)
    assert (answer.status_code, answer.json()["revision"]) == (201, 1)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"template": "a", "yaml": "b"}, "body"),
        ({"titel": "x"}, "titel"),
        ({"yaml": 3}, "yaml"),
        ([], "body"),
    ],
)
def test_a_bad_creation_names_the_field(served: Served, body: Any, where: str) -> None:
    """422 names the field at fault."""
    answer = served.client.post("/workflows", json=body)
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, where)


def test_a_broken_file_is_refused_with_its_diagnostics(served: Served) -> None:
    """A file that cannot be read gets 422 with line and column, and nothing is stored."""
    before = len(served.client.get("/workflows").json())
    answer = served.client.post("/workflows", json={"yaml": "nodeloom: 1\nnodes: [\n"})
    assert answer.status_code == 422
    assert answer.json()["diagnostics"][0]["place"]["line"]
    assert len(served.client.get("/workflows").json()) == before


def test_an_unknown_template_is_not_found(served: Served) -> None:
    """404 lists the templates there are."""
    answer = served.client.post("/workflows", json={"template": "nope"})
    assert answer.status_code == 404
    assert "maths_tutor" in answer.json()["error"]["mend"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("GET", "/yaml"), ("DELETE", ""), ("GET", "/changes"), ("POST", "/runs"), ("PATCH", "")],
)
def test_a_workflow_that_is_not_there_is_not_found(served: Served, method: str, path: str) -> None:
    """Every call on an unknown id gets 404, streams too."""
    body = {"client": "a", "batches": [{"seq": 1, "ops": []}]} if method == "PATCH" else {}
    answer = served.client.request(method, f"/workflows/nope{path}", json=body, headers={"If-Match": "1"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not-found")


def test_an_edit_raises_the_revision_and_is_acknowledged(served: Served) -> None:
    """Two batches raise the revision by two; the answer has hash and diagnostics."""
    id = served.new({})
    answer = served.patch(id, 1, (1, add("one")), (2, add("two"))).json()
    assert (answer["revision"], answer["acked"]) == (3, 2)
    assert set(answer) == {"revision", "acked", "hash", "diagnostics"}
    assert nodes(served, id) == {"one", "two"}


def test_the_same_batch_again_changes_nothing(served: Served) -> None:
    """A retry after a lost answer, on the old revision, is acknowledged and not applied twice."""
    id = served.new({})
    first = served.patch(id, 1, (1, add("one"))).json()
    again = served.patch(id, 1, (1, add("one")))
    assert (again.status_code, again.json()) == (200, first)


def test_a_stale_edit_learns_what_came_since(served: Served) -> None:
    """409 brings the revision, the other client's batches and the document; on top of it the edit fits."""
    id = served.new({})
    served.patch(id, 1, (1, add("hers")), client="her")
    conflict = served.patch(id, 1, (1, add("his")), client="his")
    told = conflict.json()
    assert (conflict.status_code, told["error"]["code"], told["revision"]) == (409, "conflict", 2)
    assert [(each["client"], each["seq"]) for each in told["batches"]] == [("her", 1)]
    assert "hers" in told["document"]["nodes"]
    assert served.patch(id, told["revision"], (1, add("his")), client="his").status_code == 200
    assert nodes(served, id) == {"hers", "his"}


def test_two_clients_at_once_lose_nothing(served: Served) -> None:
    """Two clients that catch up after each 409 end with all of their 20 edits, each once."""
    id = served.new({})

    def work(client: str) -> None:
        revision = 1
        for seq in range(1, 11):
            while (
                answer := served.patch(id, revision, (seq, add(f"{client}{seq}")), client=client)
            ).status_code == 409:
                revision = answer.json()["revision"]
            revision = answer.json()["revision"]

    threads = [threading.Thread(target=work, args=(client,)) for client in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert nodes(served, id) == {f"{client}{seq}" for client in "ab" for seq in range(1, 11)}
    assert served.client.get(f"/workflows/{id}").json()["revision"] == 21


def test_a_bad_operation_is_refused_whole(served: Served) -> None:
    """422 names each operation at fault; nothing of the batch is applied."""
    id = served.new({})
    answer = served.patch(
        id, 1, (1, [*add("one"), {"op": "remove_node", "id": "oen"}, {"op": "set_limit", "key": "steps", "value": -1}])
    )
    told = answer.json()
    assert (answer.status_code, told["error"]["code"]) == (422, "bad-operation")
    assert [(each["index"], each["op"]) for each in told["problems"]] == [(1, "remove_node"), (2, "set_limit")]
    assert "one" in told["problems"][0]["mend"]
    assert nodes(served, id) == set()


@pytest.mark.parametrize("revision", [None, "", "x", "1.5"])
def test_an_edit_without_a_revision_is_refused(served: Served, revision: str | None) -> None:
    """422 names the header."""
    id = served.new({})
    headers = {"If-Match": revision} if revision is not None else {}
    body = {"client": "a", "batches": [{"seq": 1, "ops": []}]}
    answer = served.client.patch(f"/workflows/{id}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, "If-Match")


def test_an_edit_with_unknown_fields_is_refused(served: Served) -> None:
    """422 names every field at fault at once."""
    id = served.new({})
    body = {"client": "", "batches": [{"seq": 0, "ops": [], "extra": 1}]}
    answer = served.client.patch(f"/workflows/{id}", json=body, headers={"If-Match": "1"})
    fields = {each["field"] for each in answer.json()["errors"]}
    assert (answer.status_code, fields) == (422, {"client", "batches.0.seq", "batches.0.extra"})


def test_the_file_of_a_workflow_goes_out_and_in(served: Served) -> None:
    """The YAML read and put back is the same workflow at the next revision; a stale one gets 409."""
    id = served.new()
    text = served.client.get(f"/workflows/{id}/yaml")
    assert text.headers["content-type"].startswith("text/yaml")
    put = served.client.put(
        f"/workflows/{id}/yaml", content=text.text.replace("Hello", "Good day"), headers={"If-Match": "1"}
    )
    assert (put.status_code, put.json()["revision"], put.json()["document"]["title"]) == (200, 2, "Good day")
    stale = served.client.put(f"/workflows/{id}/yaml", content=text.text, headers={"If-Match": "1"})
    assert stale.status_code == 409
    broken = served.client.put(f"/workflows/{id}/yaml", content="nodes: [", headers={"If-Match": "2"})
    assert (broken.status_code, broken.json()["error"]["code"]) == (422, "not-a-workflow")


def test_a_deleted_workflow_is_gone(served: Served) -> None:
    """204, then 404."""
    id = served.new()
    assert served.client.delete(f"/workflows/{id}").status_code == 204
    assert served.client.get(f"/workflows/{id}").status_code == 404


def test_changes_are_replayed_and_then_followed(served: Served) -> None:
    """A stream tells what came after a revision, and an edit made while it is open at once."""
    id = served.new({})
    served.patch(id, 1, (1, add("one")), (2, add("two")))
    later = threading.Timer(0.5, served.patch, (id, 3, (3, add("three"))))
    later.start()
    told = served.events(f"/workflows/{id}/changes?after=2", most=2)
    later.join()
    assert [(each["revision"], each["seq"], each["_id"]) for each in told] == [(3, 2, "3"), (4, 3, "4")]
    assert {"client", "ops", "label", "diagnostics"} <= set(told[0])


def test_last_event_id_wins_over_after(served: Served) -> None:
    """A reconnecting stream goes on behind the last event it saw."""
    id = served.new({})
    served.patch(id, 1, (1, add("one")), (2, add("two")))
    [told] = served.events(f"/workflows/{id}/changes?after=0", last="2", most=1)
    assert told["revision"] == 3


def test_diagnostics_come_with_the_workflow(served: Served) -> None:
    """A workflow with a fault tells it in the shape of the contract."""
    broken = {**HELLO, "edges": {"flow": HELLO["edges"]["flow"], "data": ["start.nme -> greet.name"]}}
    found = served.client.get(f"/workflows/{served.new(broken)}").json()["diagnostics"]
    assert "EDG103" in {each["code"] for each in found}
    assert {"code", "name", "severity", "place", "message", "remedy"} <= set(found[0])
