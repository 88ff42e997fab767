"""The table of the literature's mechanisms names kinds that exist, and its page tells its counts."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from nodes.registry import KINDS

DOCS: Final = Path(__file__).parents[1] / "docs"
COLUMNS: Final = ["id", "name", "family", "priority", "status", "kinds", "how"]
STATUSES: Final = ("drawn", "partly", "not")
ENDS: Final = {"start", "finish", "note"}
MISSING: Final = "missing:"

with (DOCS / "mechanisms.tsv").open(encoding="utf-8", newline="") as file:
    READER: Final = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    ROWS: Final = list(READER)
PAGE: Final = (DOCS / "mechanisms.md").read_text(encoding="utf-8")


def table(first: str) -> dict[str, dict[str, int]]:
    """The page's table whose first column is called ``first``: row -> column -> number."""
    lines = PAGE.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(f"| {first} |"))
    _, *columns = cells(lines[at])
    body = lines[at + 2 : next(n for n in range(at, len(lines)) if not lines[n].startswith("|"))]
    return {name: dict(zip(columns, map(int, numbers), strict=True)) for name, *numbers in map(cells, body)}


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_table_has_every_system_once():
    """There are 190 rows of seven columns, each with an id, a name and a priority of its own."""
    assert READER.fieldnames == COLUMNS
    assert len(ROWS) == len({row["id"] for row in ROWS}) == 190
    assert all(row["name"] and row["family"] and row["priority"] in ("A", "B", "C") for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_row_names_kinds_that_exist_and_says_how(row: dict[str, str]):
    """A row's kinds are registered, a drawn one has one that works, and a partly drawn one says what is missing."""
    kinds = row["kinds"].split()
    assert set(kinds) <= set(KINDS), f"{row['id']} names {sorted(set(kinds) - set(KINDS))}, which are not registered"
    assert len(kinds) == len(set(kinds))
    assert row["status"] in STATUSES
    assert row["how"].endswith(".")
    assert (MISSING in row["how"]) == (row["status"] == "partly")
    if row["status"] == "drawn":
        assert [kind for kind in kinds if kind not in ENDS]


def test_page_tells_the_counts_of_the_table():
    """Rows by status and priority, and by family and status, are those of the table."""
    told = table("status")
    assert list(told) == [*STATUSES, "all"]
    for status in told:
        of = [row for row in ROWS if status in (row["status"], "all")]
        by_priority = Counter(row["priority"] for row in of)
        counted = {"rows": len(of), "priority A": by_priority["A"], "B": by_priority["B"], "C": by_priority["C"]}
        assert told[status] == counted, status
    families = table("family")
    assert set(families) == {row["family"] for row in ROWS}
    for family, told_of in families.items():
        by_status = Counter(row["status"] for row in ROWS if row["family"] == family)
        assert told_of == {"rows": by_status.total(), **{status: by_status[status] for status in STATUSES}}, family


def test_page_tells_how_many_kinds_are_named():
    """The number of kinds that some row names is that of the table."""
    (told,) = re.findall(r"^(\d+) of the kinds are named", PAGE, flags=re.MULTILINE)
    assert int(told) == len({kind for row in ROWS for kind in row["kinds"].split()})


def test_page_lists_everything_missing_under_one_cause():
    """Each row that is not drawn stands under one cause, whose heading tells how many do."""
    _, part = PAGE.split("## What is missing, by cause\n")
    listed: list[tuple[str, bool]] = []
    for section in re.split(r"^### ", part, flags=re.MULTILINE)[1:]:
        heading, *rest = section.splitlines()
        listing = next(line for line in reversed(rest) if line)
        found = [(id, bool(marked)) for id, marked in re.findall(r"`([a-z0-9-]+)`( \(not\))?", listing)]
        assert re.search(rf" \({len(found)}\)$", heading), heading
        listed += found
    undrawn = [(row["id"], row["status"] == "not") for row in ROWS if row["status"] != "drawn"]
    assert sorted(listed) == sorted(undrawn)
