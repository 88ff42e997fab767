"""Memory, secrets, endpoints, grants, settings, models, templates and kinds over HTTP."""

from pathlib import Path
from typing import Any

import pytest

from nodes.registry import KINDS
from tests.ui.api.conftest import Served


def test_memory_is_written_searched_and_forgotten(served: Served) -> None:
    """A record is added, found with its score in four parts, changed, and forgotten."""
    space = "/memory/spaces/lessons"
    added = served.client.post(f"{space}/records", json={"text": "Check the units first.", "importance": 8})
    assert (added.status_code, added.json()["space"]) == (201, "lessons")
    id = added.json()["id"]
    [hit] = served.client.post(f"{space}/search", json={"query": "which units?"}).json()["hits"]
    parts = [hit[part] for part in ("similarity", "recency", "importance", "keyword")]
    assert hit["score"] == pytest.approx(sum(parts), abs=1e-6)
    changed = served.client.patch(f"/memory/records/{id}", json={"importance": 2})
    assert changed.json()["importance"] == 2
    assert served.client.get(f"{space}/records").json()["records"][0]["id"] == id
    assert served.client.post(f"{space}/rebuild").json() == {"records": 1}
    assert served.client.delete(f"/memory/records/{id}").status_code == 204
    assert served.client.get(f"/memory/records/{id}").status_code == 404
    assert served.client.delete(space).status_code == 204
    assert served.client.get(f"{space}/records").status_code == 404


def test_looking_is_not_using(served: Served) -> None:
    """A search by a person leaves the record's count of uses as it was."""
    added = served.client.post("/memory/spaces/looked/records", json={"text": "A quiet record."}).json()
    served.client.post("/memory/spaces/looked/search", json={"query": "quiet"})
    assert served.client.get(f"/memory/records/{added['id']}").json()["uses"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": ""}, "query"),
        ({"query": "x", "top_k": 0}, "top_k"),
        ({"query": "x", "weights": {"similarity": 2}}, "weights.similarity"),
        ({"query": "x", "half_life_days": 0}, "half_life_days"),
        ({"query": "x", "kind": "note"}, "kind"),
    ],
)
def test_a_bad_search_names_the_field(served: Served, body: dict[str, Any], field: str) -> None:
    """422 names what is out of its bounds."""
    answer = served.client.post("/memory/spaces/x/search", json=body)
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, field)


def test_a_secret_is_kept_and_never_told(served: Served) -> None:
    """Its name and source are listed, its value nowhere, not in an error either."""
    value = "sk-very-secret-0123456789"
    assert served.client.put("/secrets/OPENAI_API_KEY", json={"value": value}).status_code == 204
    listed = served.client.get("/secrets")
    assert [(each["name"], each["source"]) for each in listed.json()] == [("OPENAI_API_KEY", "stored")]
    refused = served.client.put("/secrets/OPENAI_API_KEY", json={"value": [value]})
    assert refused.status_code == 422
    assert value not in listed.text + refused.text
    assert served.client.delete("/secrets/OPENAI_API_KEY").status_code == 204
    assert served.client.delete("/secrets/OPENAI_API_KEY").status_code == 404


@pytest.mark.parametrize(("name", "value"), [("lower", "x"), ("OPENAI_API_KEY", " "), ("OPENAI_API_KEY", "")])
def test_a_bad_secret_is_refused(served: Served, name: str, value: str) -> None:
    """422 for a name that is none and for an empty value."""
    answer = served.client.put(f"/secrets/{name}", json={"value": value})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid")


def test_an_endpoint_is_a_provider_from_then_on(served: Served) -> None:
    """A server that was added is listed among the providers; a bad address is refused; deleted it is gone."""
    good = served.client.put("/endpoints/office", json={"base_url": "http://127.0.0.1:9/v1"})
    assert (good.status_code, good.json()["name"]) == (200, "office")
    assert "office" in {each["provider"] for each in served.client.get("/models").json()["providers"]}
    assert served.client.put("/endpoints/office", json={"base_url": "ftp://x"}).status_code == 422
    assert served.client.put("/endpoints/openai", json={"base_url": "http://x/v1"}).status_code == 422
    assert served.client.delete("/endpoints/office").status_code == 204
    assert served.client.delete("/endpoints/office").status_code == 404


def test_a_folder_is_granted_and_taken_back(served: Served, tmp_path: Path) -> None:
    """Only folders that exist can be granted."""
    assert served.client.put("/grants/notes", json={"path": str(tmp_path)}).json()["path"] == str(tmp_path.resolve())
    assert [each["name"] for each in served.client.get("/grants").json()] == ["notes"]
    assert served.client.put("/grants/notes", json={"path": str(tmp_path / "nope")}).status_code == 422
    assert served.client.delete("/grants/notes").status_code == 204
    assert served.client.delete("/grants/notes").status_code == 404


def test_settings_are_a_closed_list(served: Served) -> None:
    """A known one is set and reset; a wrong value gets 422, an unknown key 404."""
    default = served.client.get("/settings").json()["models.ollama"]
    changed = served.client.put("/settings/models.ollama", json={"value": "http://127.0.0.1:9"})
    assert changed.json()["models.ollama"] == "http://127.0.0.1:9"
    assert served.client.put("/settings/models.ollama", json={"value": "nowhere"}).status_code == 422
    assert served.client.put("/settings/models.ollama", json={"value": None}).json()["models.ollama"] == default
    assert served.client.put("/settings/secret.key", json={"value": 1}).status_code == 404


def test_models_say_what_they_need(served: Served) -> None:
    """Each provider that is not ready says what is missing; the built-in model says where it stands."""
    found = served.client.get("/models").json()
    assert {"builtin", "openai", "anthropic", "ollama"} <= {each["provider"] for each in found["providers"]}
    assert all(each["ready"] or each["needs"] for each in found["providers"])
    assert found["builtin"]["state"] == "absent"
    assert found["builtin"]["total"] > 10**9
    [event] = served.events("/models/builtin/events", most=1)[:1] or [found["builtin"]]
    assert event["state"] == "absent"


def test_the_default_model_is_set(served: Served) -> None:
    """A reference is checked before it is kept."""
    before = served.client.get("/models").json()["default"]
    answer = served.client.put("/models/default", json={"reference": "openai:gpt-4o-mini"})
    assert answer.json() == {"default": "openai:gpt-4o-mini"}
    assert served.client.put("/models/default", json={"reference": "opnai:x"}).status_code == 422
    served.client.put("/models/default", json={"reference": before})


def test_kinds_are_those_of_the_registry(served: Served) -> None:
    """Each kind comes with ports, outcomes and the schema of its settings."""
    found = served.client.get("/kinds").json()
    assert [each["kind"] for each in found] == list(KINDS)
    assert all({"inputs", "outputs", "outcomes", "attaches", "config_schema", "family"} <= set(each) for each in found)


def test_templates_are_listed_and_read(served: Served) -> None:
    """The first workflow is first; one is read whole; an unknown one is not found."""
    listed = served.client.get("/templates").json()
    assert listed[0]["slug"] == "maths_tutor"
    whole = served.client.get("/templates/maths_tutor").json()
    assert whole["document"]["nodes"] and whole["readme"] and whole["examples"]
    assert served.client.get("/templates/nope").status_code == 404
