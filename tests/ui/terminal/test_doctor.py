"""``nodeloom doctor`` and ``nodeloom model status``: what is there and what is missing."""

import json
import socket
from pathlib import Path

from store.file_lock import FileLock
from tests.ui.terminal.conftest import Command

NAMES = ["Python", "home", "disk", "database", "canvas", "port", "memory", "built-in model", "keys", "Ollama"]


def test_doctor_looks_at_everything(nodeloom: Command) -> None:
    """Each part has a state, and a remedy where it is not good."""
    found = json.loads(nodeloom("doctor", "--json").stdout)
    assert [each["name"] for each in found] == NAMES
    assert all(each["state"] == "good" or each["mend"] for each in found)
    states = {each["name"]: each["state"] for each in found}
    assert (states["Python"], states["home"], states["database"], states["built-in model"]) == (
        "good", "good", "good", "optional",
    )  # fmt: skip


def test_doctor_sees_a_taken_port_and_a_locked_memory(nodeloom: Command, home: Path) -> None:
    """A port in use comes with another one; a memory in use with the process that has it."""
    (home / "memory").mkdir(parents=True)
    lock = FileLock(home / "memory" / "nodeloom.lock")
    assert lock.acquire()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = {each["name"]: each for each in json.loads(nodeloom("doctor", "--port", str(port), "--json").stdout)}
    lock.release()
    assert str(port) in found["port"]["what"]
    assert "--port" in found["port"]["mend"]
    assert "process" in found["memory"]["what"]


def test_a_half_fetched_model_is_told(nodeloom: Command, home: Path) -> None:
    """model status and doctor say how much is there, and of a file of the wrong size that it is broken."""
    (home / "models").mkdir(parents=True)
    (home / "models" / "qwen2.5-coder-1.5b.gguf.part").write_bytes(b"x" * 1000)
    (home / "models" / "qwen2.5-coder-0.5b.gguf").write_bytes(b"x" * 1000)
    states = json.loads(nodeloom("model", "status", "--json").stdout)
    assert (states["qwen2.5-coder-1.5b"]["state"], states["qwen2.5-coder-1.5b"]["bytes"]) == ("absent", 1000)
    assert states["qwen2.5-coder-0.5b"]["state"] == "broken"
    assert "absent" in nodeloom("model", "status").stdout


def test_a_broken_model_file_fails_the_run_with_words(nodeloom: Command, home: Path) -> None:
    """A file of the wrong size: exit code 1, and to fetch it again."""
    (home / "models").mkdir(parents=True)
    (home / "models" / "qwen2.5-coder-0.5b.gguf").write_bytes(b"x" * 1000)
    done = nodeloom("run", "hello.yaml", "-i", "name=x", "--model", "builtin:qwen2.5-coder-0.5b")
    assert done.returncode == 1
    assert "Fetch it again" in done.stderr
