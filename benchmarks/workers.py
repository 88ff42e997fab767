"""What the workers beside the web server cost: a start where there is room, one where there is none, and memory.

    uv run python -m benchmarks.workers [--starts 60] [--waiting 16] [--report]

- **Start, with room**: this process stands for the web server. Measured are the call that starts a run (when it
  returns, the run is written down and in the queue) and the time from that call to the moment the run notes as its
  beginning in the worker. One machine, one clock; each run has ended before the next is started.
- **Start, queue full**: as many runs as a worker works on at once are held; measured are the call, as above, and the
  time from the end of a run that is stopped to the beginning of one that waits (the queue is looked at four times a
  second). Only runs that came out of the queue are stopped: they make room for others of it.
- **Memory**: resident (RSS), and proportional (PSS: what is shared with other processes counts in part), of a
  started server and of its worker once nothing has been done for a while; of a worker after twenty runs; and after
  its first write into and search of a memory, for which it loads the embedding and the index.

Prints the table; ``--report`` writes it into docs/workers.md and the figures beside it into benchmarks/results.
"""

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

from graphs.document import Document
from graphs.work import AT_ONCE
from store.home import Home
from store.wire import Card
from tests.e2e.app import App
from tests.ui.workers.bench import Bench, chain, eventually, working
from ui.workers.files import WorkerFiles

ROOT: Final = Path(__file__).parent.parent
RESULTS: Final = ROOT / "benchmarks" / "results" / "workers.json"
PAGE: Final = ROOT / "docs" / "workers.md"
BEGIN: Final = "<!-- figures: begin -->"
END: Final = "<!-- figures: end -->"
WARM: Final = 5
"""Starts that are not counted: the first ones import and compile."""
SETTLED: Final = 10.0
"""Seconds without work after which a process is idle."""
PATIENCE: Final = 180.0
HELD: Final = {"replies": [{"text": "word " * 60, "seconds": 600, "repeat": True}]}


@dataclass(frozen=True)
class Times:
    """Milliseconds."""

    p50: float
    p95: float
    count: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Times":
        """Of at least one measurement."""
        ordered = sorted(seconds)
        last = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        return cls(round(statistics.median(ordered) * 1000, 1), round(last * 1000, 1), len(ordered))


@dataclass(frozen=True)
class Held:
    """MB of one process."""

    rss: int
    pss: int

    @classmethod
    def by(cls, pid: int) -> "Held":
        """What a process has now."""
        found = psutil.Process(pid).memory_full_info()
        return cls(round(found.rss / 1e6), round(found.pss / 1e6))


@dataclass(frozen=True)
class Figures:
    """All that is measured, on how many cores, and how many processes waited for these when it began."""

    cores: int
    load: float
    times: dict[str, Times]
    memory: dict[str, Held]

    @classmethod
    def read(cls, file: Path) -> "Figures":
        """What ``--report`` has written."""
        raw = json.loads(file.read_text(encoding="utf-8"))
        return cls(
            raw["cores"],
            raw["load"],
            {name: Times(**each) for name, each in raw["times"].items()},
            {name: Held(**each) for name, each in raw["memory"].items()},
        )


def remembering() -> Document:
    """A run that writes into a memory and searches it."""
    return Document.model_validate({
        "title": "Remembering", "inputs": {"task": {"type": "text"}}, "outputs": {"answer": {"type": "text"}},
        "nodes": {
            "start": {"kind": "start"}, "finish": {"kind": "finish"},
            "notes": {"kind": "resource.memory_space", "config": {"space": "notes"}},
            "keep": {"kind": "memory.remember"}, "recall": {"kind": "memory.recall"},
        },
        "edges": {
            "flow": ["start -> keep", "keep -> recall", "recall -> finish"],
            "data": ["start.task -> keep.text", "start.task -> recall.query", "recall.text -> finish.answer"],
            "attach": ["notes -> keep", "notes -> recall"],
        },
    })  # fmt: skip


def measure(folder: Path, starts: int, waiting: int) -> Figures:
    """All figures; two workers are started one after the other, each in a home of its own."""
    load = round(psutil.getloadavg()[0], 1)
    (folder / "starts" / "scripts").mkdir(parents=True)
    (folder / "starts" / "scripts" / "held.json").write_text(json.dumps(HELD), encoding="utf-8")
    memory = idle(folder / "idle")
    with working(folder / "starts") as bench:
        call, begun = with_room(bench, starts)
        for _ in range(20 - min(starts, 20)):
            _ended(bench, bench.start(chain(1)))
        memory["worker, after 20 runs"] = Held.by(bench.pid())
        _ended(bench, bench.start(remembering()))
        memory["worker, after its first use of a memory"] = Held.by(bench.pid())
        full_call, room = when_full(bench, waiting)
    times = {
        "start with room: written": call, "start with room: begun": begun,
        "start with a full queue: written": full_call, "room made: the next begun": room,
    }  # fmt: skip
    return Figures(psutil.cpu_count() or 1, load, times, memory)


