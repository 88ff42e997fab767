"""A workflow as a Python program, over the API."""

import io
import zipfile

from tests.ui.api.conftest import HELLO, Served


def test_the_archive_is_downloaded(served: Served) -> None:
    """A zip that opens, with the program in a folder named after the workflow."""
    answer = served.client.get(f"/workflows/{served.new()}/export.zip")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert "hello-langgraph.zip" in answer.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert b'builder.add_node("greet"' not in archive.read("hello/pyproject.toml")
        assert b'Step("greet", prompt' in archive.read("hello/graph.py")


def test_what_stands_in_the_way_is_named(served: Served) -> None:
    """422 with each node, its kind and why."""
    nodes = {**HELLO["nodes"], "greet": {"kind": "workflows.run"}}
    edges = {"flow": HELLO["edges"]["flow"], "data": ["start.name -> greet.workflow", "greet.outputs -> finish.answer"]}
    document = {**HELLO, "nodes": nodes, "edges": edges, "outputs": {"answer": {}}}
    answer = served.client.get(f"/workflows/{served.new(document)}/export.zip")
    assert answer.status_code == 422, answer.text
    body = answer.json()
    assert body["error"]["code"] == "not-exportable"
    assert [(each["node"], each["kind"]) for each in body["reasons"]] == [("greet", "workflows.run")]


def test_a_workflow_with_errors_gives_its_findings(served: Served) -> None:
    """422 with the diagnostics."""
    edges = {**HELLO["edges"], "data": ["greet.answer -> finish.answer"]}
    answer = served.client.get(f"/workflows/{served.new({**HELLO, 'edges': edges})}/export.zip")
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "not-runnable" and answer.json()["diagnostics"]


def test_a_secret_does_not_leave(served: Served) -> None:
    """422 with its place."""
    served.workspace.secrets.set("MY_KEY", "very-secret-value")
    greet = {"kind": "prompt", "config": {"prompt": "very-secret-value {{name}}"}}
    id = served.new({**HELLO, "nodes": {**HELLO["nodes"], "greet": greet}})
    answer = served.client.get(f"/workflows/{id}/export.zip")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "would-leak")
    assert "MY_KEY" in answer.json()["places"][0]


def test_a_workflow_that_is_not_there(served: Served) -> None:
    """404, as everywhere."""
    assert served.client.get("/workflows/none/export.zip").status_code == 404
