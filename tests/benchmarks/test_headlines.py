"""The harness of the headline questions, on scripted answers: it cannot rot unseen."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from benchmarks.headlines import code_or_json, game24, parallel_plan, retrieval, text_world
from benchmarks.headlines.__main__ import PAGE, RESULTS, questions
from benchmarks.headlines.measuring import key_of, measure, schedule
from benchmarks.headlines.question import Ended, Question, ToolCall
from benchmarks.headlines.report import table, write_report
from graphs.models.script import Script
from graphs.validate import has_errors, validate
from store.home import Home
from ui.workspace import Workspace

BOARD = {"thought": "The board tells.", "answered": True, "request": ""}
ORDER = {"reason": "enough", "to": "finish", "instruction": ""}
PROGRAM = "final_answer(price('mirror')['price'])"
APPLE = ("go to table", "take apple")
REPLIES: dict[str, list[dict[str, Any]]] = {
    # 1 1 4 6: 4 * 6 = 24, then 24 * 1, twice; every other proposal leads astray or is not allowed.
    "game24": [
        {"match": "impossible", "text": "likely", "repeat": True},
        {"match": "left: 1 1 4 6", "data": {"steps": ["4 * 6", "9 + 9"]}, "repeat": True},
        {"match": "left: 1 1 24", "data": {"steps": ["24 * 1", "nothing"]}, "repeat": True},
        {"match": "left: 1 24", "data": {"steps": ["24 * 1 = 24"]}, "repeat": True},
    ],
    "code_or_json": [
        {"match": "27", "text": "It costs 27 euros.", "repeat": True},
        {"match": "mirror", "visit": 1, "tool_calls": [{"name": "price", "arguments": {"item": "mirror"}}]},
        {"match": "mirror", "text": f"```python\n{PROGRAM}\n```"},
    ],
    "text_world": [
        {"node": "plan", "data": {"steps": ["Pick up the apple"]}},
        *({"node": "work", "tool_calls": [{"name": "act", "arguments": {"command": each}}]} for each in APPLE),
        {"node": "work", "text": "I took the apple.", "repeat": True},
    ],
    "blackboard": [
        {"node": "lead", "match": "What is the next piece", "data": ORDER, "repeat": True},
        {"node": "lead", "match": "Results of the team", "text": "Ana Ruiz", "repeat": True},
        {"node": "lead", "data": {"answer": BOARD}, "repeat": True},
        {"node": "write", "text": "Ana Ruiz", "repeat": True},
    ],
    "debate": [{"text": "Answer: 6", "repeat": True}],
    "parallel_model": [{"text": "Oslo", "repeat": True}],
}  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A home for the file, without a model."""
    opened = Workspace(Home(tmp_path_factory.mktemp("headlines") / "home"))
    yield opened
    opened.close()


def rows(path: Path) -> list[dict[str, Any]]:
    """What was measured."""
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("name", list(questions()))
def test_the_first_task_goes_through_every_side(name: str, workspace: Workspace, tmp_path: Path):
    """Each question's workflows run as they are, their checks see what they came to, and the table says it."""
    question, out = questions()[name], tmp_path / "out.jsonl"
    for at, side in enumerate(question.sides):
        assert not has_errors(validate(question.sides[side])), side
        workspace.models.add_script(_script(f"{name}-{at}", name, side))
    for at, side in enumerate(question.sides):
        alone = Question(name, question.title, {side: question.sides[side]}, question.tasks, question.script,
                         question.prepare, question.bound)  # fmt: skip
        measure(workspace, [alone], 1, f"scripted:{name}-{at}", out)
    found = rows(out)
    assert [row["side"] for row in found] == list(question.sides)
    assert all(row["status"] == "done" for row in found), [row["error"] for row in found]
    assert found[-1]["solved"] or name == "retrieval", found[-1]["found"]
    assert all(row["calls"] > 0 for row in found) or name == "retrieval"


def _script(name: str, question: str, side: str) -> Script:
    """The answers; acting in code begins with a program, calling tools with a call."""
    replies = REPLIES.get(question, [])
    return Script.model_validate(
        {"name": name, "replies": replies[:1] + replies[2:] if side == "act in code" else replies}
    )


