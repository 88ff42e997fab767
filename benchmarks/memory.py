"""Recall, writing and rebuilding of the memory, beside bare Chroma on the same data in the same process.

    python -m benchmarks.memory [--records 100000] [--spaces 20] [--each 5000] [--queries 300]

Texts and vectors are synthetic (``memory_data``): the query's embedding is counted apart. Searches of
the memory and of bare Chroma alternate query by query, so that a busy machine slows both. ``--profile``
prints where a search spends its CPU.
"""

import argparse
import cProfile
import json
import pstats
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.memory_data import Corpus, Given, corpus
from store.database import Database
from store.embedding import MiniLM
from store.home import Home
from store.memories import Draft, Memories

_BATCH: Final = 500
TOP: Final = 5  # what a Recall node asks for
SEED: Final = 7


@dataclass(frozen=True)
class Times:
    """Of many calls: wall-time percentiles and mean CPU (all threads of the process), milliseconds."""

    p50: float
    p95: float
    cpu: float

    @staticmethod
    def of(wall: Sequence[float], cpu: Sequence[float]) -> "Times":
        cuts = statistics.quantiles(wall, n=20)
        return Times(round(statistics.median(wall), 2), round(cuts[18], 2), round(statistics.fmean(cpu), 2))


class Stopwatch:
    """Collects wall and CPU milliseconds of calls."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def run(self, action: Callable[[], Any]) -> Any:
        """Time one call."""
        cpu, wall = time.process_time(), time.perf_counter()
        answer = action()
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)
        return answer

    def times(self) -> Times:
        return Times.of(self.wall, self.cpu)


class Bench:
    """A home with memories whose embedding is given."""

    def __init__(self, folder: Path) -> None:
        home = Home(folder).create()
        self.database = Database(home.database)
        self.given = Given()
        self.memories = Memories(self.database, home.memory, self.given, embedding_model="given")

    def load(self, space: str, data: Corpus) -> float:
        """Write a corpus in batches; records a second."""
        self.given.know(data.texts, data.vectors)
        importance = random.Random(SEED)
        began = time.perf_counter()
        for start in range(0, len(data.texts), _BATCH):
            part = range(start, min(start + _BATCH, len(data.texts)))
            self.memories.add_all(
                space,
                [Draft(data.texts[at], kind=data.kinds[at], importance=importance.randint(1, 10)) for at in part],
            )
        return len(data.texts) / (time.perf_counter() - began)

    def bare(self, space: str) -> Callable[[str], Any]:
        """Chroma's own query on the very collection that the memory uses, as many results as a search returns."""
        space_id = self.memories.space_id(space)
        self.memories.search(space, next(iter(self.given.texts())), mark=False)
        owned = self.memories._index._index.owned  # pyright: ignore[reportPrivateUsage]
        assert owned is not None  # no other process has this home
        collection = owned._index._collection(space_id)  # pyright: ignore[reportPrivateUsage]
        return lambda text: collection.query(query_embeddings=np.asarray(self.given([text])), n_results=TOP)

    def close(self) -> None:
        self.memories.close()
        self.database.close()


def queries(data: Corpus, count: int, seed: int) -> list[tuple[str, Any]]:
    """Three to eight words of a record each, with a vector near the record's."""
    chosen = random.Random(seed)
    found: list[tuple[str, Any]] = []
    for number in range(count):
        at = chosen.randrange(len(data.texts))
        words = data.texts[at].rstrip(".").split()
        text = " ".join(chosen.sample(words, min(len(words), chosen.randint(3, 8)))) + f" q{number}"
        vector = data.vectors[at] + data.vectors[chosen.randrange(len(data.texts))] * 0.2
        found.append((text, vector))
    return found


def beside(bench: Bench, space: str, asked: Sequence[str], **more: Any) -> dict[str, Any]:
    """Search and bare query in turn; both times, and the ratios of search to bare."""
    bare = bench.bare(space)
    ours, theirs = Stopwatch(), Stopwatch()
    for text in asked[:20]:  # warm
        bare(text)
        bench.memories.search(space, text, top_k=TOP, **more)
    for text in asked:
        theirs.run(lambda text=text: bare(text))
        ours.run(lambda text=text: bench.memories.search(space, text, top_k=TOP, **more))
    search, chroma = ours.times(), theirs.times()
    ratios = {name: round(getattr(search, name) / getattr(chroma, name), 2) for name in ("p50", "p95", "cpu")}
    return {"search": asdict(search), "bare": asdict(chroma), "ratio": ratios}


