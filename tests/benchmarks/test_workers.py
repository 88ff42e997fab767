"""The benchmark of the workers: its figures, and the page that holds them."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.workers import PAGE, RESULTS, Figures, Held, Times, remembering, table, write_report
from graphs.validate import has_errors, validate

FIGURES = Figures(2, 0.5, {"a start": Times(4.0, 9.5, 60)}, {"worker, idle": Held(152, 130)})


def test_times_are_middle_and_tail():
    """In milliseconds, whatever the order they came in."""
    assert Times.of([0.004, 0.002, 0.003]) == Times(3.0, 4.0, 3)
    assert Times.of([number / 1000 for number in range(100, 0, -1)]) == Times(50.5, 96.0, 100)


def test_the_table_says_what_was_measured(tmp_path: Path):
    """Times, memory, and the load they were measured under; read back they are the same."""
    assert table(FIGURES).splitlines() == [
        "2 cores, load average 0.5 when it began.", "",
        "| milliseconds | p50 | p95 | n |", "|---|---|---|---|", "| a start | 4 | 9.5 | 60 |", "",
        "| MB | RSS | PSS |", "|---|---|---|", "| worker, idle | 152 | 130 |",
    ]  # fmt: skip
    (tmp_path / "workers.json").write_text(json.dumps(asdict(FIGURES)))
    assert Figures.read(tmp_path / "workers.json") == FIGURES


def test_a_page_without_marks_is_left_alone(tmp_path: Path):
    """It says which are missing."""
    page = tmp_path / "workers.md"
    page.write_text("# Workers\n")
    with pytest.raises(ValueError, match=r"figures: begin.*put them where the table belongs"):
        write_report(FIGURES, page)
    assert page.read_text() == "# Workers\n"


def test_the_page_holds_the_figures_of_the_results(tmp_path: Path):
    """docs/workers.md is what --report makes of the results that are in the repository."""
    page = tmp_path / "workers.md"
    page.write_text(PAGE.read_text())
    write_report(Figures.read(RESULTS), page)
    assert page.read_text() == PAGE.read_text()


def test_the_run_that_remembers_has_no_faults():
    """What is measured is a workflow that may run."""
    assert not has_errors(validate(remembering()))
