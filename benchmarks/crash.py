"""Kill -9 at random points of a workflow of thirty nodes, and what becomes of the run.

    uv run python -m benchmarks.crash [--kills 100] [--seed 1] [--json]

Each run is worked on by one process after the other; a process is killed at a random moment (one in three kills
itself right after a side effect, before the engine can note it), and the next one goes on. Checked for every run:

- it ends as done, with the outputs of an undisturbed run;
- every side effect carries one idempotency key, whoever made it; the distinct keys are exactly the calls of an
  undisturbed run; a call whose node had ended by a kill is never made again after it;
- the trace shows the interruption: the run's row and its root span list one for each kill that met it at work.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import random
import signal
import sqlite3
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.crash_workflow import ITEMS, ROUNDS, Worker, expected_effects

KILLS_A_RUN = 4
LONGEST = 60.0
"""Seconds a process may work before it counts as hanging."""
_NOT_RESULTS = ("__interrupt__", "__resume__", "__error__", "__scheduled__")


@dataclass
class Kill:
    """One kill."""

    after: float
    """Seconds of the process's life."""
    itself: bool
    """Right after a side effect."""
    ledger: int
    """Lines there were."""
    completed: set[str] = field(default_factory=set)
    """Tasks whose results the checkpoints held."""


@dataclass
class Outcome:
    """What became of one run."""

    status: str = ""
    kills: int = 0
    at_work: int = 0
    """Kills that met the run at work, rather than a process that had not begun or had nothing left to do."""
    lines: int = 0
    keys: int = 0
    repeated: int = 0
    """Lines beyond the first of their key: nodes that were cut between their effect and its being noted."""
    interruptions: int = 0
    lost_spans: int = 0
    problems: list[str] = field(default_factory=list)


def live(home: str, kill_after: int) -> None:
    """A process's life."""
    os.environ["LEDGER"] = str(Path(home) / "ledger.jsonl")
    os.environ["KILL_AFTER"] = str(kill_after)
    worker = Worker(Path(home))
    worker.work()
    worker.close()


def run_killed(home: Path, kills: int, chance: random.Random, usual: float) -> Outcome:
    """One run, its processes killed ``kills`` times; ``usual`` is how long an undisturbed one works, seconds."""
    (home / "ledger.jsonl").touch()
    made: list[Kill] = []
    while True:
        itself = len(made) < kills and chance.random() < 1 / 3
        mine = _lines(home) + chance.randint(1, 20) if itself else 0
        process = multiprocessing.get_context("fork").Process(target=live, args=(str(home), mine))
        begun = time.monotonic()
        process.start()
        _await_work(home, process)
        process.join(chance.uniform(0.0, usual) if len(made) < kills and not itself else LONGEST)
        if process.exitcode == 0:
            return _judged(home, made)
        if process.is_alive():
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)
            process.join()
            if len(made) >= kills:
                return Outcome("hangs", len(made), problems=[f"a process hung for {LONGEST:g} s"])
        elif process.exitcode != -signal.SIGKILL:
            return Outcome("broken", len(made), problems=[f"a process ended with {process.exitcode}"])
        made.append(Kill(time.monotonic() - begun, itself, _lines(home), _completed(home)))


def _await_work(home: Path, process: Any) -> None:
    """Until the process works on the run: what it does before harms nothing when it is killed."""
    mark = home / "working"
    while process.is_alive() and not mark.exists():
        time.sleep(0.002)
    mark.unlink(missing_ok=True)


def _lines(home: Path) -> int:
    return (home / "ledger.jsonl").read_text().count("\n")


def _completed(home: Path) -> set[str]:
    file = home / "checkpoints.db"
    if not file.exists():
        return set()
    with contextlib.closing(sqlite3.connect(file)) as connection, contextlib.suppress(sqlite3.OperationalError):
        marks = ", ".join("?" * len(_NOT_RESULTS))
        rows = connection.execute(f"SELECT DISTINCT task_id FROM writes WHERE channel NOT IN ({marks})", _NOT_RESULTS)
        return {row[0] for row in rows}
    return set()


