"""What the Build page costs, in a real Chromium against a server of its own.

    uv run python -m benchmarks.ui [--sizes 8,200,500] [--edits 40] [--repeat 3] [--json FILE]

- **Edit round trip**: an edit is made in the page's own session; measured from its PATCH leaving the page to its
  acknowledgement being applied there, with Chromium's clock. The pause before sending (150 ms after the last
  edit, so that typing is one request) is on purpose and is given beside it, not in it.
- **Pan**: frames a second while the mouse drags the canvas for two seconds, all in view and at zoom 0.8.
- **Usable canvas**: from a cold navigation (an empty profile) to all of the view's cards measured and drawn.
- **Run event**: from the server's stamp on a node's start to the card's change in the page's DOM; one machine,
  one clock.
- **Server**: memory of the idle web process (before any page, after a first one, after a run), and the time from
  start to ready.

Chromium draws in software here, on the same cores as the server: frames a second are a lower bound.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import psutil
from playwright.sync_api import Browser, Page, ViewportSize

from tests.e2e.api import Api
from tests.e2e.app import App
from tests.e2e.chromium import chromium

PATIENCE: Final = 60_000
WIDE: Final[ViewportSize] = {"width": 1440, "height": 900}
RUN_NODES: Final = 20

WATCH_EDITS: Final = """() => {
    window.trips = []
    const send = window.fetch
    window.fetch = async (...request) => {
        if (request[1]?.method !== 'PATCH') return send(...request)
        const left = performance.now()
        const answer = await send(...request)
        const stop = window.nodeloom.session.store.subscribe((state) => {
            stop()
            window.trips.push({ pause: left - window.editedAt, trip: performance.now() - left })
        })
        return answer
    }
}"""
"""Notes each trip: ``pause`` from edit to sending, ``trip`` from sending to the acknowledgement taken in (ms)."""

EDIT: Final = """(number) => {
    const ids = Object.keys(window.nodeloom.doc.nodes)
    const id = ids[number % ids.length]
    window.editedAt = performance.now()
    window.nodeloom.edit([{ op: 'set_node', id, key: 'label', value: `Edit ${number}` }], 'Rename')
}"""

FRAMES: Final = """() => {
    window.frames_ = []
    const tick = (now) => { window.frames_.push(now); window.ticking = requestAnimationFrame(tick) }
    window.ticking = requestAnimationFrame(tick)
}"""

WATCH_STATES: Final = """() => {
    window.seen = {}
    const root = window.nodeloom.root
    new MutationObserver((changes) => {
        for (const { target } of changes) {
            const id = target.dataset?.testid?.replace('node-', '')
            if (id && ['running', 'done'].includes(target.dataset.state)) window.seen[id] ??= Date.now() / 1000
        }
    }).observe(root, { subtree: true, attributes: true, attributeFilter: ['data-state'] })
}"""


@dataclass
class Size:
    """Figures of one size; milliseconds, frames a second, seconds."""

    nodes: int
    trips: list[float] = field(default_factory=list[float])
    pauses: list[float] = field(default_factory=list[float])
    usable: list[float] = field(default_factory=list[float])
    pan_fit: list[float] = field(default_factory=list[float])
    pan_near: list[float] = field(default_factory=list[float])


@dataclass
class Server:
    """Seconds and MB of the web process."""

    start: list[float] = field(default_factory=list[float])
    idle_pss: list[float] = field(default_factory=list[float])
    idle_rss: list[float] = field(default_factory=list[float])
    paged_pss: list[float] = field(default_factory=list[float])
    paged_rss: list[float] = field(default_factory=list[float])
    ran_pss: list[float] = field(default_factory=list[float])
    ran_rss: list[float] = field(default_factory=list[float])
    events: list[float] = field(default_factory=list[float])
    """Milliseconds from a run event to the DOM."""


def workflow(count: int) -> dict[str, Any]:
    """``count`` nodes in rows of 20: prompts in one flow, each fed by the one before."""
    ids = ["start", *(f"step_{number}" for number in range(1, count - 1)), "finish"]
    nodes: dict[str, Any] = {}
    for place, id in enumerate(ids):
        kind = id if id in ("start", "finish") else "prompt"
        nodes[id] = {"kind": kind, "position": [280 * (place % 20), 260 * (place // 20)]}
        if kind == "prompt":
            nodes[id]["config"] = {"prompt": "Go on from {{text}}."}
    steps = ids[1:-1]
    fed = [f"{source}.answer -> {target}.text" for source, target in pairwise(steps)]
    return {
        "nodeloom": 1, "title": f"{count} nodes", "inputs": {"text": {}}, "outputs": {"answer": {"type": "text"}},
        "nodes": nodes,
        "edges": {
            "flow": [f"{source} -> {target}" for source, target in pairwise(ids)],
            "data": [f"start.text -> {steps[0]}.text", *fed, f"{steps[-1]}.answer -> finish.answer"],
        },
    }  # fmt: skip


@contextmanager
def serving() -> Generator[tuple[App, float]]:
    """A server on an empty home with a scripted model, and the seconds it took to start."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        (home / "scripts").mkdir(parents=True)
        replies = [{"text": "Onward.", "seconds": 0.05, "repeat": True}]
        (home / "scripts" / "bench.json").write_text(json.dumps({"replies": replies}))
        app = App(home)
        try:
            yield app, app.start()
        finally:
            app.stop()


