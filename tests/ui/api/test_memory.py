"""Memory over HTTP: policy, layers and trust, recalled where, export and import."""

import json

import pytest

from store.spans import SpanWriter
from tests.ui.api.conftest import Served


def test_policy_is_set_and_told(served: Served) -> None:
    """A space's policy is part of it; values out of range are refused by name, and nothing changes."""
    url = "/memory/spaces/ruled"
    policy = {"half_life_days": 3, "ttl_days": 9, "max_records": 50, "near_duplicate": 0.97, "only_trusted": True}
    assert served.client.put(url, json={"description": "d", "policy": policy}).status_code == 204
    assert served.client.put(url, json={"description": "only this changes"}).status_code == 204
    (space,) = [each for each in served.client.get("/memory/spaces").json() if each["name"] == "ruled"]
    assert policy.items() <= space["policy"].items()
    assert (space["description"], space["policy"]["weights"]["similarity"]) == ("only this changes", 0.55)
    refused = served.client.put(url, json={"policy": {"near_duplicate": 0.1}})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "policy.near_duplicate"


def test_records_have_layer_trust_and_data(served: Served) -> None:
    """They are given, changed, listed by and searched by."""
    url = "/memory/spaces/layered"
    new = {"text": "Check the units.", "layer": "daily", "trusted": False, "data": {"reward": 1}, "ttl_days": 2}
    record = served.client.post(f"{url}/records", json=new).json()
    assert {name: record[name] for name in ("layer", "trusted", "data")} == {
        "layer": "daily", "trusted": False, "data": {"reward": 1},
    }  # fmt: skip
    assert record["expires_at"] > record["created_at"]
    search = {"query": "units", "only_trusted": True}
    assert served.client.post(f"{url}/search", json=search).json()["hits"] == []
    served.client.patch(f"/memory/records/{record['id']}", json={"trusted": True, "layer": "lasting"})
    found = served.client.post(f"{url}/search", json=search | {"layers": {"lasting": 9}, "half_life_days": 2}).json()
    assert [hit["rated"] for hit in found["hits"]] == [5]
    assert served.client.get(f"{url}/records", params={"layer": "daily"}).json()["records"] == []
    assert len(served.client.get(f"{url}/records", params={"trusted": True}).json()["records"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": "x", "layers": {"daily": 0}}, "layers.daily"),
        ({"query": "x", "half_life_days": -1}, "half_life_days"),
        ({"query": ""}, "query"),
        ({"query": "x", "weight": 1}, "weight"),
    ],
)
def test_bad_searches_name_the_field(served: Served, body: dict[str, object], field: str) -> None:
    """422 with the field."""
    answer = served.client.post("/memory/spaces/any/search", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_record_tells_where_it_was_recalled(served: Served) -> None:
    """From a record to the spans of the runs that found it."""
    record = served.client.post("/memory/spaces/used/records", json={"text": "Pandas eat bamboo."}).json()
    run = served.workspace.runs.create(title="Zoo", version_hash="a" * 64, inputs={})
    spans = SpanWriter(served.workspace.database)
    spans.put(
        {
            "id": "f00d", "run_id": run.id, "operation": "retrieve_memory", "name": "used", "started_at": 1.0,
            "status": "ok", "input": {"query": "bears"}, "output": [{"id": record["id"], "score": 0.5}],
        }
    )  # fmt: skip
    spans.close()
    (use,) = served.client.get(f"/memory/records/{record['id']}/recalled").json()["recalled"]
    assert (use["run"], use["span"], use["query"], use["place"]) == (run.number, "f00d", "bears", 1)
    assert served.client.get("/memory/records/nobody/recalled").status_code == 404


def test_space_is_exported_and_imported(served: Served) -> None:
    """The lines that come out go in again; bad ones are all named and nothing is kept."""
    served.client.post("/memory/spaces/from/records", json={"text": "Say the unit.", "importance": 8})
    out = served.client.get("/memory/spaces/from/export")
    assert [json.loads(line).get("text") for line in out.text.splitlines()] == [None, "Say the unit."]
    into = "/memory/spaces/to/import"
    assert served.client.post(into, params={"file": "a.jsonl"}, content=out.content).json() == {
        "added": 1, "known": 0, "expired": 0,
    }  # fmt: skip
    (record,) = served.client.get("/memory/spaces/to/records").json()["records"]
    assert (record["trusted"], record["source"], record["importance"]) == (False, {"import": "a.jsonl"}, 8)
    bad = served.client.post(into, content=out.content + b'{"text": "x", "importance": 99}\n{"kind": "y"}\n')
    assert (bad.status_code, bad.json()["error"]["code"]) == (422, "bad-file")
    assert [fault["field"] for fault in bad.json()["errors"]] == ["line 3, importance", "line 4, text"]
    assert len(served.client.get("/memory/spaces/to/records").json()["records"]) == 1
    assert served.client.get("/memory/spaces/nowhere/export").status_code == 404