def rebuilt(bench: Bench, space: str, asked: Sequence[str]) -> dict[str, Any]:
    """Rebuild from SQL: the time, and how many queries give the very same ids and scores as before."""
    ageless = {"mark": False, "half_life_days": 36_500.0}

    def answers() -> list[list[tuple[str, float]]]:
        found = [bench.memories.search(space, text, top_k=TOP, **ageless) for text in asked]
        return [[(hit.id, round(hit.score, 4)) for hit in hits] for hits in found]

    before = answers()
    began = time.perf_counter()
    records = bench.memories.rebuild(space)
    seconds = time.perf_counter() - began
    same = sum(one == other for one, other in zip(before, answers(), strict=True))
    return {"records": records, "seconds": round(seconds, 1), "queries": len(asked), "identical": same}


def measure_spaces(folder: Path, spaces: int, each: int, asked: int) -> dict[str, Any]:
    """The same space alone in a home, and as one of ``spaces`` equal ones: both beside bare Chroma."""
    found: dict[str, Any] = {}
    for name, count in (("alone", 1), ("among", spaces)):
        bench = Bench(folder / name)
        loaded = [bench.load(f"space{at}", corpus(each, seed=SEED + at)) for at in range(count)]
        some = queries(corpus(each, seed=SEED), asked, SEED)
        bench.given.know([text for text, _ in some], [vector for _, vector in some])
        found[name] = beside(bench, "space0", [text for text, _ in some]) | {
            "records_per_second": [round(loaded[0]), round(loaded[-1])]
        }
        bench.close()
    return found


def one_by_one(bench: Bench, space: str, count: int) -> Times:
    """Single writes into a full space."""
    data = corpus(count, seed=SEED + 1_000)
    texts = [f"Single {text}" for text in data.texts]
    bench.given.know(texts, data.vectors)
    watch = Stopwatch()
    for text in texts:
        watch.run(lambda text=text: bench.memories.add(space, text))
    return watch.times()


def embedding(count: int) -> Times:
    """The built-in embedding of one short query."""
    model, watch = MiniLM(), Stopwatch()
    model(["warm"])
    for number in range(count):
        watch.run(lambda number=number: model([f"How did the price of bolt number {number} change?"]))
    return watch.times()


class Report(dict[str, Any]):
    """What was measured; each part is said on stderr as soon as it is known."""

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        print(json.dumps({name: value}), file=sys.stderr, flush=True)


def measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Everything, as data."""
    data = corpus(options.records, seed=SEED)
    bench = Bench(folder / "one")
    report = Report()
    report["written_per_second"] = round(bench.load("all", data))
    some = queries(data, options.queries, SEED)
    bench.given.know([text for text, _ in some], [vector for _, vector in some])
    asked = [text for text, _ in some]
    report["recall"] = beside(bench, "all", asked)
    report["recall_of_one_kind"] = beside(bench, "all", asked[:100], kinds=("lesson",))
    report["embedding_of_a_query"] = asdict(embedding(100))
    report["single_write"] = asdict(one_by_one(bench, "all", 50))
    if options.profile:
        profile(bench, asked)
    report["rebuild"] = rebuilt(bench, "all", asked[:100])
    bench.close()
    report["spaces"] = measure_spaces(folder, options.spaces, options.each, options.queries)
    return report


def profile(bench: Bench, asked: Sequence[str]) -> None:
    """Print where the searches spend their time."""
    with cProfile.Profile() as profiler:
        for text in asked:
            bench.memories.search("all", text, top_k=TOP)
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--spaces", type=int, default=20)
    parser.add_argument("--each", type=int, default=5_000)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(measure(Path(folder), options), indent=2))


if __name__ == "__main__":
    main()
