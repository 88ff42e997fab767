"""What the inspector costs on a large run, in a real Chromium against a server of its own.

    uv run python -m benchmarks.trace [--spans 100000] [--pages 40] [--repeat 3] [--json FILE]

- **First paint**: from a cold navigation (an empty profile) to the first rows of the tree drawn, for the large run and
  for one of 100 spans: the difference is what the size costs, the rest is the start of the page itself. Beside it the
  part from the page's first question about the run to the rows drawn. ``cold``: the server has just started;
  ``warm``: it has read the run before.
- **Page**: the scroll bar is put somewhere else; from there to all rows in sight read from the server and drawn.
- **Scroll**: frames a second while the wheel turns.
- **Step**: another step is chosen on the scrubber; until the graph, the tree and the panel show it.
- **Search**: the first one, which makes the index, until every span was searched; then another.
- **Server's work**: seconds of processor time of the server for the same, which another's work on the machine does not
  change: for opening the run and for a page.
- **Memory**: of the server (PSS of the process tree) before and after, of the page (JavaScript heap, and PSS of its
  renderer).
- **Writing**: spans a second with the index's trigger and tables, and without, in turns.

Chromium draws in software here, on the same cores as the server.
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
from pathlib import Path
from typing import Final

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.trace_data import write_run
from benchmarks.trace_writing import Writing, measure_writing
from benchmarks.ui import FRAMES, cold_page, memory_of
from store.database import Database
from store.home import Home
from tests.e2e.app import App
from tests.e2e.chromium import chromium

SMALL: Final = 100
TREE: Final = "[role=tree]"
WATCH_ROWS: Final = """() => {
    const roots = []
    const attach = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (options) {
        const root = attach.call(this, options)
        roots.push(root)
        return root
    }
    const send = window.fetch
    window.fetch = (...request) => {
        if (String(request[0]).includes('/api/runs/')) window.askedAt ??= performance.now()
        return send(...request)
    }
    const look = () => {
        if (roots.some((root) => root.querySelector('[data-span]'))) window.rowsAt = performance.now()
        else requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
}"""
"""Notes when the page first asked about the run, and the frame in which the first rows were there."""

JUMP: Final = """async (tree, share) => {
    const began = performance.now()
    tree.scrollTop = share * (tree.scrollHeight - tree.clientHeight)
    const first = Math.floor(tree.scrollTop / 25), last = Math.floor((tree.scrollTop + tree.clientHeight - 1) / 25)
    for (;;) {
        await new Promise((done) => requestAnimationFrame(done))
        const here = new Set([...tree.querySelectorAll('[data-span]')].map((row) => Number(row.dataset.at)))
        let there = true
        for (let at = first; at <= last; at++) there &&= here.has(at)
        if (there) return performance.now() - began
        if (performance.now() - began > 20000) throw new Error(`rows ${first} to ${last} never came`)
    }
}"""

CHOOSE: Final = """async (track, share) => {
    const page = track.closest('.trace')
    const box = track.getBoundingClientRect()
    const before = page.querySelector('[data-panel]')?.dataset.of
    const began = performance.now()
    const at = { bubbles: true, clientX: box.left + share * box.width, clientY: box.top + 14, pointerId: 1 }
    track.setPointerCapture = () => undefined
    track.dispatchEvent(new PointerEvent('pointerdown', at))
    for (;;) {
        await new Promise((done) => requestAnimationFrame(done))
        const panel = page.querySelector('[data-panel]')?.dataset.of
        const row = page.querySelector('[role=treeitem][aria-selected=true]')?.dataset.span
        if (panel !== before && panel === row) return performance.now() - began
        if (performance.now() - began > 20000) throw new Error('the step never came')
    }
}"""


@dataclass
class Figures:
    """Seconds, milliseconds, frames a second, MB."""

    spans: int
    small_cold: list[float] = field(default_factory=list[float])
    cold: list[float] = field(default_factory=list[float])
    cold_asked: list[float] = field(default_factory=list[float])
    small_warm: list[float] = field(default_factory=list[float])
    warm: list[float] = field(default_factory=list[float])
    warm_asked: list[float] = field(default_factory=list[float])
    pages: list[float] = field(default_factory=list[float])
    steps: list[float] = field(default_factory=list[float])
    scroll: list[float] = field(default_factory=list[float])
    cold_work: list[float] = field(default_factory=list[float])
    warm_work: list[float] = field(default_factory=list[float])
    small_work: list[float] = field(default_factory=list[float])
    page_work: list[float] = field(default_factory=list[float])
    search_first: list[float] = field(default_factory=list[float])
    search_next: list[float] = field(default_factory=list[float])
    server_before: list[float] = field(default_factory=list[float])
    server_after: list[float] = field(default_factory=list[float])
    server_searched: list[float] = field(default_factory=list[float])
    heap: list[float] = field(default_factory=list[float])
    renderer: list[float] = field(default_factory=list[float])


@contextmanager
def serving(home: Path) -> Generator[App]:
    """A server on a home that holds the runs."""
    app = App(home)
    try:
        app.start()
        yield app
    finally:
        app.stop()


def open_run(page: Page, app: App, number: str) -> tuple[float, float]:
    """Seconds from navigation, and from the first question about the run, to the first rows drawn."""
    page.add_init_script(f"({WATCH_ROWS})()")
    page.goto(f"{app.url}/runs?run={number}", wait_until="commit")
    page.wait_for_function("() => window.rowsAt", polling=50)
    asked, rows = page.evaluate("() => [window.askedAt, window.rowsAt]")
    page.get_by_test_id("scrubber").wait_for()
    page.wait_for_timeout(1500)
    return rows / 1000, (rows - asked) / 1000


def work_of(app: App) -> float:
    """Seconds of processor time that the server has used so far."""
    assert app.process is not None
    times = psutil.Process(app.process.pid).cpu_times()
    return times.user + times.system


def first_paint(browser: Browser, app: App, number: str) -> tuple[float, float, float]:
    """As ``open_run``, in an empty profile, and the server's work for it."""
    before = work_of(app)
    with cold_page(browser) as page:
        total, asked = open_run(page, app, number)
    return total, asked, work_of(app) - before


def keep(found: tuple[float, ...], *lists: list[float]) -> None:
    for value, values in zip(found, lists, strict=False):
        values.append(value)


def look_around(page: Page, app: App, found: Figures, pages: int) -> None:
    """Jumps of the scroll bar, turns of the wheel, choices on the scrubber."""
    tree, track = page.locator(TREE), page.get_by_test_id("scrubber")
    shares = [(7 * at % pages + 0.5) / pages for at in range(pages)]
    before = work_of(app)
    found.pages += [float(tree.evaluate(JUMP, share)) for share in shares]
    found.page_work.append((work_of(app) - before) / pages)
    found.steps += [float(track.evaluate(CHOOSE, share)) for share in shares[: pages // 2]]
    found.scroll.append(frames_while_scrolling(page))


def frames_while_scrolling(page: Page) -> float:
    """Frames a second over three seconds of turning the wheel, three rows at a time."""
    page.locator(TREE).hover()
    page.evaluate(FRAMES)
    began = time.perf_counter()
    while time.perf_counter() - began < 3:
        page.mouse.wheel(0, 75)
    drawn = page.evaluate("() => { cancelAnimationFrame(window.ticking); return window.frames_ }")
    return 1000 * (len(drawn) - 1) / (drawn[-1] - drawn[0])


def search(page: Page, words: str) -> float:
    """Seconds from typing to every span searched, the pause before asking (160 ms) among them."""
    field_ = page.get_by_label("Search in this run")
    field_.fill("")
    page.wait_for_timeout(500)
    began = time.perf_counter()
    field_.fill(words)
    page.wait_for_function(
        "() => [...document.querySelectorAll('*')].some((each) => /^[\\d,]+ found$/.test("
        "each.shadowRoot?.querySelector('[data-testid=found]')?.textContent ?? ''))",
        timeout=120_000, polling=50,
    )  # fmt: skip
    return time.perf_counter() - began


def memory_of_page(page: Page, browser: Browser) -> tuple[float, float]:
    """JavaScript heap after a collection, and PSS of the largest renderer, MB."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    found = [
        each for each in psutil.Process().children(recursive=True) if "--type=renderer" in " ".join(_command(each))
    ]
    return metrics["JSHeapUsedSize"] / 1e6, max(each.memory_full_info().pss for each in found) / 1e6


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def measure(spans: int, pages: int, repeat: int) -> tuple[Figures, Writing]:
    """Everything, ``repeat`` times on a server started anew."""
    found = Figures(spans)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        database = Database(Home(home).create().database)
        small, large = write_run(database, SMALL, seed=2), write_run(database, spans)
        database.close()
        with chromium() as browser:
            for turn in range(repeat):
                with serving(home) as app:
                    measure_once(browser, app, small, large, found, pages, searched=turn == 0)
        writing = measure_writing(Path(folder) / "writing")
    return found, writing


def measure_once(
    browser: Browser, app: App, small: str, large: str, found: Figures, pages: int, *, searched: bool
) -> None:
    keep(first_paint(browser, app, small), found.small_cold)
    found.server_before.append(memory_of(app)[0])
    keep(first_paint(browser, app, large), found.cold, found.cold_asked, found.cold_work)
    keep(first_paint(browser, app, small), found.small_warm, [], found.small_work)
    keep(first_paint(browser, app, large), found.warm, found.warm_asked, found.warm_work)
    with cold_page(browser) as page:
        open_run(page, app, large)
        look_around(page, app, found, pages)
        heap, renderer = memory_of_page(page, browser)
        found.heap.append(heap)
        found.renderer.append(renderer)
        found.server_after.append(memory_of(app)[0])
        if searched:
            found.search_first.append(search(page, "estimate 4242"))
            found.server_searched.append(memory_of(app)[0])
        found.search_next.append(search(page, "market ratio 77"))


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


def table(found: Figures, writing: Writing) -> str:
    """The figures as Markdown."""
    mid = statistics.median
    return "\n".join(
        [
            f"| run of {found.spans:,} spans | median |",
            "|---|---:|",
            f"| first paint, server just started | {mid(found.cold):.2f} s; "
            f"of it {mid(found.cold_asked):.2f} s from the first question about the run |",
            f"| the same, run of {SMALL} spans, server just started | {mid(found.small_cold):.2f} s |",
            f"| first paint, run read before | {mid(found.warm):.2f} s; of it {mid(found.warm_asked):.2f} s |",
            f"| the same, run of {SMALL} spans | {mid(found.small_warm):.2f} s |",
            f"| server's work for opening: just started, read before, run of {SMALL} spans | "
            f"{mid(found.cold_work):.2f} s, {mid(found.warm_work):.2f} s, {mid(found.small_work):.2f} s |",
            f"| page, p50 / p95 | {mid(found.pages):.0f} / {p95(found.pages):.0f} ms; "
            f"server's work {1000 * mid(found.page_work):.0f} ms |",
            f"| another step, p50 / p95 | {mid(found.steps):.0f} / {p95(found.steps):.0f} ms |",
            f"| scrolling | {mid(found.scroll):.0f} frames a second |",
            f"| first search, index made | {mid(found.search_first):.1f} s |",
            f"| another search | {mid(found.search_next):.2f} s |",
            f"| server, before the run was opened | {mid(found.server_before):.0f} MB |",
            f"| server, after all this | {mid(found.server_after):.0f} MB |",
            f"| server, after the first search | {mid(found.server_searched):.0f} MB |",
            f"| page, JavaScript heap | {mid(found.heap):.0f} MB |",
            f"| page, renderer process | {mid(found.renderer):.0f} MB |",
            "",
            writing.table(),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="What the inspector costs on a large run.")
    parser.add_argument("--spans", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=40, help="jumps of the scroll bar in each repetition")
    parser.add_argument("--repeat", type=int, default=3, help="repetitions, each on a server started anew")
    parser.add_argument("--json", type=Path, help="also write every single figure to this file")
    given = parser.parse_args()
    before = os.getloadavg()[0]
    found, writing = measure(given.spans, given.pages, given.repeat)
    print(table(found, writing))
    print(f"\n{os.cpu_count()} cores, load average {before:.1f} before and {os.getloadavg()[0]:.1f} at the end.")
    if given.json:
        given.json.write_text(json.dumps({"figures": asdict(found), "writing": asdict(writing)}, indent=1))


if __name__ == "__main__":
    main()
