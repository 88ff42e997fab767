"""The table of systems beside the templates: every row of priority A or B is carried, or it is said why not."""

import csv
import re
from collections import Counter
from pathlib import Path

from nodes.registry import KINDS
from templates import catalogue, gallery

MECHANISMS = Path(__file__).parents[2] / "docs" / "mechanisms.tsv"
ROWS = gallery.rows()


def test_the_table_is_that_of_the_mechanisms():
    """Same rows in the same order, with the same names, families, priorities and verdicts."""
    with MECHANISMS.open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    columns = ("id", "name", "family", "priority", "status")
    assert [tuple(getattr(row, key) for key in columns) for row in ROWS] == [
        tuple(row[key] for key in columns) for row in known
    ]


def test_every_template_carries_one_row():
    """But for the first workflow, which shows no single system, each folder stands once in the table, under its id."""
    carried = Counter(row.template for row in ROWS if row.template)
    assert set(carried) == set(catalogue.slugs()) - {catalogue.FIRST}
    assert set(carried.values()) == {1}
    assert all(row.template == row.id.replace("-", "_") for row in ROWS if row.template)


def test_each_row_is_carried_or_says_why_not():
    """A template, something else, or a sentence that says why nothing: one of the three, and no empty talk."""
    assert Counter(row.priority for row in ROWS) == {"A": 74, "B": 93, "C": 23}
    for row in ROWS:
        told = [bool(row.template), bool(row.otherwise), bool(row.missing)]
        assert sum(told) == 1, row.id
        for sentence in filter(None, (row.missing, row.otherwise)):
            assert sentence.endswith(".") and len(sentence) >= 20, row.id
    assert len(gallery.missing()) == sum(row.priority == "A" and not row.template for row in ROWS)


def test_what_carries_a_row_otherwise_exists():
    """A node, or an option of one, is of an installed kind; an evaluation or a design decision lies in a file."""
    root = MECHANISMS.parents[1]
    for row in ROWS:
        assert bool(row.carrier) == bool(row.template or row.otherwise), row.id
        if row.carrier in ("node", "option"):
            assert row.place in KINDS, row.id
        elif row.carrier in ("evaluation", "design"):
            assert (root / row.place).is_file(), row.id


def test_a_row_that_cannot_be_drawn_has_no_template():
    """What the mechanisms call not drawable is not passed off as a template."""
    assert [row.id for row in ROWS if row.template and row.status == "not"] == []


def test_the_page_tells_what_has_no_template():
    """The docs count the rows with and without a template as the table does, and name each without."""
    page = (MECHANISMS.parent / "gallery.md").read_text(encoding="utf-8")
    for priority in "ABC":
        of = [row for row in ROWS if row.priority == priority]
        carried = sum(bool(row.template) for row in of)
        assert f"| {priority} | {len(of)} | {carried} | {len(of) - carried} |" in page
    of_a, of_b, of_c = re.split(r"## Priority [ABC] without a template", page)[1:]
    assert _told(of_a) == [[row.name, row.missing] for row in gallery.missing()]
    for priority, part in (("B", of_b), ("C", of_c)):
        without = [row for row in ROWS if row.priority == priority and not row.template]
        assert [name for name, *_ in _told(part)] == [row.name for row in without]
        for (_, carried_by, why), row in zip(_told(part), without, strict=True):
            assert row.place in carried_by and why[1:] in (row.otherwise or row.missing), row.id


def _told(part: str) -> list[list[str]]:
    """The rows of the only table of a part of the page, without its heading; none where there is no table."""
    lines = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| ")]
    return lines[1:]
