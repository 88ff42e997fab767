"""Sharing and taking in, over the API."""

from typing import Any

import pytest

from graphs.document import Document
from graphs.yaml_format import dump
from templates.sharing import bundle, picture
from templates.sharing.shared import Shared
from templates.sharing.signing import fingerprint, from_text, new_key, public_key
from tests.ui.api.conftest import HELLO, Served

READER: dict[str, Any] = {
    "nodeloom": 1,
    "title": "Page reader",
    "outputs": {"answer": {"type": "text"}},
    "nodes": {
        "start": {"kind": "start"},
        "work": {"kind": "agent", "config": {"prompt": "What is new?"}},
        "page": {"kind": "tool.web_fetch", "config": {"allowed_hosts": ["news.example"]}},
        "finish": {"kind": "finish"},
    },
    "edges": {
        "flow": ["start -> work", "work -> finish"],
        "data": ["work.answer -> finish.answer"],
        "attach": ["page -> work.tools"],
    },
}


def _document(data: dict[str, Any]) -> Document:
    return Document.model_validate(data)


def _take(served: Served, content: bytes, **query: Any) -> Any:
    return served.client.post("/import", content=content, params=query)


@pytest.mark.parametrize(
    ("form", "media"),
    [("yaml", "text/yaml"), ("bundle", "application/zip"), ("png", "image/png"), ("link", "text/plain")],
)
def test_each_form_is_downloaded_and_taken_in_again(served: Served, form: str, media: str) -> None:
    """What was downloaded is looked at and saved as the same workflow."""
    id = served.new(READER)
    answer = served.client.get(f"/workflows/{id}/share/{form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(media)
    assert "page-reader" in answer.headers["content-disposition"]
    hash = served.client.get(f"/workflows/{id}").json()["hash"]
    seen = served.client.post("/import/look", content=answer.content).json()
    assert seen["hash"] == hash
    assert _take(served, answer.content).json()["hash"] == hash


def test_looking_saves_nothing(served: Served) -> None:
    """The preview names what it may do, with a drawing, and no workflow is there that was not before."""
    before = len(served.client.get("/workflows").json())
    seen = served.client.post("/import/look", content=dump(_document(READER)).encode()).json()
    assert [each["key"] for each in seen["permissions"]] == ["host:news.example", "model:default"]
    assert seen["permissions"][0]["words"] == "Read pages of news.example."
    assert seen["miniature"].startswith("<svg")
    assert seen["signature"] is None
    assert len(served.client.get("/workflows").json()) == before


def test_what_was_refused_keeps_it_from_running_until_it_is_granted(served: Served) -> None:
    """A refused host is an error on its node and no run begins; granted, it is gone."""
    id = _take(served, dump(_document(READER)).encode(), refused=["host:news.example"]).json()["id"]
    found = served.client.get(f"/workflows/{id}").json()["diagnostics"]
    assert [(each["code"], each["place"]["node"]) for each in found if each["severity"] == "error"] == [
        ("SEC105", "page")
    ]
    answer = served.client.post(f"/workflows/{id}/runs", json={"inputs": {}, "model": "scripted:hello"})
    assert answer.status_code == 422, answer.text
    asked = served.client.get(f"/workflows/{id}/permissions").json()["permissions"]
    assert {each["key"]: each["refused"] for each in asked} == {"host:news.example": True, "model:default": False}
    served.client.put(f"/workflows/{id}/permissions", json={"refused": []})
    found = served.client.get(f"/workflows/{id}").json()["diagnostics"]
    assert [each for each in found if each["severity"] == "error"] == []


def test_a_refused_part_does_not_run_inside_another(served: Served) -> None:
    """A saved workflow that would do what was refused fails where a node calls it."""
    greet = {"kind": "control.subworkflow", "config": {"workflow": "Page reader part"}}
    whole = {
        **HELLO, "title": "Caller", "nodes": {**HELLO["nodes"], "greet": greet},
        "edges": {"flow": HELLO["edges"]["flow"], "data": ["greet.answer -> finish.answer"]},
    }  # fmt: skip
    part = _document({**READER, "title": "Page reader part"})
    content = bundle.write_bundle(Shared(_document(whole), workflows={"Page reader part": part}))
    seen = served.client.post("/import/look", content=content).json()
    assert "host:news.example" in [each["key"] for each in seen["permissions"]]
    assert seen["workflows"] == ["Page reader part"]
    id = _take(served, content, refused=["host:news.example"]).json()["id"]
    run = served.run(id)
    events = served.events(f"/runs/{run}/events")
    assert events[-1]["status"] == "failed"
    assert "would do what you refused" in events[-1]["error"]["what"]


def test_parts_get_names_of_their_own(served: Served) -> None:
    """A title that is taken already does not make the imported workflow run somebody else's."""
    served.new({**HELLO, "title": "Twice"})
    whole = {
        **HELLO,
        "nodes": {**HELLO["nodes"], "greet": {"kind": "control.subworkflow", "config": {"workflow": "Twice"}}},
    }
    whole["edges"] = {"flow": HELLO["edges"]["flow"], "data": ["greet.answer -> finish.answer"]}
    part = _document({**READER, "title": "Twice"})
    id = _take(served, bundle.write_bundle(Shared(_document(whole), workflows={"Twice": part}))).json()["id"]
    named = served.client.get(f"/workflows/{id}").json()["document"]["nodes"]["greet"]["config"]["workflow"]
    assert served.client.get(f"/workflows/{named}").json()["document"]["nodes"].keys() == READER["nodes"].keys()


def test_a_secret_never_leaves(served: Served) -> None:
    """A workflow with a stored secret in a prompt is shared in no form; its place is named, its value is not."""
    value = "s3cret-value-0123456789"
    served.client.put("/secrets/EXAMPLE_API_KEY", json={"value": value})
    nodes = {**READER["nodes"], "work": {"kind": "agent", "config": {"prompt": f"Use {value}."}}}
    id = served.new({**READER, "nodes": nodes})
    told = served.client.get(f"/workflows/{id}/share").json()
    assert told["leaks"] == ["nodes.work.config.prompt holds the secret EXAMPLE_API_KEY"]
    for form in ("yaml", "bundle", "png", "link"):
        answer = served.client.get(f"/workflows/{id}/share/{form}")
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == "would-leak"
        assert value not in answer.text


def test_a_path_of_this_machine_never_leaves(served: Served) -> None:
    """Neither the home folder nor what is below it."""
    nodes = {**READER["nodes"], "start": {"kind": "start", "note": f"see {served.workspace.home.path}/notes.txt"}}
    told = served.client.get(f"/workflows/{served.new({**READER, 'nodes': nodes})}/share").json()
    assert told["leaks"] == [f"nodes.start.note holds the path {served.workspace.home.path} of this machine"]


def test_doubts_are_told(served: Served) -> None:
    """What looks like an e-mail address is pointed out and left to the person."""
    id = served.new({**READER, "summary": "Ask ada@example.org."})
    told = served.client.get(f"/workflows/{id}/share").json()
    assert (told["leaks"], told["doubts"]) == ([], ["summary holds what looks like an e-mail address"])
    assert served.client.get(f"/workflows/{id}/share/yaml").status_code == 200


def test_a_signer_is_known_once_trusted(served: Served) -> None:
    """An unknown key is shown by its fingerprint; trusted at import, by the name that was given."""
    key = new_key()
    content = bundle.write_bundle(Shared(_document(READER)), private_key=key)
    seen = served.client.post("/import/look", content=content).json()["signature"]
    assert (seen["fingerprint"], seen["name"]) == (fingerprint(public_key(key)), None)
    _take(served, content, trust_as="Ada")
    assert served.client.post("/import/look", content=content).json()["signature"]["name"] == "Ada"
    listed = served.client.get("/trust").json()["trusted"]
    assert [(each["name"], from_text(each["public_key"], 32)) for each in listed] == [("Ada", public_key(key))]
    assert served.client.delete(f"/trust/{seen['fingerprint'].replace(' ', '')}").status_code == 204
    assert served.client.post("/import/look", content=content).json()["signature"]["name"] is None


def test_what_the_user_signs_carries_their_key(served: Served) -> None:
    """The own key is made once and is the one in the bundle."""
    own = served.client.post("/trust/own").json()["own"]
    assert served.client.post("/trust/own").json()["own"] == own
    id = served.new(READER)
    content = served.client.get(f"/workflows/{id}/share/bundle", params={"signed": True}).content
    assert served.client.post("/import/look", content=content).json()["signature"]["fingerprint"] == own["fingerprint"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not-readable"),
        (b"PK\x03\x04", "not-readable"),
        (b"nodes: [", "not-readable"),
        (b"\x89PNG\r\n\x1a\n", "not-readable"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(served: Served, content: bytes, code: str) -> None:
    """The answer says what is wrong and how to mend it; nothing is saved."""
    before = len(served.client.get("/workflows").json())
    for path in ("/import/look", "/import"):
        answer = served.client.post(path, content=content or b" ")
        assert answer.status_code == 422
        assert answer.json()["error"]["code"] == code
        assert answer.json()["error"]["mend"]
    assert len(served.client.get("/workflows").json()) == before


def test_only_what_is_asked_for_can_be_refused(served: Served) -> None:
    """A key that the workflow does not ask for is an error, so that a stale page refuses nothing by mistake."""
    answer = _take(served, dump(_document(READER)).encode(), refused=["host:other.example"])
    assert answer.status_code == 422
    assert "host:other.example" in answer.json()["error"]["what"]


def test_a_large_bundle_fits_and_a_larger_one_does_not(served: Served) -> None:
    """Imports may be larger than other bodies, and are bounded too."""
    answer = served.client.post("/import/look", content=b"x" * 5_000_000)
    assert answer.json()["error"]["code"] == "not-readable"
    answer = served.client.post("/import/look", content=b"x" * 25_000_000)
    assert answer.status_code == 413


def test_a_picture_of_an_unknown_kind_is_taken_in_with_its_faults(served: Served) -> None:
    """A workflow with nodes of a kind not installed is shown with its diagnostics, and can be saved."""
    document = _document({**READER, "nodes": {**READER["nodes"], "odd": {"kind": "magic.wand"}}})
    content = picture.write_picture(document)
    seen = served.client.post("/import/look", content=content).json()
    assert "KND101" in [each["code"] for each in seen["diagnostics"]]
    assert _take(served, content).status_code == 201


def test_what_is_not_asked_for_now_stays_refused(served: Served) -> None:
    """All refusals are listed, so that deciding on the others does not take them back."""
    id = served.new(READER)
    served.client.put(f"/workflows/{id}/permissions", json={"refused": ["host:gone.example"]})
    told = served.client.get(f"/workflows/{id}/permissions").json()
    assert told["refused"] == ["host:gone.example"]
    assert not any(each["refused"] for each in told["permissions"])
