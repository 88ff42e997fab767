"""CodeAct: does acting in code beat tool calls in JSON? The same two tools, a shop's prices and its stock.

Wang et al. 2024 (https://arxiv.org/abs/2402.01030) claim it where calls are combined; so most tasks need several.
"""

import re
from typing import Any

from benchmarks.gsm8k import number_in
from benchmarks.headlines.question import Check, Ended, Question, Task, side
from ui.documents import data

BUDGET = 4_000
PRICES = {"lamp": 24, "chair": 45, "desk": 130, "shelf": 60, "rug": 35, "clock": 18, "mirror": 27, "vase": 12}
STOCK = {"lamp": 7, "chair": 0, "desk": 3, "shelf": 12, "rug": 5, "clock": 0, "mirror": 2, "vase": 20}
FORM = (
    "price and stock are there already: each is called for one item, such as lamp. Call them for every item you need; "
    "then work the answer out from what they gave."
)
EASY = {"What does a mirror cost?": 27, "How many rugs are in stock?": 5, "What do two shelves cost?": 120}
NUMBERS = {
    "What do a lamp and a vase cost together?": 36,
    "What do 3 chairs cost?": 135,
    "How many lamps, rugs and vases are in stock in all?": 32,
    "What do a desk and 4 chairs cost together?": 310,
    "What is the whole stock of shelves worth?": 720,
    "How much more does a desk cost than a shelf and a rug together?": 35,
    "What is the mean price of a lamp, a clock, a mirror and a vase?": 20.25,
}
NAMES = {
    "Which is the dearest of lamp, mirror, vase and clock?": ({"mirror"}, {"lamp", "vase", "clock"}),
    "Which of chair, desk, clock and rug are sold out?": ({"chair", "clock"}, {"desk", "rug"}),
    "Which is the dearest of lamp, chair, rug and mirror that is in stock?": ({"rug"}, {"lamp", "chair", "mirror"}),
}


def question() -> Question:
    """Three tasks of one call, then ten of one to four, numbers and names in turn."""
    sides = {"JSON tool calls": side("call_tools", BUDGET), "act in code": side("act_in_code", BUDGET)}
    numbers = [(asked, _number(right)) for asked, right in NUMBERS.items()]
    names = [(asked, _names(*right)) for asked, right in NAMES.items()]
    ordered = [*numbers[:2], names[0], *numbers[2:4], names[1], *numbers[4:6], names[2], *numbers[6:]]
    numbered = {f"easy-{at}": (asked, _number(right)) for at, (asked, right) in enumerate(EASY.items(), start=1)}
    numbered |= {str(at): each for at, each in enumerate(ordered, start=1)}
    tasks = [Task(id, {"task": f"{asked}\n{FORM}"}, check) for id, (asked, check) in numbered.items()]
    return Question("code_or_json", "CodeAct against JSON tool calls", sides, tasks, prepare=prepare)


def prepare(workspace: Any) -> None:
    """The two tools are saved workflows of the workspace."""
    there = {each.document["title"] for each in workspace.workflows.list()}
    for name, table in (("price", PRICES), ("stock", STOCK)):
        said = "Price" if name == "price" else "How many are in stock"
        summary = f"{said} of one item; in Python a record, read it as {name}(item)['{name}']."
        document = side("lookup", None, name=name, table=repr(table), summary=f'"{summary}"')
        if document.title not in there:
            workspace.workflows.create(data(document))


def _number(right: float) -> Check:
    def check(ended: Ended) -> tuple[bool, str]:
        found = number_in(str(ended.outputs.get("answer", "")))
        return found is not None and abs(found - right) < 1e-6, f"{found} for {right:g}"

    return check


def _names(right: set[str], wrong: set[str]) -> Check:
    def check(ended: Ended) -> tuple[bool, str]:
        answer = str(ended.outputs.get("answer", ""))
        said = ([""] + [each for each in re.split(r"[.!?\n]", answer.lower()) if each.strip()])[-1]
        return all(name in said for name in right) and not any(name in said for name in wrong), said.strip()

    return check
