"""Every save is a version: listed, opened, compared, named, restored, published."""

from typing import Any

import pytest

from graphs.document import content_hash
from store import versions as stored
from tests.ui.api.conftest import HELLO, Served
from ui.versions import all_versions, revision_with


def _rename(served: Served, id: str, revision: int, seq: int, label: str) -> None:
    ops = [{"op": "set_node", "id": "greet", "key": "label", "value": label}]
    assert served.patch(id, revision, (seq, ops)).status_code == 200


def _labels(served: Served, id: str, revision: int) -> Any:
    document = served.client.get(f"/workflows/{id}/versions/{revision}").json()["document"]
    return document["nodes"]["greet"].get("label", "")


def test_each_save_can_be_opened_again(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether kept whole or made from the log, each version is what the workflow was."""
    monkeypatch.setattr(stored, "EVERY", 3)
    id = served.new()
    for number in range(1, 8):
        _rename(served, id, number, number, f"Name {number}")
    assert [_labels(served, id, revision) for revision in range(1, 9)] == ["", *(f"Name {n}" for n in range(1, 8))]
    listed = served.client.get(f"/workflows/{id}/versions").json()
    assert [each["revision"] for each in listed["versions"]] == list(range(8, 0, -1))
    assert listed["versions"][0]["edits"] == 1
    older = served.client.get(f"/workflows/{id}/versions", params={"before": 4, "limit": 2}).json()["versions"]
    assert [each["revision"] for each in older] == [3, 2]


def test_what_changed_is_said_in_words(served: Served) -> None:
    """A changed prompt is told with its words, against the version before or any other."""
    id = served.new()
    ops = [{"op": "set_config", "id": "greet", "key": "prompt", "value": "Greet {{name}} warmly."}]
    served.patch(id, 1, (1, ops))
    _rename(served, id, 2, 2, "Welcome")
    changes = served.client.get(f"/workflows/{id}/versions/2/changes").json()
    assert len(changes) == 1
    assert "prompt" in " ".join(changes[0]["lines"])
    assert len(served.client.get(f"/workflows/{id}/versions/3/changes", params={"since": 1}).json()) == 2


def test_a_version_is_restored_as_a_new_one(served: Served) -> None:
    """Going back loses nothing: what was there before is a version too."""
    id = served.new()
    _rename(served, id, 1, 1, "Second")
    answer = served.client.post(f"/workflows/{id}/versions/1/restore", headers={"If-Match": "2"})
    assert answer.json()["revision"] == 3
    assert _labels(served, id, 3) == ""
    assert _labels(served, id, 2) == "Second"
    conflict = served.client.post(f"/workflows/{id}/versions/1/restore", headers={"If-Match": "2"})
    assert conflict.status_code == 409
    assert served.client.get(f"/workflows/{id}/versions").json()["versions"][0]["label"] == "Restore v1"
    assert served.client.get(f"/workflows/{id}/versions/3").json()["miniature"].startswith("<svg")


def test_versions_are_named_and_noted(served: Served) -> None:
    """A name and a note stand in the list, and can be taken away."""
    id = served.new()
    served.client.put(f"/workflows/{id}/versions/1", json={"name": "As shown", "note": "At the fair."})
    first = served.client.get(f"/workflows/{id}/versions").json()["versions"][0]
    assert (first["name"], first["note"]) == ("As shown", "At the fair.")
    served.client.put(f"/workflows/{id}/versions/1", json={})
    assert served.client.get(f"/workflows/{id}/versions").json()["versions"][0]["name"] == ""


def test_other_workflows_run_the_published_version(served: Served) -> None:
    """Edits after a publication reach no one else until they are published, or the publication is taken back."""
    id = served.new({**HELLO, "title": "Published one"})
    served.client.put(f"/workflows/{id}/versions/published", json={"revision": 1})
    served.patch(id, 1, (1, [{"op": "set_config", "id": "greet", "key": "prompt", "value": "Insult {{name}}."}]))
    nodes = {
        **HELLO["nodes"],
        "greet": {"kind": "control.subworkflow", "config": {"workflow": "Published one", "inputs": {"name": "Ada"}}},
    }
    edges = {"flow": HELLO["edges"]["flow"], "data": ["greet.answer -> finish.answer"]}
    caller = served.new({**HELLO, "title": "Caller of one", "nodes": nodes, "edges": edges})

    def asked() -> str:
        run = served.run(caller)
        assert served.events(f"/runs/{run}/events")[-1]["status"] == "done"
        served.workspace.engine.flush()
        return str(next(span.input for span in served.workspace.spans.list(run) if span.operation == "chat"))

    assert "Greet Ada." in asked()
    served.client.put(f"/workflows/{id}/versions/published", json={"revision": None})
    assert "Insult Ada." in asked()


def test_versions_that_are_not_there_are_said_to_be(served: Served) -> None:
    """A revision beyond the last, none at all, and a workflow that is not there: 404 with the reason."""
    id = served.new()
    for path in (f"/workflows/{id}/versions/9", f"/workflows/{id}/versions/0", "/workflows/none/versions"):
        assert served.client.get(path).status_code == 404, path
    assert served.client.put(f"/workflows/{id}/versions/9", json={"name": "x"}).status_code == 404


def test_all_versions_are_walked_oldest_first(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each document once, whether kept whole or not; of many only the last, from one that is kept whole."""
    monkeypatch.setattr(stored, "EVERY", 3)
    id = served.new()
    for number in range(1, 8):
        _rename(served, id, number, number, f"Name {number}")
    found = list(all_versions(served.workspace, id))
    assert [revision for revision, _ in found] == list(range(1, 9))
    assert [document.nodes["greet"].label for _, document in found] == ["", *(f"Name {n}" for n in range(1, 8))]
    assert [revision for revision, _ in all_versions(served.workspace, id, most=2)] == [6, 7, 8]
    hash = content_hash(found[3][1])
    assert (revision_with(served.workspace, id, hash), revision_with(served.workspace, id, "0" * 64)) == (4, None)
