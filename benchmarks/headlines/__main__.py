"""Do the headline mechanisms hold here? Each beside what it claims to better, same tasks, same model, same budget.

    uv run python -m benchmarks.headlines [--only NAME ...] [--count N] [--model builtin:qwen2.5-coder-1.5b]
    uv run python -m benchmarks.headlines --report

Every task goes through all sides of a question before the next begins, and the questions take turns. Each result is
appended to ``--out`` as it comes; what stands there under the same key (question, task, side, model, workflow with
its budget) is not run again, so a stopped measurement goes on where it was, on another day too. ``--report`` writes
the tables into ``docs/headlines.md``. NODELOOM_HOME says which home is used: it must hold the model's file.
"""

import argparse
from pathlib import Path
from typing import Final

from benchmarks.gsm8k import rows_of
from benchmarks.headlines import (
    blackboard,
    code_or_json,
    debate,
    game24,
    parallel_plan,
    retrieval,
    text_world,
)
from benchmarks.headlines.measuring import MODEL, measure
from benchmarks.headlines.question import Question
from benchmarks.headlines.report import write_report

HERE: Final = Path(__file__).parent
RESULTS: Final = HERE.parent / "results" / "headlines.jsonl"
PAGE: Final = HERE.parent.parent / "docs" / "headlines.md"


def questions() -> dict[str, Question]:
    """All questions by name, in the order of the page."""
    made = (
        game24.question(), code_or_json.question(), parallel_plan.question(), parallel_plan.with_a_model(),
        text_world.question(), retrieval.question(), blackboard.question(), debate.question(),
    )  # fmt: skip
    return {each.name: each for each in made}


def main() -> None:
    """The command line."""
    every = questions()
    arguments = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    arguments.add_argument("--only", nargs="+", choices=list(every), help="these questions")
    arguments.add_argument("--count", type=int, help="the first so many tasks of each")
    arguments.add_argument("--model", default=MODEL)
    arguments.add_argument("--out", type=Path, default=RESULTS)
    arguments.add_argument("--report", action="store_true", help="only write the tables into docs/headlines.md")
    chosen = arguments.parse_args()
    asked = [every[name] for name in chosen.only or every]
    if not chosen.report:
        from ui.workspace import workspace  # opens the home folder: the report needs none

        opened = workspace()
        try:
            measure(opened, asked, chosen.count, chosen.model, chosen.out)
        finally:
            opened.close()
    print(write_report(asked, rows_of(chosen.out), PAGE if chosen.report else None))


if __name__ == "__main__":
    main()
