"""Every template runs in Nodeloom's engine and as its exported program, and comes to the same."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from graphs.export.archive import zipped
from graphs.export.program import program_of
from graphs.export.refusals import WORKSHOP, NotExportable
from nodes.registry import KINDS
from store.home import Home
from store.runs import RunRow
from templates import catalogue
from tests.graphs.export.programs import Batch, job, started, written
from tests.templates.checks import unhurried
from ui.starting import played, recording_of, start_run
from ui.workspace import Workspace

REFUSED = {
    "adas": "it drafts and scores workflows",
    "agent_symbolic_learning": "it scores a workflow and rewrites its prompts",
    "agentable": "it checks and mends a workflow",
    "agentdebug": "it runs a workflow and mends it",
    "agentoptimizer": "it scores a workflow with other tools",
    "agentracer": "it runs a workflow again, with steps kept",
    "darwin_godel_machine": "it changes and scores workflows",
    "mag_v": "it runs the workflow whose answers it verifies",
    "mas_zero": "it drafts workflows and runs them",
    "mass": "it optimises the prompts of a workflow",
    "metachain": "it drafts workflows and scores them",
    "sica": "it scores workflows and edits the best one",
}
"""Templates that cannot be exported: all of them work on workflows as data, with Nodeloom's workshop."""
EXPORTED = [slug for slug in catalogue.slugs() if slug not in REFUSED]
EVERY = pytest.mark.parametrize("slug", EXPORTED)
pytestmark = pytest.mark.timeout(600)  # the first test writes all programs
TIMES = ("seconds",)
"""Entries of outputs that measure time, which no two runs share."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All programs, a folder each."""
    made = tmp_path_factory.mktemp("programs")
    for slug in EXPORTED:
        with suppress(NotExportable):  # its own test says so
            written(catalogue.load(slug).document, made / slug)
    return made


