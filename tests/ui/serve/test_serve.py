"""The builder as a process: starts, serves pages and API, refuses what it must, and ends cleanly."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from ui.address import bind
from ui.refusal import Refusal

NODELOOM = str(Path(sys.executable).with_name("nodeloom"))
IDLE_MB = 300
"""What the idle server may take; about 140 are usual."""


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def builder(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A builder that answers, started in a folder that is not the checkout."""
    process = subprocess.Popen(
        [NODELOOM, "--port", str(port), "--no-open"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )  # fmt: skip
    try:
        wait_until_ready(port, process)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


def wait_until_ready(port: int, process: subprocess.Popen[str]) -> None:
    """Until the health call answers; fails after two minutes or when the process ended."""
    for _ in range(2400):
        assert process.poll() is None, process.stderr.read() if process.stderr else "it ended"
        try:
            if httpx.get(f"http://127.0.0.1:{port}/api/health", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("the server did not come up")


def test_pages_and_api_are_on_one_port(builder: subprocess.Popen[str], port: int) -> None:
    """The page and the API answer; the page asks for no e-mail and sends no statistics; a foreign host is refused."""
    url = f"http://127.0.0.1:{port}"
    assert "<title>" in httpx.get(url).text
    assert httpx.get(f"{url}/_stcore/health").text == "ok"
    assert httpx.get(f"{url}/api/workflows").status_code == 401
    for path in ("/", "/_stcore/health", "/api/health"):
        assert httpx.get(url + path, headers={"Host": "evil.example"}).status_code == 403
    assert '"gatherUsageStats":true' not in httpx.get(f"{url}/_stcore/host-config").text.replace(" ", "")


def test_it_listens_on_loopback_alone_and_stays_small(builder: subprocess.Popen[str]) -> None:
    """No socket on another interface; the idle process is under its bound of memory."""
    process = psutil.Process(builder.pid)
    listening = [each.laddr.ip for each in process.net_connections(kind="inet") if each.status == psutil.CONN_LISTEN]
    assert set(listening) == {"127.0.0.1"}
    assert process.memory_info().rss / 1024**2 < IDLE_MB


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(builder: subprocess.Popen[str], port: int, sent: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end it with code 0 and no traceback, and free the port, though a client is connected."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
        client.get("/api/health")
        builder.send_signal(sent)
        assert builder.wait(20) == 0
    assert builder.stderr is not None
    said = builder.stderr.read()
    assert f"http://localhost:{port}" in said
    assert "Traceback" not in said
    bind("127.0.0.1", port).close()


def test_a_taken_port_is_told_with_the_next_free_one(port: int) -> None:
    """Exit code 2, the port, and another one to use."""
    with socket.create_server(("127.0.0.1", port)):
        done = subprocess.run([NODELOOM, "--port", str(port)], capture_output=True, text=True, timeout=170)
    assert done.returncode == 2
    assert f"Port {port}" in done.stderr
    assert "--port " in done.stderr.split("example")[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.7", "::", "example.com"])
def test_an_address_others_can_reach_is_refused(address: str) -> None:
    """There is no sign-in, so only loopback is served, and the refusal says how to reach it from elsewhere."""
    with pytest.raises(Refusal, match="does not listen on") as refused:
        bind(address, 0)
    assert "ssh -L" in refused.value.mend


def test_small_answers_are_not_held_back() -> None:
    """The socket names its protocol, so that asyncio sets TCP_NODELAY on its connections."""
    with bind("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP


def test_a_home_that_cannot_be_used_is_told(tmp_path: Path, port: int) -> None:
    """A home that is a file gives exit code 2 and the variable to set."""
    (tmp_path / "file").write_text("x")
    environment = {**os.environ, "NODELOOM_HOME": str(tmp_path / "file")}
    done = subprocess.run(
        [NODELOOM, "--port", str(port)], capture_output=True, text=True, timeout=170, env=environment
    )  # fmt: skip
    assert done.returncode == 2
    assert "NODELOOM_HOME" in done.stderr
