"""Who may call the API, and how it refuses."""

import socket

import httpx
import pytest

from tests.ui.api.conftest import Served
from ui.api.guard import MAX_BODY

WAYS = [
    ("GET", "/kinds"), ("GET", "/templates"), ("GET", "/workflows"), ("POST", "/workflows"), ("GET", "/workflows/x"),
    ("PATCH", "/workflows/x"), ("DELETE", "/workflows/x"), ("GET", "/workflows/x/yaml"), ("PUT", "/workflows/x/yaml"),
    ("GET", "/workflows/x/changes"), ("POST", "/workflows/x/runs"), ("GET", "/runs"), ("GET", "/runs/x"),
    ("GET", "/runs/x/events"), ("POST", "/runs/x/stop"), ("POST", "/runs/x/answer"), ("POST", "/runs/x/resume"),
    ("GET", "/runs/x/spans"), ("GET", "/runs/x/spans/y"), ("GET", "/runs/x/document"), ("GET", "/models"),
    ("PUT", "/models/default"), ("POST", "/models/builtin/fetch"), ("GET", "/models/builtin/events"),
    ("GET", "/secrets"), ("PUT", "/secrets/X"), ("DELETE", "/secrets/X"), ("GET", "/memory/spaces"),
    ("POST", "/memory/spaces/x/search"), ("GET", "/endpoints"), ("GET", "/grants"), ("PUT", "/grants/x"),
    ("GET", "/settings"), ("GET", "/openapi.json"), ("GET", "/nowhere"),
]  # fmt: skip


def test_health_needs_no_token(served: Served) -> None:
    """Whoever asks on this machine learns that the server is there."""
    answer = httpx.get(f"{served.url}/api/health")
    assert (answer.status_code, answer.json()["ok"]) == (200, True)


@pytest.mark.parametrize(("method", "path"), WAYS)
def test_every_other_call_needs_the_token(served: Served, method: str, path: str) -> None:
    """Without a token, and with a wrong one, each call is refused with 401 before it is looked at."""
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": served.workspace.token}):
        answer = httpx.request(method, f"{served.url}/api{path}", headers=headers)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "no-token"


@pytest.mark.parametrize(("method", "path"), WAYS)
def test_a_page_of_another_site_is_refused(served: Served, method: str, path: str) -> None:
    """A foreign Origin gets 403, though it carried the token."""
    answer = served.client.request(method, path, headers={"Origin": "http://evil.example"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign-origin")


@pytest.mark.parametrize("origin", ["null", "http://localhost:1", "https://127.0.0.1", "http://127.0.0.1.evil.example"])
def test_an_origin_that_only_looks_alike_is_refused(served: Served, origin: str) -> None:
    """Another port, another scheme, a longer name and an opaque origin are other origins."""
    answer = served.client.get("/workflows", headers={"Origin": origin})
    assert answer.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", "0.0.0.0", "", "[::1"])
def test_a_foreign_name_for_this_machine_is_refused(served: Served, host: str) -> None:
    """A name that was made to resolve to this machine (DNS rebinding) gets 403, for health too."""
    for path in ("/workflows", "/health"):
        answer = served.client.get(path, headers={"Host": host})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign-host")


def test_the_pages_own_origin_is_let_through(served: Served) -> None:
    """The same origin, by either loopback name, works."""
    for host in (
        served.url.removeprefix("http://"),
        served.url.removeprefix("http://").replace("127.0.0.1", "localhost"),
    ):
        answer = served.client.get("/workflows", headers={"Host": host, "Origin": f"http://{host}"})
        assert answer.status_code == 200


def test_no_answer_allows_other_origins(served: Served) -> None:
    """A preflight is refused, and no CORS header is sent."""
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "PATCH"}
    answer = httpx.options(f"{served.url}/api/workflows", headers=headers)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_unknown_addresses_and_methods_have_the_one_error_shape(served: Served) -> None:
    """404 and 405 say what, where and how to mend it, like everything else."""
    for method, path, status in (("GET", "/nowhere", 404), ("PUT", "/kinds", 405)):
        answer = served.client.request(method, path)
        assert answer.status_code == status
        assert set(answer.json()["error"]) == {"code", "what", "where", "mend"}
        assert answer.json()["error"]["mend"]


def test_a_large_body_is_refused_by_its_length(served: Served) -> None:
    """A stated length above the limit gets 413."""
    answer = served.client.post("/workflows", content=b" " * (MAX_BODY + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")


def test_a_large_body_without_a_length_is_cut_off(served: Served) -> None:
    """A chunked body gets 413 as soon as it grows past the limit."""
    chunks = (b" " * 65536 for _ in range(MAX_BODY // 65536 + 2))
    answer = served.client.post("/workflows", content=chunks, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    "body", [b"{", b'{"document": {"title": NaN}}', b"[" * 100_000, b"\xff\xfe{}", b'{"document": Infinity}']
)
def test_what_is_no_json_is_refused(served: Served, body: bytes) -> None:
    """Broken, bottomless and non-standard JSON gets a 4xx with words, never a 500."""
    answer = served.client.post("/workflows", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]["what"]


def test_an_unexpected_fault_is_answered_with_an_id_only(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug of ours becomes 500 with an id that the log holds too; the answer tells nothing else."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("the inner workings")

    monkeypatch.setattr(served.workspace.workflows, "list", broken)
    answer = served.client.get("/workflows")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "inner workings" not in answer.text
    assert "Traceback" not in answer.text
    [record] = [each for each in caplog.records if each.name == "nodeloom.api"]
    assert str(record.args[0]) in answer.text  # pyright: ignore[reportOptionalSubscript, reportArgumentType]


def test_the_socket_is_guarded_too(served: Served) -> None:
    """A websocket handshake with a foreign Origin is refused: Streamlit's socket stands behind the same fence."""
    host, port = served.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=5) as raw:
        headers = [
            f"Host: {host}:{port}", "Origin: http://evil.example", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ]  # fmt: skip
        raw.sendall("\r\n".join(["GET /_stcore/stream HTTP/1.1", *headers, "", ""]).encode())
        assert raw.recv(100).startswith(b"HTTP/1.1 403")
