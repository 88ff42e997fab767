"""The table of systems beside the templates: every row of priority A is carried, or it is said why not."""

import csv
from collections import Counter
from pathlib import Path

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


def test_each_row_of_priority_a_is_carried_or_says_why_not():
    """A row without a template has a sentence, one with a template has none, and no such sentence is empty talk."""
    first = [row for row in ROWS if row.priority == "A"]
    assert len(first) == 74
    for row in first:
        assert bool(row.template) != bool(row.missing), row.id
        assert not row.missing or (row.missing.endswith(".") and len(row.missing) >= 20), row.id
    assert len(gallery.missing()) == sum(not row.template for row in first)


def test_a_row_that_cannot_be_drawn_has_no_template():
    """What the mechanisms call not drawable is not passed off as a template."""
    assert [row.id for row in ROWS if row.template and row.status == "not"] == []


def test_the_page_tells_what_is_missing():
    """The docs count the rows with and without a template as the table does, and name each of priority A without."""
    page = (MECHANISMS.parent / "gallery.md").read_text(encoding="utf-8")
    for priority in "ABC":
        of = [row for row in ROWS if row.priority == priority]
        carried = sum(bool(row.template) for row in of)
        assert f"| {priority} | {len(of)} | {carried} | {len(of) - carried} |" in page
    table = page.partition("## Priority A without a template")[2].splitlines()
    told = [line.strip("| ").split(" | ") for line in table if line.startswith("| ") and "---" not in line]
    assert told[1:] == [[row.name, row.missing] for row in gallery.missing()]
