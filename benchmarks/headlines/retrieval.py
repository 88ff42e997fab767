"""Do recency, importance and relevance together find the better memory than similarity alone? No model at work.

Park et al. 2023, Generative Agents (https://arxiv.org/abs/2304.03442), section 4.1. One memory space holds the facts
of all questions (benchmarks/data/memories, written for this): in a third the newer fact is right, in a third the
important one, and in a third, as the counter-check, an old and plain one beside something new and important on the
same subject. The first record that is found counts.
"""

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks.headlines.question import Check, Ended, Question, Task, side
from graphs.models.script import Script
from store.errors import NotFound
from store.memory_records import Draft

DATA = Path(__file__).parent.parent / "data" / "memories" / "questions.jsonl"
SPACE = "headlines"
DAY = 86_400.0
WEIGHTS = {
    "similarity alone": "similarity: 1, recency: 0, importance: 0, keyword: 0",
    "with recency and importance": "similarity: 0.55, recency: 0.15, importance: 0.2, keyword: 0.1",
    "all three alike": "similarity: 1, recency: 1, importance: 1, keyword: 0",
}
"""The second is Nodeloom's default, the third the paper's."""


def rows() -> list[dict[str, Any]]:
    """The questions with their facts: ``right`` and each of ``wrong`` are text, age in days, importance 1 to 10."""
    return [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]


def question() -> Question:
    """24 questions, in the order of the file."""
    sides = {name: side("recall", None, space=SPACE, weights=weights) for name, weights in WEIGHTS.items()}
    tasks = [Task(row["id"], {"question": row["question"]}, _first_is(row["right"][0]), row["sort"]) for row in rows()]
    nobody = Script.model_validate({"name": "headline_nobody", "replies": []})
    return Question("retrieval", "Recency, importance, relevance", sides, tasks, script=nobody, prepare=prepare)


def prepare(workspace: Any) -> None:
    """The space made anew, for ages count from now."""
    with suppress(NotFound):
        workspace.memories.delete_space(SPACE)
    now = time.time()
    facts = [fact for row in rows() for fact in (row["right"], *row["wrong"])]
    workspace.memories.add_all(
        SPACE,
        [
            Draft(text, importance=importance, created_at=now - days * DAY, updated_at=now - days * DAY)
            for text, days, importance in facts
        ],
    )


def _first_is(right: str) -> Check:
    def check(ended: Ended) -> tuple[bool, str]:
        hits = ended.outputs.get("hits") or [{"text": "nothing"}]
        return hits[0]["text"] == right, hits[0]["text"]

    return check
