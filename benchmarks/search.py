"""Is search exact? Every searcher over the Game of 24 with scripted proposals and values, without a model.

    uv run python -m benchmarks.search [--count 400] [--unsolvable 40]

Make 24 from four numbers, using each once, with + - x /. The real node functions run on a scripted context:
``propose`` gives every legal combination of two of the numbers, in exact fractions; ``value`` and the
estimate of A* look at the numbers that are left (see ``value`` and ``estimate``), never at a solution. The
table is printed and written into docs/search.md between its marks.
"""

import argparse
import asyncio
import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations, combinations_with_replacement
from pathlib import Path
from statistics import mean, median
from typing import Any

from nodes.contract import NodeSpec, Route
from nodes.search.a_star import a_star
from nodes.search.beam import beam
from nodes.search.best_first import best_first
from nodes.search.breadth_first import breadth_first
from nodes.search.monte_carlo import monte_carlo
from tests.fakes import FakeContext, FakeSubworkflow

DATA = Path(__file__).parent / "data" / "game24" / "puzzles.csv"
PAGE = Path(__file__).parent.parent / "docs" / "search.md"
MARKS = ("<!-- table: written by benchmarks/search.py -->", "<!-- end of table -->")
TARGET = Fraction(24)
BUDGET = {"width": 40, "depth": 3, "expansions": 5_000}
"""Six pairs and six operations make at most 36 proposals; three actions leave one number."""


# --- the game ---------------------------------------------------------------------------------------


def puzzles() -> list[str]:
    """The 400 solvable puzzles as four numbers, those people solve fastest first."""
    with DATA.open(encoding="utf-8", newline="") as file:
        return [row["puzzle"] for row in csv.DictReader(file)]