def _judged(home: Path, kills: list[Kill]) -> Outcome:
    with contextlib.closing(sqlite3.connect(home / "nodeloom.db")) as connection:
        connection.row_factory = sqlite3.Row
        runs = [dict(row) for row in connection.execute("SELECT * FROM run")]
        root = connection.execute("SELECT attributes FROM span WHERE parent_id IS NULL").fetchone()
        lost = connection.execute("SELECT count(*) FROM span WHERE status = 'lost'").fetchone()[0]
        still = connection.execute("SELECT count(*) FROM span WHERE status = 'running'").fetchone()[0]
    lines = [json.loads(line) for line in (home / "ledger.jsonl").read_text().splitlines()]
    interruptions = json.loads(runs[0]["interruptions"])
    keys = Counter(line["key"] for line in lines)
    outcome = Outcome(
        runs[0]["status"], len(kills), len(interruptions), len(lines), len(keys), len(lines) - len(keys),
        len(interruptions), lost,
    )  # fmt: skip
    outcome.problems = [
        *_wrong_ending(runs), *wrong_effects(lines), *done_twice(lines, kills),
        *(["the root span does not list the interruptions"] if _listed(root) != interruptions else []),
        *([f"{still} spans are open though the run has ended"] if still else []),
    ]  # fmt: skip
    return outcome


def _listed(root: sqlite3.Row) -> Any:
    return json.loads(root["attributes"] or "{}").get("interruptions", [])


def _wrong_ending(runs: list[dict[str, Any]]) -> list[str]:
    right = {"answer": "last1", "items": ["i21"] * ITEMS}
    if len(runs) != 1 or runs[0]["status"] != "done":
        return [f"{len(runs)} runs, the first is {runs[0]['status']}: {runs[0]['error']}"]
    outputs = json.loads(runs[0]["outputs"])
    return [] if outputs == right else [f"the outputs are {outputs}, not {right}"]


def wrong_effects(lines: list[dict[str, Any]]) -> list[str]:
    """One key for each call of an undisturbed run, and no others."""
    places = {(line["key"], line["node"], line["visit"], _given(line)) for line in lines}
    outer = Counter((node, visit, given) for _, node, visit, given in places if not node.startswith("i"))
    expected = expected_effects()
    found = [f"{place} has {outer.get(place, 0)} keys" for place in expected if outer.get(place, 0) != 1]
    found += [f"{place} should not have run" for place in outer if place not in expected]
    inner = Counter((node, given) for _, node, _, given in places if node.startswith("i"))
    times = {node: ROUNDS * (ITEMS if node == "i1" else 1) for node, _ in inner}
    if len(inner) != 2 * ITEMS + 1 or any(count != times[node] for (node, _), count in inner.items()):
        found.append(f"the frame's effects are {dict(inner)}")
    return found


def _given(line: dict[str, Any]) -> Any:
    return "list" if isinstance(line["given"], list) else line["given"]


def done_twice(lines: list[dict[str, Any]], kills: list[Kill]) -> list[str]:
    """Calls made after a kill by a task that the checkpoints held as completed at that kill."""
    return [
        f"{line['node']} #{line['visit']} ran again after kill {number} though it had ended"
        for number, kill in enumerate(kills, 1)
        for line in lines[kill.ledger :]
        if line["task"] in kill.completed
    ]


def measure(kills: int, seed: int) -> dict[str, Any]:
    """Run until so many kills have met a run at work, or something went wrong."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        before = time.monotonic()
        calm = run_killed(_home(folder, "calm"), 0, chance, 0.0)
        usual = time.monotonic() - before
        outcomes: list[Outcome] = []
        while (left := kills - sum(each.at_work for each in outcomes)) > 0 and not any(o.problems for o in outcomes):
            home = _home(folder, f"run{len(outcomes)}")
            outcomes.append(run_killed(home, min(KILLS_A_RUN, left), chance, usual))
    problems = [problem for each in (calm, *outcomes) for problem in each.problems]
    keys = ("kills", "at_work", "lines", "repeated", "interruptions", "lost_spans")
    return {
        "runs": len(outcomes), "done": sum(each.status == "done" for each in outcomes), "seconds_undisturbed": usual,
        "effects_a_run": calm.keys, **{key: sum(getattr(each, key) for each in outcomes) for key in keys},
        "problems": problems, "outcomes": [asdict(each) for each in outcomes],
    }  # fmt: skip


def _home(folder: str, name: str) -> Path:
    home = Path(folder) / name
    home.mkdir()
    return home


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.kills, given.seed)
    if given.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{key}: {value}" for key, value in found.items() if key not in ("outcomes", "problems")))
        print("\n".join(found["problems"]) or "no problems")
    return 1 if found["problems"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
