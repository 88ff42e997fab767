"""A program as a stranger runs it: from the command line, on an OpenAI-compatible server."""

import json
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.graphs.engine.fakes import workflow
from tests.graphs.export.programs import written

GREETER = workflow(
    {"greet": {"kind": "prompt", "config": {"prompt": "Greet {{name}}."}}},
    "start -> greet, greet -> finish", "start.name -> greet.name, greet.answer -> finish.answer",
    title="Greeter", inputs={"name": {"title": "Who?"}, "times": {"type": "number", "required": False}},
)  # fmt: skip
ASKER = workflow(
    {"ask": {"kind": "control.ask", "config": {"fields": [
        {"name": "colour", "title": "Colour"}, {"name": "count", "title": "How many", "type": "number"}]}}},
    "start -> ask, ask -> finish", "ask.answer -> finish.answer",
)  # fmt: skip


@dataclass
class Provider:
    """A server on loopback that answers every chat with the same words."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def provider() -> Iterator[Provider]:
    """It, running."""
    seen = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.asked.append({"path": self.path, **body})
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            for delta, finish in (({"role": "assistant", "content": "Hello "}, None), ({"content": "Ada"}, "stop")):
                chunk = {
                    "id": "1", "object": "chat.completion.chunk", "created": 0, "model": "tiny",
                    "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
                }  # fmt: skip
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    seen.url = f"http://127.0.0.1:{server.server_port}/v1"
    yield seen
    server.shutdown()


def _call(folder: Path, *arguments: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    """``python graph.py`` with the installed libraries, and without Nodeloom."""
    start = f"import sys, runpy; sys.path[:0] = [{str(folder)!r}]; sys.path.append({sysconfig.get_path('purelib')!r}); "
    code = f"{start}sys.argv[:] = ['graph.py', *{list(arguments)!r}]; runpy.run_path('graph.py', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-P", "-I", "-S", "-c", code], cwd=folder, input=said, capture_output=True, text=True,
        check=False, env={"HOME": str(folder)},
    )  # fmt: skip


def test_it_runs_on_an_openai_compatible_server(provider: Provider, tmp_path: Path):
    """The prompt goes to the address that was given, and the answer is printed as JSON."""
    folder = written(GREETER, tmp_path / "greeter")
    done = _call(folder, "--input", "name=Ada", "--model", "tiny", "--base-url", provider.url)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"answer": "Hello Ada"}
    asked = provider.asked[0]
    assert (asked["path"], asked["model"]) == ("/v1/chat/completions", "tiny")
    assert asked["messages"][-1] == {"role": "user", "content": "Greet Ada."}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--input", "name=Ada"), 1, "No model is set"),
        (("--input", "nam=Ada"), 2, "there is no input 'nam'"),
        (("--input", "name=Ada", "--input", "times=many"), 2, "the input 'times' must be a number"),
        (("--input", "name"), 2, "'name' is not NAME=VALUE"),
        (("--input", "name=Ada", "--model", "nobody:x"), 1, "The model 'nobody:x' cannot be opened"),
    ],
)
def test_what_does_not_fit_is_said_without_a_traceback(
    arguments: tuple[str, ...], code: int, words: str, tmp_path: Path
):
    """Words on standard error, and an exit code: 2 for bad input, 1 for a run that failed."""
    done = _call(written(GREETER, tmp_path / "greeter"), *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr and "Traceback" not in done.stderr


def test_people_are_asked_at_the_terminal_until_the_answer_fits(tmp_path: Path):
    """A number that is none is asked for again, with the reason."""
    folder = written(ASKER, tmp_path / "asker")
    done = _call(folder, said="red\nmany\nblue\n3\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"answer": {"colour": "blue", "count": 3}}
    assert "How many" in done.stderr and "! " in done.stderr


def test_each_item_of_a_for_each_asks_for_itself(tmp_path: Path):
    """Several questions wait at once; the answers go to their own items, in order."""
    document = workflow(
        {"each": "control.for_each",
         "ask": {"kind": "control.ask", "parent": "each", "config": {"question": "Colour of {{thing}}?"}}},
        "start -> each, each.each -> ask, each -> finish",
        "start.things -> each.items, each.item -> ask.thing, ask.text -> each.result, each.results -> finish.answer",
        inputs={"things": {"type": "list[text]"}},
    )  # fmt: skip
    done = _call(written(document, tmp_path / "asker"), "--input", 'things=["sky", "sun"]', said="blue\nyellow\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"answer": ["blue", "yellow"]}
    assert done.stderr.index("Colour of sky?") < done.stderr.index("Colour of sun?")


def test_nobody_at_the_terminal_ends_the_run(tmp_path: Path):
    """With words, instead of asking for ever."""
    done = _call(written(ASKER, tmp_path / "asker"))
    assert done.returncode == 1 and "Nobody is at the terminal to answer 'colour'" in done.stderr


def test_the_graph_runs_by_itself_with_the_environment_for_a_workspace(provider: Provider, tmp_path: Path):
    """As LangGraph's own tools run it: no context, or one as plain data."""
    folder = written(GREETER, tmp_path / "greeter")
    code = (
        f"import sys, asyncio; sys.path[:0] = [{str(folder)!r}]; sys.path.append({sysconfig.get_path('purelib')!r}); "
        "from graph import graph; given = {'inputs': {'name': 'Ada'}}; "
        "print(asyncio.run(graph.ainvoke(given))['outputs']); "
        f"more = {{'model': 'other', 'base_url': {provider.url!r}}}; "
        "print(asyncio.run(graph.ainvoke(given, context=more))['outputs'])"
    )
    environment = {"HOME": str(folder), "MODEL": "tiny", "OPENAI_BASE_URL": provider.url}
    done = subprocess.run(
        [sys.executable, "-P", "-I", "-S", "-c", code], cwd=folder, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.stdout.splitlines() == ["{'answer': 'Hello Ada'}"] * 2, done.stderr
    assert [each["model"] for each in provider.asked] == ["tiny", "other"]


def test_help_names_the_inputs(tmp_path: Path):
    """With their types."""
    folder = written(ASKER.model_copy(update={"inputs": GREETER.inputs}), tmp_path / "asker")
    done = _call(folder, "--help")
    assert done.returncode == 0 and "name (text), times (number)" in " ".join(done.stdout.split())
