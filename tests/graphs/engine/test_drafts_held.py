"""Workflows drafted or loaded during a run are held to what the workflow of the run was refused."""

from pathlib import Path
from typing import Any

import pytest

from nodes.contract import Context, Inputs, NodeError, Outputs
from nodes.registry import KINDS
from tests.graphs.engine.fakes import Bench, workflow
from tests.graphs.engine.reaching import DO, alone, opened

WAY = "start -> w, w -> finish"
OUT = "w.answer -> finish.answer"


def using(kind: str, socket: str = "tools", user: Any = ("agent", {"prompt": "Do it."}), **config: Any) -> Any:
    """A draft whose one step uses a resource."""
    return workflow({"w": user, "r": (kind, config)}, WAY, OUT, f"r -> w.{socket}", title="Draft")


def of(kind: str, out: str = "answer", **config: Any) -> Any:
    """A draft of one step."""
    return workflow({"w": (kind, config)}, WAY, f"w.{out} -> finish.answer", title="Draft")


DRAFTS: dict[str, tuple[str, Any]] = {
    "a tool that searches": ("search:", using("tool.web_search")),
    "a tool server": ("server:desk", using("tool.mcp", server="desk")),
    "a host": ("host:tracker.example", using("tool.web_fetch", allowed_hosts=["tracker.example"])),
    "a host under a pattern": (
        "host:api.tracker.example",
        using("tool.web_fetch", allowed_hosts=["*.tracker.example"]),
    ),
    "a host among all": ("host:tracker.example", using("tool.web_fetch")),
    "any host, by one of them": ("host:*", using("tool.web_fetch", allowed_hosts=["Tracker.example"])),
    "files of its own": ("files:", using("tool.files")),
    "a folder": ("folder:papers", using("tool.file_search", folder="papers")),
    "a database": ("database:shop", using("tool.sql", database="shop")),
    "memory": ("memory:notes", using("resource.memory_space", "memory", space="notes")),
    "a secret": ("secret:TOKEN", using("tool.http_request", allowed_hosts=["a.example"], secret="TOKEN")),
    "a model": ("model:openai:big", using("resource.model", "model", reference="openai:big")),
    "the default model": ("model:default", of("prompt", prompt="Do it.")),
    "the default model by its name": ("model:default", using("resource.model", "model", reference="scripted:x")),
    "programs that a model wrote": ("snippet:by a model", of("tools.run_code", "result", code="1 + 1")),
    "a saved workflow": ("workflow:Inner", of("control.subworkflow", "outputs", workflow="Inner")),
}


def held(tmp_path: Path, refused: str, act: Any, *replies: dict[str, Any]) -> tuple[Any, Bench]:
    """The run of a node that does ``act``, where ``refused`` is."""
    bench = opened(tmp_path, *replies)
    bench.runner.close()
    bench.more = {"workflow": _saved, "refused": lambda run_id: {refused} if run_id else set()}
    bench.kinds = {**KINDS, **bench.kinds}
    bench.open()
    DO["n"] = act
    row = bench.run(alone(), model="scripted:x")
    bench.runner.close()
    return row, bench


def _saved(name: str, /) -> dict[str, Any]:
    return DRAFTS["a host"][1].model_dump()


@pytest.mark.parametrize("what", DRAFTS)
def test_a_draft_that_needs_what_was_refused_is_not_run(tmp_path: Path, what: str) -> None:
    """It says which node, what it would do, and how to grant it; no step of it ran. Checking it says so too."""
    refused, draft = DRAFTS[what]
    told: list[Any] = []

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        told.extend(each for each in ctx.workshop.check(draft.model_dump()) if each.code == "SEC105")
        with pytest.raises(NodeError, match="is not run") as refusal:
            await ctx.workshop.run(draft.model_dump(), {})
        return {"out": [refusal.value.what, refusal.value.mend]}

    row, bench = held(tmp_path, refused, act)
    said, mend = row.outputs["answer"]
    assert "would do what was refused to the workflow that runs it" in said
    assert "Permissions" in mend
    assert told and told[0].severity == "error" and told[0].place in said
    assert not [each for each in bench.spans.of("invoke_node") if each["node_id"] == "w"]


@pytest.mark.parametrize(
    "refused", ["host:other.example", "host:*.other.example", "memory:other", "secret:OTHER", "model:openai:small"]
)
def test_what_was_not_refused_runs(tmp_path: Path, refused: str) -> None:
    """Refusing one thing keeps nothing else from running."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        document = using("tool.web_fetch", allowed_hosts=["*.tracker.example"]).model_dump()
        assert [each for each in ctx.workshop.check(document) if each.severity == "error"] == []
        result = await ctx.workshop.run(document, {})
        return {"out": [result.status, result.outputs]}

    row, _ = held(tmp_path, refused, act, {"text": "hello", "repeat": True})
    assert row.outputs == {"answer": ["done", {"answer": "hello"}]}


def test_a_saved_workflow_is_not_loaded_under_a_refused_name(tmp_path: Path) -> None:
    """A name that a model came up with is no way round it."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        with pytest.raises(NodeError, match="'Inner' is not run: that was refused"):
            ctx.workshop.load("Inner")
        return {"out": "held"}

    assert held(tmp_path, "workflow:Inner", act)[0].outputs == {"answer": "held"}


def test_a_saved_workflow_is_held_to_it_too(tmp_path: Path) -> None:
    """What the saved one may do by itself, it may not do for a workflow that was refused it."""

    async def act(inputs: Inputs, ctx: Context) -> Outputs:
        draft = of("control.subworkflow", "outputs", workflow="Inner").model_dump()
        result = await ctx.workshop.run(draft, {})
        return {"out": [result.status, result.error]}

    row, bench = held(tmp_path, "host:tracker.example", act)
    status, error = row.outputs["answer"]
    assert status == "failed"
    assert "tracker.example" in error and "refused" in error
    assert not [each for each in bench.spans.rows.values() if each["operation"] in ("chat", "execute_tool")]