def idle(folder: Path) -> dict[str, Held]:
    """Server and worker, started as a person does, with nothing done."""
    app = App(folder)
    app.start()
    try:
        worker = WorkerFiles(Home(folder), "w0").address
        eventually(lambda: Card.read(worker) is not None, PATIENCE)
        time.sleep(SETTLED)
        card = Card.read(worker)
        assert card is not None
        assert app.process is not None
        return {"web server, idle": Held.by(app.process.pid), "worker, idle": Held.by(card.pid)}
    finally:
        app.stop()


def with_room(bench: Bench, starts: int) -> tuple[Times, Times]:
    """How long the call takes, and until the run begins."""
    bench.workers.start()
    eventually(lambda: WorkerFiles(bench.home, "w0").address.exists(), PATIENCE)
    calls: list[float] = []
    begun: list[float] = []
    for _ in range(WARM + starts):
        at, run, took = _start(bench, "quick")
        calls.append(took)
        begun.append(_ended(bench, run) - at)
    return Times.of(calls[WARM:]), Times.of(begun[WARM:])


def when_full(bench: Bench, waiting: int) -> tuple[Times, Times]:
    """How long the call takes with no room, and how soon room is taken."""
    held = [_start(bench, "held")[1] for _ in range(AT_ONCE)]
    eventually(lambda: _all_run(bench, held), PATIENCE)
    began = [_start(bench, "held") for _ in range(waiting)]
    left = {run for _, run, _ in began}
    from_queue = held[AT_ONCE // 2 :]
    gaps: list[float] = []
    while left:
        ending = from_queue.pop(0)
        bench.runner.stop(ending)
        bench.runner.wait_here(ending)
        eventually(lambda: any(bench.row(run).started_at for run in left), PATIENCE)
        run = next(run for run in left if bench.row(run).started_at)
        gaps.append((bench.row(run).started_at or 0) - (bench.row(ending).ended_at or 0))
        left.remove(run)
        from_queue.append(run)
    return Times.of([took for _, _, took in began]), Times.of(gaps)


def _all_run(bench: Bench, runs: Sequence[str]) -> bool:
    rows = [bench.row(run) for run in runs]
    faults = [row.error for row in rows if row.error is not None]
    assert not faults, f"a run that should be held has failed: {faults[0]}"
    return all(row.status == "running" for row in rows)


def _start(bench: Bench, script: str) -> tuple[float, str, float]:
    """When it was asked for, the run, and how long the call took."""
    at, before = time.time(), time.perf_counter()
    run = bench.runner.start(chain(1), {"task": "Begin."}, model=f"scripted:{script}")
    return at, run, time.perf_counter() - before


def _ended(bench: Bench, run: str) -> float:
    """When the run began, once it is done."""
    row = bench.runner.wait_here(run)
    assert row.status == "done", row.error
    assert row.started_at is not None
    return row.started_at


def table(figures: Figures) -> str:
    """The figures as Markdown."""
    where = f"{figures.cores} cores, load average {figures.load:g} when it began."
    times = [f"| {name} | {each.p50:g} | {each.p95:g} | {each.count} |" for name, each in figures.times.items()]
    memory = [f"| {name} | {each.rss} | {each.pss} |" for name, each in figures.memory.items()]
    return "\n".join([
        where, "", "| milliseconds | p50 | p95 | n |", "|---|---|---|---|", *times, "",
        "| MB | RSS | PSS |", "|---|---|---|", *memory,
    ])  # fmt: skip


def write_report(figures: Figures, page: Path) -> None:
    """Put the table between the page's marks. Raises ValueError where it has none."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page}: the marks {BEGIN} and {END} are missing; put them where the table belongs")
    page.write_text(f"{before}{BEGIN}\n\n{table(figures)}\n\n{END}{after}", encoding="utf-8")


def main(given: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--starts", type=int, default=60)
    parser.add_argument("--waiting", type=int, default=16)
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args(given)
    with tempfile.TemporaryDirectory(prefix="nodeloom-workers-") as folder:
        figures = measure(Path(folder), options.starts, options.waiting)
    print(table(figures))
    if options.report:
        RESULTS.write_text(json.dumps(asdict(figures), indent=2) + "\n", encoding="utf-8")
        write_report(figures, PAGE)


if __name__ == "__main__":
    main()
