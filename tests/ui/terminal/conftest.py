"""The commands as a person calls them."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from ui.terminal.main import main
from ui.workspace import workspace

NODELOOM = str(Path(sys.executable).with_name("nodeloom"))
HELLO = """\
nodeloom: 1
title: Hello
inputs:
  name: {}
  times: {type: number, required: false}
  tags: {type: "list[text]", required: false}
  loud: {type: boolean, required: false}
outputs: {answer: {type: text}}
nodes:
  start: {kind: start}
  greet: {kind: prompt, config: {prompt: "Greet {{name}}."}}
  finish: {kind: finish}
edges:
  flow: [start -> greet, greet -> finish]
  data: [start.name -> greet.name, greet.answer -> finish.answer]
"""


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


Command = Callable[..., Done]


@pytest.fixture
def nodeloom(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Runs ``nodeloom`` with arguments in the test's folder, in this process: starting one takes a second."""

    def call(*arguments: str, input: str = "") -> Done:
        monkeypatch.setattr(sys, "argv", ["nodeloom", *arguments])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(input.encode())))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        if workspace.cache_info().currsize:
            workspace().close()
            workspace.cache_clear()
        return Done(int(ended.value.code or 0), said.out, said.err)

    monkeypatch.chdir(tmp_path)
    (home / "scripts").mkdir(parents=True)
    script = {"replies": [{"text": "Hello there.", "repeat": True}]}
    (home / "scripts" / "hello.json").write_text(json.dumps(script))
    (tmp_path / "hello.yaml").write_text(HELLO)
    return call


def start(*arguments: str, folder: Path) -> Done:
    """The same as a process of its own."""
    done = subprocess.run([NODELOOM, *arguments], cwd=folder, capture_output=True, text=True, timeout=170)
    return Done(done.returncode, done.stdout, done.stderr)