def test_nothing_is_measured_twice(workspace: Workspace, tmp_path: Path):
    """What stands in the file under the same key is left alone; another budget is another key."""
    question, out = parallel_plan.question(), tmp_path / "out.jsonl"
    measure(workspace, [question], 1, "unused", out)
    first = out.read_text()
    measure(workspace, [question], 1, "unused", out)
    assert out.read_text() == first
    task, side = question.tasks[0], next(iter(question.sides))
    document = question.sides[side]
    limits = document.limits.model_copy(update={"tokens": 7})
    other = Question(question.name, "", {side: document.model_copy(update={"limits": limits})}, question.tasks)
    assert key_of(question, task, side, "m") != key_of(other, task, side, "m")
    assert key_of(question, task, side, "m") == rows_key(question, side)


def rows_key(question: Question, side: str) -> str:
    """The key made anew."""
    return key_of(question, question.tasks[0], side, "m")


def test_sides_take_turns_in_going_first():
    """A machine that grows slower slows all alike."""
    order = [name for _, _, name in schedule([questions()["debate"]], 2)]
    assert order == ["self-consistency", "debate", "debate", "self-consistency"]


def test_sums_are_done_again_by_hand():
    """A way that a search calls solved is replayed; a number that is not there is a fault of the search."""
    assert game24.replayed("1 1 4 6", ["4 * 6 = 24", "1 * 1", "24 / 1"]) == [Fraction(24)]
    with pytest.raises(ValueError, match="not in list"):
        game24.replayed("1 1 4 6", ["9 + 9"])
    with pytest.raises(ValueError, match="is no sum"):
        game24.replayed("1 1 4 6", ["add them"])


def test_the_world_decides_whether_an_errand_is_done():
    """Not the words of the agent: commands are carried out again."""
    task = text_world.question().tasks[0]
    done = [ToolCall("act", {"command": each}, "") for each in APPLE]
    assert task.check(Ended({"answer": "no"}, done))[0]
    assert not task.check(Ended({"answer": "I took the apple."}, done[:-1]))[0]


def test_names_count_in_the_last_sentence():
    """What an answer weighs before it decides is no answer."""
    asked = {task.inputs["task"].split("\n")[0]: task for task in code_or_json.question().tasks}
    task = asked["Which is the dearest of lamp, mirror, vase and clock?"]
    assert task.check(Ended({"answer": "The lamp costs 24. The dearest is the mirror."}, []))[0]
    assert not task.check(Ended({"answer": "It is the mirror or the lamp."}, []))[0]
    assert not task.check(Ended({}, []))[0]


def test_facts_of_the_memory_questions_are_told_apart():
    """No text occurs twice, and a question's right fact differs from its wrong ones."""
    texts = [fact[0] for row in retrieval.rows() for fact in (row["right"], *row["wrong"])]
    assert len(set(texts)) == len(texts)


def test_the_longest_way_bounds_a_plan():
    """The steps that wait for each other, whatever runs beside them."""
    assert parallel_plan.longest_way([1, 2, 3, 1], [[], [1], [1], [2, 3]]) == 5


def test_the_table_counts_only_what_is_current():
    """A result of a workflow that was changed since is not shown, nor a task that not all sides have run."""
    question = questions()["debate"]
    task, other = question.tasks[:2]
    figures = {"status": "done", "seconds": 2.0, "input_tokens": 5, "output_tokens": 3, "calls": 4, "budget": 4000}

    def row(side: str, at: Any, solved: bool, key: str | None = None) -> dict[str, Any]:
        found = key or key_of(question, at, side, "m")
        return {
            "question": "debate",
            "model": "m",
            "side": side,
            "task": at.id,
            "key": found,
            "solved": solved,
            **figures,
        }

    made = [row("debate", task, True), row("self-consistency", task, False), row("debate", other, True),
            row("self-consistency", other, True, "old")]  # fmt: skip
    text = table(question, made)
    assert "n = 1 tasks, budget 4,000 tokens a task" in text
    assert "| debate | 1 of 1 | 0 | 5 / 3 | 4.0 | 2.0 (2.0) |" in text
    assert "| debate | 0 | 0 | 1 | 0 | 1.00 |" in text


def test_the_page_holds_the_tables_of_the_results(tmp_path: Path):
    """docs/headlines.md is what --report makes of the results that are in the repository."""
    page = tmp_path / "headlines.md"
    page.write_text(PAGE.read_text())
    write_report(list(questions().values()), rows(RESULTS), page)
    assert page.read_text() == PAGE.read_text()
