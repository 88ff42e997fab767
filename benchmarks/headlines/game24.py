"""LATS, best-first or breadth-first? The Game of 24 with a model that proposes and judges, at equal tokens.

Zhou et al. 2023, LATS (https://arxiv.org/abs/2310.04406); Koh et al. 2024 (https://arxiv.org/abs/2407.01476); Yao et
al. 2023, Tree of Thoughts (https://arxiv.org/abs/2305.10601), whose game it is. The model proposes sums; a program
carries out those that are allowed, in exact fractions. Breadth-first asks for no judgements, so it looks into more.
"""

import re
from fractions import Fraction

from benchmarks.headlines.question import Check, Ended, Question, Task, side
from benchmarks.search import TARGET, puzzles

BUDGET = 2_000
COUNT = 10
SUM = re.compile(r"(-?\d+(?:/\d+)?) *([-+*x/]) +(-?\d+(?:/\d+)?)")
"""As the workflow's own program reads an action."""


def question() -> Question:
    """The puzzles people solve fastest."""
    sides = {
        "breadth-first": side("search", BUDGET, kind="breadth_first", more=""),
        "best-first": side("search", BUDGET, kind="best_first", more="prune: null"),
        "LATS": side("search", BUDGET, kind="monte_carlo", more="reflections: 1"),
    }
    tasks = [
        Task(puzzle, {"task": "Make 24.", "numbers": f"Numbers left: {puzzle}"}, _makes_24(puzzle))
        for puzzle in puzzles()[:COUNT]
    ]
    return Question("game24", "LATS, best-first, breadth-first", sides, tasks)


def _makes_24(puzzle: str) -> Check:
    """By doing the sums again: what the search says of itself does not count."""

    def check(ended: Ended) -> tuple[bool, str]:
        actions = [str(each) for each in ended.outputs.get("actions") or ()]
        return replayed(puzzle, actions) == [TARGET], ", ".join(actions)

    return check


def replayed(puzzle: str, actions: list[str]) -> list[Fraction]:
    """The numbers that are left after ``actions``. Raises ValueError for one that cannot be."""
    left = [Fraction(each) for each in puzzle.split()]
    for action in actions:
        read = SUM.search(action)
        if read is None:
            raise ValueError(f"{action!r} is no sum")
        a, sign, b = Fraction(read[1]), read[2], Fraction(read[3])
        left.remove(a)
        left.remove(b)
        left.append({"+": a + b, "-": a - b, "*": a * b, "x": a * b}[sign] if sign != "/" else a / b)
    return left
