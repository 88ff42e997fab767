"""Exports workflows, and runs them in a process that has no Nodeloom."""

import json
import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphs.document import Document
from graphs.export.program import program_of
from nodes.registry import KINDS
from store.embedding import TOKENIZER

WORKER = Path(__file__).with_name("worker.py")
PATIENCE = 500.0
"""Seconds that a result is waited for, at most."""


def written(document: Document, folder: Path) -> Path:
    """The program of a document, in ``folder``."""
    for path, text in program_of(document, KINDS).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def job(
    name: str,
    folder: Path,
    inputs: Mapping[str, Any] | None = None,
    *,
    people: Sequence[Any] = (),
    replies: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """What the worker is told of one program."""
    scratch = folder.parent / f"{folder.name}.scratch"
    scratch.mkdir()
    return {
        "name": name, "folder": str(folder), "inputs": dict(inputs or {}), "people": list(people),
        "replies": [dict(reply) for reply in replies], "scratch": str(scratch), "tokenizer": str(TOKENIZER),
    }  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """Programs that run one after another in a process of their own."""

    process: subprocess.Popen[bytes]
    results: Path
    log: Path

    def result(self, name: str) -> dict[str, Any]:
        """What came of a program, once it is there. Fails with the process's own words where it never will be."""
        file = self.results / f"{name}.json"
        until = time.monotonic() + PATIENCE
        while not file.exists() and self.process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        assert file.exists(), f"the process gave no result for {name}:\n{self.log.read_text()[-3000:]}"
        return json.loads(file.read_text(encoding="utf-8"))

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


def started(jobs: Sequence[Mapping[str, Any]], folder: Path) -> Batch:
    """Begin to run the jobs outside of the repository, with the installed libraries alone."""
    folder.mkdir(exist_ok=True)
    (folder / "jobs.json").write_text(json.dumps(list(jobs)), encoding="utf-8")
    (folder / "worker.py").write_text(WORKER.read_text(encoding="utf-8"), encoding="utf-8")
    monty = Path(sys.executable).with_name("monty")
    environment = {"PATH": os.defpath, "HOME": str(folder), "MONTY_BIN": str(monty)}
    packages = sysconfig.get_path("purelib")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-P", "-I", "-S", "worker.py", packages, "jobs.json", str(folder)],
            cwd=folder, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
    return Batch(process, folder, folder / "log")
