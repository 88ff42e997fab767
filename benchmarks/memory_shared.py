"""A search in the process that has the memory's index open, and the same in another, in turn.

    python -m benchmarks.memory_shared [--records 10000] [--queries 300]

Both processes have the same home, texts and queries (as ``benchmarks.memory``); which of the two is asked
first alternates, so that a busy machine slows both. Prints wall time and the CPU of the asking process.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.memory import Bench, Stopwatch, queries
from benchmarks.memory_data import corpus

_WARM: Final = 20
_SEED: Final = 3


class Side:
    """One process's searches, timed."""

    def __init__(self, bench: Bench, records: int, count: int) -> None:
        self.watch = Stopwatch()
        self._bench = bench
        self._asked = queries(corpus(records, seed=_SEED), count + _WARM, _SEED)
        bench.given.know([text for text, _ in self._asked], [vector for _, vector in self._asked])

    def search(self, number: int) -> None:
        """The query of that number; the first ones are not timed."""
        watch = self.watch if number >= _WARM else Stopwatch()
        watch.run(lambda: self._bench.memories.search("all", self._asked[number][0]))


def measure(folder: Path, records: int, count: int) -> dict[str, Any]:
    """Times of both sides, and of the other's over the owner's for the same query (ms)."""
    bench = Bench(folder)
    bench.load("all", corpus(records, seed=_SEED))
    own = Side(bench, records, count)
    with _other(folder, records, count) as process:
        for number in range(count + _WARM):
            for owner in (True, False) if number % 2 else (False, True):
                if owner:
                    own.search(number)
                else:
                    _tell(process, f"{number}\n")
        theirs = json.loads(_tell(process, "end\n"))
    bench.close()
    more = [other - mine for mine, other in zip(own.watch.wall, theirs["wall"], strict=True)]
    other = Stopwatch()
    other.wall, other.cpu = theirs["wall"], theirs["cpu"]
    return {
        "owner": vars(own.watch.times()),
        "other": vars(other.times()),
        "more": {"p50": round(statistics.median(more), 2), "mean": round(statistics.fmean(more), 2)},
    }


def answer(folder: Path, records: int, count: int) -> None:
    """The other process: a line with a query's number is answered when it is done."""
    bench = Bench(folder)
    side = Side(bench, records, count)
    print("ready", flush=True)
    for line in sys.stdin:
        if line == "end\n":
            break
        side.search(int(line))
        print("done", flush=True)
    print(json.dumps({"wall": side.watch.wall, "cpu": side.watch.cpu}), flush=True)
    bench.close()


def _other(folder: Path, records: int, count: int) -> "subprocess.Popen[str]":
    numbers = ["--records", str(records), "--queries", str(count)]
    command = [sys.executable, "-m", "benchmarks.memory_shared", "--home", str(folder), *numbers]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _tell(process: "subprocess.Popen[str]", line: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line)
    process.stdin.flush()
    return process.stdout.readline()


def main(given: Sequence[str] | None = None) -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--home", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(given)
    if options.home:
        answer(options.home, options.records, options.queries)
        return
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), options.records, options.queries), indent=2))


if __name__ == "__main__":
    main()
