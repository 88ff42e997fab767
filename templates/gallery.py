"""The table of the literature's systems, and which of them a template carries.

``gallery.tsv`` has a row for each system: ``id``, ``name``, ``family`` and ``priority`` (A what a builder should
have, B what it could, C what lies at the edge) are those of ``docs/mechanisms.tsv``; ``template`` is the folder
that carries it, and ``missing`` says of a row of priority A without one why that is.
"""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Final

from templates.catalogue import FOLDER

TABLE: Final = FOLDER / "gallery.tsv"
OWN: Final = "basics"
"""Family of a template that shows no single system of the literature."""


@dataclass(frozen=True)
class Row:
    """One system."""

    id: str
    name: str
    family: str
    priority: str
    status: str
    """How far its mechanism can be drawn: drawn, partly or not (docs/mechanisms.md)."""
    template: str
    """The template that carries it; '' where there is none."""
    missing: str
    """Why a row of priority A has no template; '' where it has one."""


@cache
def rows() -> tuple[Row, ...]:
    """All rows, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(Row(**line) for line in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def of_template(slug: str) -> Row | None:
    """The row a template carries; None for one that shows no single system."""
    return next((row for row in rows() if row.template == slug), None)


def missing() -> tuple[Row, ...]:
    """The rows of priority A that no template carries."""
    return tuple(row for row in rows() if row.priority == "A" and not row.template)