def unsolvable(count: int) -> list[str]:
    """``count`` sets of four numbers from 1 to 13 that cannot make 24, spread evenly over all of them."""
    every = [numbers for numbers in combinations_with_replacement(range(1, 14), 4) if not solvable(numbers)]
    step = max(len(every) // max(count, 1), 1)
    return [" ".join(map(str, numbers)) for numbers in every[::step][:count]]


def solvable(numbers: tuple[Any, ...]) -> bool:
    """By brute force: the independent check of what the searchers say."""
    return _makes_24(tuple(sorted(map(Fraction, numbers))))


@cache
def _makes_24(numbers: tuple[Fraction, ...]) -> bool:
    if len(numbers) == 1:
        return numbers[0] == TARGET
    return any(_makes_24(left) for _, left in moves(numbers))


def moves(numbers: tuple[Fraction, ...]) -> Iterator[tuple[str, tuple[Fraction, ...]]]:
    """Every combination of two of the numbers: how it is written, and the sorted numbers after it."""
    for i, j in combinations(range(len(numbers)), 2):
        rest = tuple(number for at, number in enumerate(numbers) if at not in (i, j))
        for text, result in results(numbers[i], numbers[j]):
            yield text, tuple(sorted((*rest, result)))


def results(a: Fraction, b: Fraction) -> Iterator[tuple[str, Fraction]]:
    """What two numbers can make."""
    yield f"{a} + {b}", a + b
    yield f"{a} x {b}", a * b
    for x, y in ((a, b), (b, a)):
        yield f"{x} - {y}", x - y
        if y:
            yield f"{x} / {y}", x / y


def numbers_of(situation: str) -> tuple[Fraction, ...]:
    """``"3 4/3 8"`` as fractions."""
    return tuple(sorted(map(Fraction, situation.split())))


def written(numbers: tuple[Fraction, ...]) -> str:
    """The other way round."""
    return " ".join(map(str, numbers))


# --- the scripted sub-workflows ---------------------------------------------------------------------


def propose(given: dict[str, Any]) -> dict[str, Any]:
    """Every legal move, in the order of ``moves``."""
    found = moves(numbers_of(given["situation"]))
    return {"actions": [{"action": text, "situation": written(left)} for text, left in found]}


def reached(given: dict[str, Any]) -> dict[str, Any]:
    """Whether 24 alone is left."""
    return {"reached": numbers_of(given["situation"]) == (TARGET,)}


def value(given: dict[str, Any]) -> dict[str, Any]:
    """1 for 24 alone and 0 for another number alone; 0.9 for two numbers that one operation makes 24, else 0;
    for more numbers 0.1, and up to 0.8 by the share of them that divide 24 or are 24.
    """
    numbers = numbers_of(given["situation"])
    if len(numbers) == 1:
        return {"value": float(numbers == (TARGET,))}
    if len(numbers) == 2:
        return {"value": 0.9 if one_step(numbers) else 0.0}
    useful = sum(number > 0 and (TARGET / number).denominator == 1 for number in numbers)
    return {"value": 0.1 + 0.7 * useful / len(numbers)}


def estimate(given: dict[str, Any]) -> dict[str, Any]:
    """Operations still needed: one less than there are numbers, exact wherever 24 can be made; less than 0
    where one or two numbers are left that cannot make it. It never exceeds the true cost: admissible.
    """
    numbers = numbers_of(given["situation"])
    hopeless = numbers != (TARGET,) if len(numbers) == 1 else len(numbers) == 2 and not one_step(numbers)
    return {"cost": -1 if hopeless else len(numbers) - 1}


def count_left(given: dict[str, Any]) -> dict[str, Any]:
    """Operations still needed by the count of numbers alone, less than 0 for a wrong last number: admissible too."""
    numbers = numbers_of(given["situation"])
    return {"cost": -1 if len(numbers) == 1 and numbers != (TARGET,) else len(numbers) - 1}


def one_step(numbers: tuple[Fraction, ...]) -> bool:
    """Whether one operation on two numbers makes 24."""
    return any(result == TARGET for _, result in results(numbers[0], numbers[1]))


# --- running ----------------------------------------------------------------------------------------


class ScriptedContext(FakeContext):
    """A context that neither draws nor talks: views of thousands of nodes would be most of the time."""

    def show(self, view: Mapping[str, Any]) -> None:
        """Nothing."""

    def progress(self, text: str) -> None:
        """Nothing."""


@dataclass(frozen=True)
class Searcher:
    """A kind with its settings, and what is attached as ``value``; None: it needs no values."""

    name: str
    spec: NodeSpec
    valuer: Callable[[dict[str, Any]], dict[str, Any]] | None
    config: dict[str, Any]


SEARCHERS = (
    Searcher("breadth-first", breadth_first, None, {}),
    Searcher("best-first", best_first, value, {}),
    Searcher("best-first, nothing pruned", best_first, value, {"prune": None}),
    Searcher("A*", a_star, estimate, {}),
    Searcher("A*, estimate without a look ahead", a_star, count_left, {}),
    Searcher("beam of 5", beam, value, {"beams": 5}),
    Searcher("beam of 20", beam, value, {"beams": 20}),
    Searcher("Monte Carlo", monte_carlo, value, {"reflections": 0}),
    Searcher("Monte Carlo, rolled out", monte_carlo, value, {"reflections": 0, "rollout": 2}),
)


@dataclass(frozen=True)
class Result:
    """What one search came to."""

    solved: bool
    expanded: int
    actions: tuple[str, ...]


async def search(searcher: Searcher, puzzle: str) -> Result:
    """One puzzle with one searcher. AssertionError where what it calls solved does not make 24."""
    parts = {"propose": FakeSubworkflow(propose), "goal": FakeSubworkflow(reached)}
    if searcher.valuer:
        parts["value"] = FakeSubworkflow(searcher.valuer)
    config = searcher.spec.config.model_validate(BUDGET | searcher.config)
    assert searcher.spec.run is not None
    start = written(numbers_of(puzzle))
    inputs = {"problem": f"Make 24 from {puzzle}", "situation": start}
    route = await searcher.spec.run(inputs, config, ScriptedContext(parts=parts))
    assert isinstance(route, Route)
    solved = route.outcome == "solved"
    assert not solved or replayed(start, route.outputs["actions"]) == (TARGET,)
    return Result(solved, route.outputs["expanded"], tuple(route.outputs["actions"]))


def replayed(start: str, actions: list[str]) -> tuple[Fraction, ...]:
    """The numbers after ``actions``, each looked up among the legal moves again."""
    numbers = numbers_of(start)
    for action in actions:
        numbers = dict(moves(numbers))[action]
    return numbers


async def table(count: int, hopeless: int) -> str:
    """The results as a Markdown table."""
    chosen, without = puzzles()[:count], unsolvable(hopeless)
    lines = [
        f"| searcher | solved of {len(chosen)} | expanded, mean | median | most | solved of {len(without)} unsolvable"
        " | expanded there, mean |",
        "|---|---|---|---|---|---|---|",
    ]
    for searcher in SEARCHERS:
        found = [await search(searcher, puzzle) for puzzle in chosen]
        wrong = [await search(searcher, puzzle) for puzzle in without]
        expanded = [result.expanded for result in found]
        lines.append(
            f"| {searcher.name} | {sum(result.solved for result in found)} | {mean(expanded):.1f} |"
            f" {median(expanded):g} | {max(expanded)} | {sum(result.solved for result in wrong)} |"
            f" {mean(result.expanded for result in wrong):.1f} |"
        )
        print(lines[-1], flush=True)
    return "\n".join(lines)


def write(text: str) -> None:
    """Put the table between its marks in the page."""
    before, rest = PAGE.read_text(encoding="utf-8").split(MARKS[0])
    after = rest.split(MARKS[1])[1]
    PAGE.write_text(f"{before}{MARKS[0]}\n\n{text}\n\n{MARKS[1]}{after}", encoding="utf-8")


def main() -> None:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description="Searchers over the Game of 24, without a model.")
    parser.add_argument("--count", type=int, default=400, help="puzzles, those people solve fastest first")
    parser.add_argument("--unsolvable", type=int, default=40, help="sets of numbers that cannot make 24")
    options = parser.parse_args()
    text = asyncio.run(table(options.count, options.unsolvable))
    write(text)


if __name__ == "__main__":
    main()
