"""Does debate beat self-consistency at equal tokens? GSM8K, the problems with the shortest solutions.

Du et al. 2023 (https://arxiv.org/abs/2305.14325) against Wang et al. 2022 (https://arxiv.org/abs/2203.11171). A
debate of two members in two rounds reads long prompts; the vote gets as many more samples as make its tokens equal.
"""

import json
from pathlib import Path
from typing import Any

from benchmarks.gsm8k import number_in
from benchmarks.headlines.question import Check, Ended, Question, Task, side

DATA = Path(__file__).parent.parent / "data" / "gsm8k" / "dev.jsonl"
BUDGET = 4_000
COUNT = 12


def question() -> Question:
    """The problems of the development set that are solved in the fewest words."""
    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    shortest = sorted(range(len(rows)), key=lambda at: (len(rows[at]["answer"]), at))[:COUNT]
    tasks = [Task(str(at), {"question": rows[at]["question"]}, _right(rows[at])) for at in shortest]
    sides = {"self-consistency": side("vote", BUDGET), "debate": side("debate", BUDGET)}
    return Question("debate", "Debate against self-consistency", sides, tasks)


def _right(row: dict[str, Any]) -> Check:
    right = float(row["answer"].split("####")[1].replace(",", ""))

    def check(ended: Ended) -> tuple[bool, str]:
        found = number_in(str(ended.outputs.get("answer", "")))
        return found is not None and abs(found - right) < 1e-6, f"{found} for {right:g}"

    return check