def memory_of(app: App) -> tuple[float, float]:
    """PSS and RSS of the server and its children, MB."""
    assert app.process is not None
    root = psutil.Process(app.process.pid)
    found = [each.memory_full_info() for each in (root, *root.children(recursive=True))]
    return sum(each.pss for each in found) / 1e6, sum(each.rss for each in found) / 1e6


@contextmanager
def cold_page(browser: Browser) -> Generator[Page]:
    """A page in an empty profile."""
    profile = browser.new_context(viewport=WIDE)
    profile.set_default_timeout(PATIENCE)
    try:
        yield profile.new_page()
    finally:
        profile.close()


def open_canvas(page: Page, app: App, id: str) -> float:
    """Seconds from navigation until cards are drawn and measured, and the document has been saved before."""
    began = time.perf_counter()
    page.goto(f"{app.url}/?workflow={id}&debug", wait_until="commit")
    page.locator("[data-testid=save-state][data-sync=saved]").wait_for()
    page.locator(".react-flow__node:visible article").first.wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return time.perf_counter() - began


def time_edits(page: Page, size: Size, edits: int) -> None:
    """Edits one after the other, each acknowledged before the next."""
    page.evaluate(WATCH_EDITS)
    for number in range(edits):
        page.evaluate(EDIT, number)
        page.wait_for_function(f"() => window.trips.length > {number}", polling=20)
    for each in page.evaluate("() => window.trips")[1:]:  # the first opens the connection
        size.trips.append(each["trip"])
        size.pauses.append(each["pause"])


def frames_while_panning(page: Page) -> float:
    """Frames a second over two seconds of dragging the empty canvas to and fro."""
    box: Any = page.get_by_test_id("canvas").bounding_box()
    x, y = box["x"] + box["width"] - 60, box["y"] + 14
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(FRAMES)
    began, step = time.perf_counter(), 0
    while time.perf_counter() - began < 2:
        step += 1
        page.mouse.move(x - 120 + abs(step * 8 % 240 - 120), y + step % 40)
    drawn = page.evaluate("() => { cancelAnimationFrame(window.ticking); return window.frames_ }")
    page.mouse.up()
    return 1000 * (len(drawn) - 1) / (drawn[-1] - drawn[0])


def zoom_near(page: Page) -> None:
    """Zoom 0.8 on the middle of the graph, with the buttons a person has."""
    page.get_by_label("Back to 100").click()
    page.wait_for_timeout(300)
    page.get_by_label("Zoom out").click()
    page.wait_for_timeout(300)


def measure_size(browser: Browser, app: App, api: Api, count: int, repeat: int, edits: int) -> Size:
    """All figures of one size."""
    size = Size(count)
    id = str(api.post("/workflows", {"document": workflow(count)})["id"])
    for _ in range(repeat):
        with cold_page(browser) as page:
            size.usable.append(open_canvas(page, app, id))
            page.get_by_label("Fit to view").click()
            page.wait_for_timeout(600)
            size.pan_fit.append(frames_while_panning(page))
            zoom_near(page)
            size.pan_near.append(frames_while_panning(page))
            time_edits(page, size, edits)
    return size


