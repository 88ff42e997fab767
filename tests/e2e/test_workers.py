"""Processes die while a run is watched: the page goes on with it."""

import os
import signal
from typing import Any

from playwright.sync_api import Browser, expect

from store.home import Home
from store.wire import Card
from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.conftest import SERVER_DOWN, signed_in, tab
from ui.workers.files import WorkerFiles

PARTS = [f"part_{number}" for number in range(1, 7)]
DOCUMENT: dict[str, Any] = {
    "title": "Parts",
    "inputs": {"name": {"examples": ["Ada"]}},
    "outputs": {"answer": {"type": "text"}},
    "nodes": {
        "start": {"kind": "start", "position": [0, 0]},
        **{
            part: {"kind": "prompt", "label": part, "config": {"prompt": "Go."}, "position": [240 * at, 0]}
            for at, part in enumerate(PARTS, 1)
        },
        "finish": {"kind": "finish", "position": [240 * 7, 0]},
    },
    "edges": {
        "flow": [f"{left} -> {right}" for left, right in zip(["start", *PARTS], [*PARTS, "finish"], strict=True)],
        "data": ["part_6.answer -> finish.answer"],
    },
}


def test_a_killed_worker_is_replaced_under_the_page(browser: Browser, fresh: App) -> None:
    """The run goes on from its checkpoint, and the nodes light up to the end without a reload."""
    api, workflow, run = _begun(fresh, browser)
    with tab(browser, fresh, expected=SERVER_DOWN) as builder:
        builder.page.goto(f"{fresh.url}/?workflow={workflow}&run={run}")
        builder.ready()
        builder.ends("part_2", "done")
        address = Card.read(WorkerFiles(Home(fresh.home), "w0").address)
        assert address is not None
        os.kill(address.pid, signal.SIGKILL)
        builder.ends("part_6", "done")
        builder.ends("finish", "done")
        expect(builder.page.get_by_test_id("answer")).to_have_text("This part is done.")
    row = api.get(f"/runs/{run}")
    assert [cut["status"] for cut in row["interruptions"]] == ["lost"]


def test_a_run_outlives_the_server(browser: Browser, fresh: App) -> None:
    """The server is killed; the run ends meanwhile, and the page of the next server shows all of it."""
    _, workflow, run = _begun(fresh, browser)
    with tab(browser, fresh, expected=SERVER_DOWN) as builder:
        builder.page.goto(f"{fresh.url}/?workflow={workflow}&run={run}")
        builder.ready()
        builder.ends("part_1", "done")
        fresh.kill()
        fresh.start()
        builder.page.reload()
        builder.ready()
        builder.ends("finish", "done")
        expect(builder.page.get_by_test_id("answer")).to_have_text("This part is done.")
    assert signed_in(fresh, browser).get(f"/runs/{run}")["interruptions"] == []


def _begun(app: App, browser: Browser) -> tuple[Api, str, str]:
    """A run of six slow parts, at work."""
    api = signed_in(app, browser)
    workflow = api.new(DOCUMENT)
    started = api.post(f"/workflows/{workflow}/runs", {"inputs": {"name": "Ada"}, "model": "scripted:parts"})
    return api, workflow, started["run_id"]
