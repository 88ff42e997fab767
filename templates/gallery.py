"""The table of the literature's systems, and which of them a template carries.

``gallery.tsv`` has a row for each system: ``id``, ``name``, ``family`` and ``priority`` (A what a builder should
have, B what it could, C what lies at the edge) are those of ``docs/mechanisms.tsv``; ``template`` is the folder
that carries it. A row without one may be carried ``otherwise``, written ``sort: place: how``: by a ``node`` of its
own or an ``option`` of one (the place is the kind), by an ``evaluation``, or by a ``design`` decision (the place is
a file). ``missing`` says of a row that nothing carries why that is.
"""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from templates.catalogue import FOLDER

TABLE: Final = FOLDER / "gallery.tsv"
OWN: Final = "basics"
"""Family of a template that shows no single system of the literature."""
Carrier = Literal["template", "node", "option", "evaluation", "design", ""]
_OTHERWISE: Final[tuple[Carrier, ...]] = ("node", "option", "evaluation", "design")


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
    """Why nothing carries it; '' where something does."""
    otherwise: str = ""
    """``sort: place: how``, what carries it in place of a template; '' where one does, or nothing."""

    @property
    def carrier(self) -> Carrier:
        """What carries it: a template, a node, an option of one, an evaluation, a design decision; '' for nothing."""
        if self.template:
            return "template"
        for sort in _OTHERWISE:
            if self.otherwise.startswith(f"{sort}: "):
                return sort
        return ""

    @property
    def place(self) -> str:
        """Of a row that is carried otherwise: the kind, or the file; '' for every other."""
        parts = self.otherwise.split(": ", 2)
        return parts[1] if len(parts) == 3 else ""


@cache
def rows() -> tuple[Row, ...]:
    """All rows, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        lines = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE, restval="")
        return tuple(Row(**line) for line in lines)


@cache
def of_template(slug: str) -> Row | None:
    """The row a template carries; None for one that shows no single system."""
    return next((row for row in rows() if row.template == slug), None)


def family_of(slug: str) -> str:
    """The family of the row a template carries; ``OWN`` where it carries none."""
    row = of_template(slug)
    return row.family if row else OWN


def missing() -> tuple[Row, ...]:
    """The rows of priority A that no template carries."""
    return tuple(row for row in rows() if row.priority == "A" and not row.template)