def time_events(browser: Browser, app: App, api: Api) -> list[float]:
    """Milliseconds from the stamp of ``node.started`` to the card's change, for each node of a run."""
    api.put("/models/default", {"reference": "scripted:bench"})
    id = str(api.post("/workflows", {"document": workflow(RUN_NODES)})["id"])
    with cold_page(browser) as page:
        open_canvas(page, app, id)
        page.evaluate(WATCH_STATES)
        run = api.post(f"/workflows/{id}/runs", {"inputs": {"text": "Go"}})["run_id"]
        page.evaluate("(id) => window.nodeloom.runner.reattach(id)", run)
        page.wait_for_function("() => window.seen.finish", polling=50)
        seen = page.evaluate("() => window.seen")
    time.sleep(1)  # spans are written in batches
    spans = api.get(f"/runs/{run}/spans?limit=200")["spans"]
    started = {span["node_id"]: span["started_at"] for span in spans if span["operation"] == "invoke_node"}
    return [1000 * (seen[node] - started[node]) for node in seen if node.startswith("step_")][2:]


def token_of(browser: Browser, app: App) -> str:
    """The page's token."""
    with cold_page(browser) as page, page.expect_request("**/api/kinds", timeout=PATIENCE) as asked:
        page.goto(app.url)
    return asked.value.headers["authorization"].removeprefix("Bearer ")


def measure(sizes: list[int], repeat: int, edits: int) -> tuple[Server, list[Size]]:
    """Everything; the server is started ``repeat`` times, the last one serves the rest."""
    server, found = Server(), list[Size]()
    with chromium() as browser:
        for turn in range(repeat):
            with serving() as (app, seconds):
                server.start.append(seconds)
                time.sleep(2)
                keep(memory_of(app), server.idle_pss, server.idle_rss)
                api = Api(app.url, token_of(browser, app))
                time.sleep(2)
                keep(memory_of(app), server.paged_pss, server.paged_rss)
                if turn == repeat - 1:
                    found = [measure_size(browser, app, api, count, repeat, edits) for count in sizes]
                    server.events = time_events(browser, app, api)
                    time.sleep(2)
                    keep(memory_of(app), server.ran_pss, server.ran_rss)
    return server, found


def keep(memory: tuple[float, float], pss: list[float], rss: list[float]) -> None:
    pss.append(memory[0])
    rss.append(memory[1])


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def table(server: Server, sizes: list[Size]) -> str:
    """The figures as Markdown."""
    mid = statistics.median
    lines = [
        "| nodes | edit round trip p50 / p95 | pause before it | pan, all in view | pan, zoom 0.8 | usable canvas |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for one in sizes:
        lines.append(
            f"| {one.nodes} | {mid(one.trips):.0f} / {p95(one.trips):.0f} ms | {mid(one.pauses):.0f} ms "
            f"| {mid(one.pan_fit):.0f} fps | {mid(one.pan_near):.0f} fps | {mid(one.usable):.1f} s |"
        )
    lines += [
        "",
        "| server | median |",
        "|---|---:|",
        f"| start to ready | {mid(server.start):.1f} s |",
        f"| idle, before any page | {mid(server.idle_pss):.0f} MB PSS, {mid(server.idle_rss):.0f} MB RSS |",
        f"| idle, after a first page | {mid(server.paged_pss):.0f} MB PSS, {mid(server.paged_rss):.0f} MB RSS |",
        f"| idle, after everything and a run | {mid(server.ran_pss):.0f} MB PSS, {mid(server.ran_rss):.0f} MB RSS |",
        f"| run event to DOM, p50 / p95 | {mid(server.events):.0f} / {p95(server.events):.0f} ms |",
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="What the Build page costs.")
    parser.add_argument("--sizes", default="8,200,500", help="numbers of nodes")
    parser.add_argument("--edits", type=int, default=40, help="edits in each repetition")
    parser.add_argument("--repeat", type=int, default=3, help="repetitions of each figure")
    parser.add_argument("--json", type=Path, help="also write every single figure to this file")
    given = parser.parse_args()
    before = os.getloadavg()[0]
    server, sizes = measure([int(each) for each in given.sizes.split(",")], given.repeat, given.edits)
    print(table(server, sizes))
    print(f"\n{os.cpu_count()} cores, load average {before:.1f} before and {os.getloadavg()[0]:.1f} at the end.")
    if given.json:
        given.json.write_text(json.dumps({"server": asdict(server), "sizes": [asdict(one) for one in sizes]}, indent=1))


if __name__ == "__main__":
    main()