@pytest.fixture(scope="module")
def batch(folder: Path) -> Iterator[Batch]:
    """All programs running in one process, beside the engine's runs in this one."""
    jobs: list[dict[str, Any]] = []
    for slug in _made(folder):
        replies = [reply.model_dump(mode="json", exclude_defaults=True) for reply in unhurried(slug).replies]
        inputs, people = catalogue.load(slug).examples[0]["inputs"], catalogue.cast(slug).people
        jobs.append(job(slug, folder / slug, inputs, people=people, replies=replies))
    running = started(jobs, folder / "results")
    yield running
    running.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace for templates that keep nothing."""
    workspace = Workspace(Home(tmp_path_factory.mktemp("home")))
    yield workspace
    workspace.close()


@EVERY
def test_the_program_comes_to_what_the_engine_comes_to(slug: str, batch: Batch, shared: Workspace, tmp_path: Path):
    """Equal outputs, node runs and tokens, by the same answers of the model and of people."""
    program_of(catalogue.load(slug).document, KINDS)  # what cannot be exported stands in the table above, with why
    row, result = _engine(slug, shared, tmp_path), batch.result(slug)
    assert row.status == "done", row.error
    assert "error" not in result, result["trace"]
    assert _timeless(result["outputs"]) == _timeless(row.outputs)
    assert result["spent"] == {"steps": row.steps, "tokens": row.input_tokens + row.output_tokens}


def _made(folder: Path) -> list[str]:
    return [slug for slug in EXPORTED if (folder / slug / "graph.py").exists()]


def _engine(slug: str, shared: Workspace, folder: Path) -> RunRow:
    """A run in a workspace; one with a memory has its own."""
    keeps = any(node.kind == "resource.memory_space" for node in catalogue.load(slug).document.nodes.values())
    if not keeps:
        return _run(slug, shared)
    workspace = Workspace(Home(folder / "home"))
    try:
        return _run(slug, workspace)
    finally:
        workspace.close()


def _run(slug: str, workspace: Workspace) -> RunRow:
    template = catalogue.load(slug)
    model = recording_of(template.document)
    workspace.models.add_script(unhurried(slug))
    runner, inputs = workspace.engine.runner, template.examples[0]["inputs"]
    run = start_run(workspace, played(template.document, model), inputs, model=model)
    row = runner.wait_here(run)
    for answer in catalogue.cast(slug).people:
        runner.answer(run, row.forms[0]["interrupt"], answer)
        row = runner.wait_here(run)
    return row


def _timeless(value: Any) -> Any:
    """As JSON has it, without measured times."""
    if isinstance(value, dict):
        return {key: _timeless(each) for key, each in value.items() if key not in TIMES}
    return [_timeless(each) for each in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("slug", sorted(REFUSED))
def test_what_cannot_be_exported_is_refused_with_node_and_reason(slug: str):
    """Each entry of the table is still refused, and only for what the table says."""
    with pytest.raises(NotExportable, match="Not exported: ") as refused:
        program_of(catalogue.load(slug).document, KINDS)
    nodes = catalogue.load(slug).document.nodes
    assert all(nodes[each.node].kind == each.kind and each.why == WORKSHOP for each in refused.value.reasons)


def test_the_table_names_only_templates_there_are():
    """A template that is gone leaves the table too."""
    assert set(REFUSED) <= set(catalogue.slugs())


@EVERY
def test_exported_twice_it_is_the_same_to_the_byte_and_the_archive_opens(slug: str):
    """Nothing of time, chance or order is in a program."""
    files = program_of(catalogue.load(slug).document, KINDS)
    assert program_of(catalogue.load(slug).document, KINDS) == files
    content = zipped(files, slug)
    assert zipped(files, slug) == content
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name).decode() for name in archive.namelist()} == {
            f"{slug}/{path}": text for path, text in files.items()
        }


def test_another_process_writes_the_same():
    """Whatever the order of its sets."""
    code = (
        "import hashlib, json; from graphs.export.program import program_of; from nodes.registry import KINDS; "
        "from templates import catalogue; slugs = ['fincon', 'generative_agents', 'agents']; "
        "print(hashlib.sha256(json.dumps([program_of(catalogue.load(s).document, KINDS) for s in slugs]).encode())"
        ".hexdigest())"
    )
    hashes = [
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert len(hashes[0]) == 65 and hashes[0] == hashes[1]


def test_all_programs_compile(folder: Path):
    """``python -m compileall`` has nothing to say."""
    done = _python(folder, "-m", "compileall", "-q", *_made(folder))
    assert done.returncode == 0, done.stdout


def test_ruff_has_nothing_to_say(folder: Path):
    """Neither its own choice of rules nor its layout, with no setting but the length of a line."""
    for command in (["check"], ["format", "--check"]):
        done = _python(folder, "-m", "ruff", *command, "--no-cache", "--quiet", *_made(folder))
        assert done.returncode == 0, done.stdout[:3000]


def test_the_files_for_langgraphs_tools_name_a_compiled_graph(folder: Path, batch: Batch):
    """What ``langgraph.json`` names is made by the last statement of ``graph.py``, which the worker has run."""
    for slug in _made(folder):
        named = json.loads((folder / slug / "langgraph.json").read_text())["graphs"].values()
        assert list(named) == ["./graph.py:graph"]
        assert "\ngraph = builder.compile().with_config(CONFIG)\n" in (folder / slug / "graph.py").read_text()
        assert batch.result(slug)["graph"] == "CompiledStateGraph"


def test_nothing_of_nodeloom_is_imported(folder: Path):
    """Every import of a program is of the standard library, of itself, or of what its pyproject.toml names."""
    for slug in _made(folder):
        for file in (folder / slug).rglob("*.py"):
            text = file.read_text()
            for package in ("nodes", "graphs", "store", "templates", "ui"):
                assert f"from {package}" not in text and f"import {package}" not in text, file


def _python(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False)
