"""Merging over the API: whose copy a file is, what comes of it, applied as one edit."""

from typing import Any

import pytest

from graphs.document import Document
from graphs.yaml_format import dump
from tests.ui.api.conftest import HELLO, Served


def _with(prompt: str = "Greet {{name}}.", title: str = "Hello") -> dict[str, Any]:
    greet = {**HELLO["nodes"]["greet"], "config": {"prompt": prompt}}
    return {**HELLO, "title": title, "nodes": {**HELLO["nodes"], "greet": greet}}


def _edit(served: Served, id: str, revision: int, key: str, value: Any) -> None:
    ops = [{"op": "set_config", "id": "greet", "key": key, "value": value}]
    assert served.patch(id, revision, (revision, ops)).status_code == 200


def _merge(served: Served, id: str, **body: Any) -> Any:
    return served.client.post(f"/workflows/{id}/merge", json=body)


def test_a_changed_copy_is_known_by_the_version_it_began_as(served: Served) -> None:
    """Three versions on, a file made from the first one is laid to that; the merge has both people's edits."""
    id = served.new(_with(title="Origin of copies"))
    for revision, value in enumerate((0.1, 0.2, 0.3), 1):
        _edit(served, id, revision, "temperature", value)
    theirs = _with("Greet {{name}} kindly.", "Origin of copies")
    content = dump(Document.model_validate(theirs)).encode()
    found = served.client.post("/import/origin", content=content).json()["origin"]
    assert (found["id"], found["base"], found["revision"]) == (id, 1, 4)
    assert 0.4 < found["likeness"] < 1
    merged = _merge(served, id, theirs=theirs).json()
    assert (merged["base"], merged["conflicts"], merged["brought"]) == (1, [], [])
    config = merged["document"]["nodes"]["greet"]["config"]
    assert config == {"prompt": "Greet {{name}} kindly.", "temperature": 0.3}
    assert [each["sort"] for each in merged["changes"]] == ["setting"]
    saved = served.patch(id, 4, (9, merged["operations"]))
    assert saved.json()["revision"] == 5
    assert served.client.get(f"/workflows/{id}").json()["document"] == merged["document"]


def test_the_very_version_is_found_by_its_content_hash(served: Served) -> None:
    """A file that is an older version is that one, and there is nothing to merge from it."""
    id = served.new(_with(title="Told by hash"))
    hash = served.client.get(f"/workflows/{id}").json()["hash"]
    _edit(served, id, 1, "temperature", 0.7)
    content = dump(Document.model_validate(_with(title="Told by hash"))).encode()
    found = served.client.post("/import/origin", content=content).json()["origin"]
    assert (found["id"], found["base"], found["likeness"]) == (id, 1, 1.0)
    merged = _merge(served, id, theirs=_with(title="Told by hash"), base_hash=hash).json()
    assert (merged["base"], merged["operations"]) == (1, [])


def test_a_stranger_has_no_origin(served: Served) -> None:
    """A workflow that has little in common with any here, and a file that is none."""
    stranger = {"title": "Other", "nodes": {"a": {"kind": "note", "note": "quite different"}}}
    content = dump(Document.model_validate(stranger)).encode()
    assert served.client.post("/import/origin", content=content).json() == {"origin": None}
    assert served.client.post("/import/origin", content=b"{{").json()["error"]["code"] == "not-readable"


def test_conflicts_are_told_and_choices_taken(served: Served) -> None:
    """Both reworded the prompt: ours stands, theirs when it is chosen."""
    id = served.new(_with(title="Both reworded"))
    _edit(served, id, 1, "prompt", "Greet {{name}} warmly.")
    theirs = _with("Greet {{name}} coldly.", "Both reworded")
    merged = _merge(served, id, theirs=theirs, base_revision=1).json()
    (conflict,) = merged["conflicts"]
    assert (conflict["key"], conflict["node"], conflict["choices"]) == (
        "field:greet.config.prompt", "greet", ["ours", "theirs"],
    )  # fmt: skip
    assert merged["operations"] == []
    chosen = _merge(served, id, theirs=theirs, base_revision=1, choices={conflict["key"]: "theirs"}).json()
    assert chosen["operations"] == [
        {"op": "set_config", "id": "greet", "key": "prompt", "value": "Greet {{name}} coldly."}
    ]
    assert chosen["conflicts"][0]["choice"] == "theirs"


def test_what_a_tab_holds_is_merged_with_what_was_saved(served: Served) -> None:
    """Base and ours may be documents that the browser sends; nothing is saved by asking."""
    id = served.new(_with(title="Two tabs"))
    _edit(served, id, 1, "temperature", 0.4)
    merged = _merge(
        served, id, base=_with(title="Two tabs"), ours=_with("Say {{name}}.", "Two tabs"), theirs_revision=2
    ).json()
    assert merged["document"]["nodes"]["greet"]["config"] == {"prompt": "Say {{name}}.", "temperature": 0.4}
    assert served.client.get(f"/workflows/{id}").json()["revision"] == 2


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({}, 422, "theirs"),
        ({"theirs": {"nodes": {"A B": {"kind": "note"}}}}, 422, "A B"),
        ({"theirs_revision": 9}, 404, "9"),
        ({"theirs_revision": 1, "base_hash": "0" * 64}, 404, "content hash"),
        ({"theirs_revision": 1, "base_revision": 1, "base": {}}, 422, "at most one"),
        ({"theirs_revision": 1, "choices": {"x": "mine"}}, 422, "choices"),
    ],
)
def test_what_cannot_be_merged_is_refused_in_words(served: Served, body: Any, status: int, said: str) -> None:
    """No document, none that can be read, a version that is not there, two bases, a choice that is none."""
    answer = _merge(served, served.new(), **body)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text
