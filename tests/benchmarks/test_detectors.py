"""The labelled set of broken runs: large enough, made alike each time, and with a case for every detector."""

import json

import pytest

from benchmarks.detector_cases import Case, clean_cases, run
from benchmarks.detectors import FAULTS, LABELLED, Score, inject, judge
from graphs.failures.registry import DETECTORS

ROWS = [json.loads(line) for line in LABELLED.read_text(encoding="utf-8").splitlines()]
CLEAN = {case.slug: case for case in clean_cases()}
BY_NAME = {fault.name: fault for fault in FAULTS}


def broken(row: dict[str, object]) -> Case:
    """The case of a line of the labelled set."""
    case = inject(BY_NAME[str(row["fault"])], CLEAN[str(row["slug"])], int(str(row["seed"])))
    assert case is not None
    return case


def test_there_are_enough_of_them_and_a_third_is_held_out():
    """At least forty looked at, and others that were not."""
    parts = [row["part"] for row in ROWS]
    assert parts.count("tuned") >= 40 and parts.count("held-out") >= 20


def test_every_detector_has_to_find_something():
    """None is without a labelled case."""
    labelled = {label["detector"] for row in ROWS for label in row["must"]}
    assert {detector.name for detector in DETECTORS} <= labelled


def test_a_case_is_the_same_each_time_it_is_made():
    """Everything is drawn from the seed, and the clean case stays as it was."""
    for row in ROWS[::9]:
        before = json.dumps(CLEAN[row["slug"]].replies)
        assert broken(row) == broken(row)
        assert json.dumps(CLEAN[row["slug"]].replies) == before
        assert [{"detector": label.detector, "node": label.node} for label in broken(row).must] == row["must"]


@pytest.mark.parametrize("row", ROWS[4::11], ids=lambda row: f"{row['slug']}-{row['fault']}")
def test_a_broken_run_is_found_out_and_nothing_else_is_said(row: dict[str, object]):
    """A sample; the benchmark makes them all."""
    case = broken(row)
    ran = run(case)
    scores = {detector.name: Score() for detector in DETECTORS}
    judge(case, ran, ran.findings(), scores)
    assert [missed for score in scores.values() for missed in score.missed] == []
    assert [wrong for score in scores.values() for wrong in score.wrong] == []
