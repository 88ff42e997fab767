"""The comparison of mechanisms: its sample, its checks, its resuming, its tables."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.library import ITEMS, WORKFLOWS, check, items, measure, rows_of, schedule, workflow
from benchmarks.library_report import report, sign_test, write_report
from graphs.validate import validate
from store.home import Home
from ui.workspace import Workspace

GSM8K, HUMANEVAL = items("gsm8k", 1)[0], items("humaneval", 1)[0]
RIGHT = GSM8K.row["answer"].split("####")[1].strip()


def test_the_sample_is_fixed_and_not_the_first_items():
    """The same items each time, all different, drawn from the whole set; a limit takes the first drawn."""
    for task, count in ITEMS.items():
        drawn = [item.id for item in items(task)]
        assert drawn == [item.id for item in items(task)] and len(set(drawn)) == count
        assert [item.id for item in items(task, 3)] == drawn[:3]
    assert max(int(item.id) for item in items("gsm8k")) > 100


@pytest.mark.parametrize("task", ITEMS)
@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_workflow_is_a_valid_document(task: str, name: str):
    """No document of the comparison has an error, and each takes the question and gives the answer."""
    document = workflow(task, name)
    assert [each for each in validate(document) if each.severity == "error"] == []
    assert set(document.inputs) == {"question"} and set(document.outputs) == {"answer"}


def test_every_item_goes_through_all_workflows_before_the_next():
    """The tasks take turns, so that a part of the measurement is already a comparison."""
    order = [(item.task, name) for item, name in schedule(["gsm8k", "humaneval"], ["debate", "code_act"], 2)]
    one_turn = [(task, name) for task in ("gsm8k", "humaneval") for name in ("debate", "code_act")]
    assert order == one_turn * 2


def test_a_number_is_checked():
    """The number after 'Answer:' counts; no answer at all is wrong."""
    assert check(GSM8K, f"So it is 3.\nAnswer: {RIGHT} dollars") == (True, f"{float(RIGHT)} for {RIGHT}")
    assert not check(GSM8K, "Answer: -1")[0]
    assert check(GSM8K, None) == (False, "no answer")


@pytest.mark.parametrize("item", items("humaneval"), ids=lambda item: item.id)
def test_a_reference_program_passes_and_a_wrong_one_does_not(item: Any):
    """Every sampled item can be solved in the interpreter that checks it, and its test catches a wrong function."""
    right = item.row["prompt"] + item.row["canonical_solution"]
    assert check(item, f"Here:\n```python\n{right}\n\nassert False\n```") == (True, "passed")
    wrong = f"```python\ndef {item.row['entry_point']}(*given):\n    return None\n```"
    assert not check(item, wrong)[0]
    assert not check(item, "no program")[0]


def _script(home: Path) -> None:
    (home / "scripts").mkdir(parents=True)
    replies = [{"text": f"It is {RIGHT}.\nAnswer: {RIGHT}", "repeat": True}]
    (home / "scripts" / "right.json").write_text(json.dumps({"replies": replies}))


def test_a_measurement_runs_on_the_engine_and_goes_on_where_it_stopped(tmp_path: Path, capsys: Any):
    """Real runs with a scripted model: each result is appended at once; a second start runs only what is missing."""
    _script(tmp_path / "home")
    workspace, out = Workspace(Home(tmp_path / "home")), tmp_path / "out.jsonl"
    try:
        names = ["single_prompt", "self_consistency", "debate"]
        measure(workspace, ["gsm8k"], names[:1], 1, "scripted:right", out)
        measure(workspace, ["gsm8k"], names, 1, "scripted:right", out)
    finally:
        workspace.close()
    rows = rows_of(out)
    assert [row["workflow"] for row in rows] == names
    assert all(row["correct"] and row["status"] == "done" for row in rows)
    assert [row["calls"] for row in rows] == [1, 3, 2]
    assert all(row["input_tokens"] > 0 and row["id"] == GSM8K.id for row in rows)
    assert capsys.readouterr().out.count("right") == 3
    assert "| self consistency | 1 of 1 | 0 |" in report(rows)


def _row(id: str, workflow: str, correct: bool) -> dict[str, Any]:
    return {
        "task": "gsm8k", "id": id, "workflow": workflow, "model": "m", "correct": correct, "status": "done",
        "input_tokens": 10, "output_tokens": 20, "calls": 1, "seconds": 2.0,
    }  # fmt: skip


def test_the_table_compares_only_what_all_have_run(tmp_path: Path):
    """Items that are not through every workflow are left out and said; differences are counted pair by pair."""
    rows = [_row("1", "single_prompt", True), _row("1", "debate", False), _row("2", "single_prompt", False),
            _row("2", "debate", True), _row("3", "single_prompt", True), _row("3", "debate", True),
            _row("4", "single_prompt", True)]  # fmt: skip
    text = report(rows)
    assert "### gsm8k, m: 3 items (1 more are not through all workflows yet)" in text
    assert "| single prompt | 2 of 3 | 0 | 10 / 20 | 1.0 | 2.0 (2.0) |" in text
    assert "| debate | 1 | 1 | 1 | 0 | 1.00 |" in text
    page = tmp_path / "library.md"
    page.write_text("# Head\n\n<!-- tables: begin -->\nold\n<!-- tables: end -->\n\nTail\n")
    write_report(rows, page)
    assert page.read_text() == f"# Head\n\n<!-- tables: begin -->\n\n{text}\n\n<!-- tables: end -->\n\nTail\n"
    assert report([]) == "Nothing is measured yet."
    assert "No item is through all workflows yet." in report([rows[0], rows[3]])


def test_the_sign_test_by_hand():
    """5 to 0 happens by chance in 2 of 32 cases, 1 to 1 and no disagreement always."""
    assert sign_test(0, 5) == sign_test(5, 0) == 2 / 32
    assert sign_test(1, 1) == sign_test(0, 0) == 1
