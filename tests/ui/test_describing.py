"""A wish of the workspace, asked in a thread of its own."""

import asyncio
import json
import time
from pathlib import Path
from typing import Any

import pytest

from nodes.contract import NodeError
from store.home import Home
from tests.documents import answering
from ui.describing import Wish, proposing, ready_model
from ui.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Any:
    """A workspace whose scripted model takes half a minute for an answer."""
    (tmp_path / "scripts").mkdir()
    replies = [{"data": {"answer": "rename"}, "seconds": 30, "repeat": True}]
    (tmp_path / "scripts" / "sleepy.json").write_text(json.dumps({"name": "sleepy", "replies": replies}))
    opened = Workspace(Home(tmp_path))
    yield opened
    opened.close()


def test_closing_ends_the_work_at_once(workspace: Workspace) -> None:
    """Who stops listening does not wait for the model: its call is cancelled in its own thread."""

    async def leave() -> float:
        events = proposing(workspace, Wish(answering(), "rename work to Solve", "scripted:sleepy", "steps"))
        first = await anext(events)
        assert first["type"] == "step"
        began = time.monotonic()
        await events.aclose()
        return time.monotonic() - began

    assert asyncio.run(leave()) < 5


def test_an_unforeseen_failure_ends_the_stream_in_words(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw is logged, and told without a traceback."""

    async def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("no such thing")

    async def last() -> dict[str, Any]:
        wish = Wish(answering(), "rename work", "scripted:sleepy")
        return [dict(event) async for event in proposing(workspace, wish)][-1]

    monkeypatch.setattr("ui.describing.propose", broken)
    told = asyncio.run(last())
    assert told["type"] == "refused" and "no such thing" not in str(told)
    assert "no such thing" in caplog.text


def test_the_default_model_is_asked_where_none_is_named(workspace: Workspace) -> None:
    """Without a name the workspace's default counts, and what it needs is said."""
    with pytest.raises(NodeError, match=r"builtin:qwen2\.5-coder-1\.5b.*cannot be asked yet") as refused:
        ready_model(workspace, None)
    assert "Fetch it once" in refused.value.mend


def test_a_scripted_model_is_always_ready(workspace: Workspace) -> None:
    """A script needs nothing."""
    assert ready_model(workspace, "scripted:sleepy") == "scripted:sleepy"
