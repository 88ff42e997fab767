"""The spans of a run as columns, in the order they arrived: what its tree and its figures are made from.

A hundred thousand spans as objects take seconds and hundreds of megabytes; as columns a fraction of a second and
about 20 MB. SQLite hands over each column as one text, which is a third of the time of as many rows. Texts that many
spans share (operation, node, status, outcome) are numbers here; times are rounded to microseconds.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

_BETWEEN: Final = "\u001f"
_SHARED: Final = ("operation", "coalesce(node_id, '')", "status", "coalesce(outcome, '')")
_NUMBERS: Final = (
    "seq",
    "CAST(round(started_at * 1e6) AS INTEGER)",
    "coalesce(CAST(round(ended_at * 1e6) AS INTEGER), -1)",
    "coalesce(input_tokens, -1)",
    "coalesce(output_tokens, -1)",
    "coalesce(CAST(round(usd * 1e9) AS INTEGER), -1)",
    "coalesce(instr(attributes, '\"kept_from\"'), 0) > 0",
)
_TEXTS: Final = ("id", "coalesce(parent_id, '')", *_SHARED)
_JOINED: Final = ", ".join(
    [f"group_concat(t{at}, char({ord(_BETWEEN)}))" for at in range(len(_TEXTS))]
    + [f"group_concat(n{at})" for at in range(len(_NUMBERS))]
)
_COLUMNS: Final = ", ".join(
    [f"{text} AS t{at}" for at, text in enumerate(_TEXTS)] + [f"{text} AS n{at}" for at, text in enumerate(_NUMBERS)]
)
_AT_ONCE: Final = 500  # parameters of one query
_SETTLED: Final = ("ok", "error")


class Codes:
    """Texts as small numbers; 0 is None."""

    def __init__(self) -> None:
        self.texts: list[str | None] = [None]
        self._numbers: dict[str, int] = {"": 0}

    def number(self, text: str) -> int:
        """The number of a text, a new one where it has none; '' is None."""
        found = self._numbers.get(text)
        if found is None:
            found = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return found

    def find(self, text: str) -> int:
        """The number of a text; -1 where no span has it."""
        return self._numbers.get(text, -1)


@dataclass(frozen=True)
class Lot:
    """Some spans as columns; the arrays are as those of ``SpanColumns``."""

    ids: list[str]
    parents: list[str]
    seq: Any
    texts: Any
    times: Any
    costs: Any
    kept: Any


class SpanColumns:
    """All spans of one run. Places count from 0 in the order of arrival; arrays are numpy's."""

    def __init__(self, run_id: str) -> None:
        import numpy as np  # an extra

        self.run_id = run_id
        self.ids: list[str] = []
        self.place: dict[str, int] = {}
        self.codes = Codes()
        self._unresolved: dict[str, list[int]] = {}  # parent that has not arrived -> its children
        self._unsettled: set[int] = set()
        self.seq: Any = np.zeros(0, np.int64)
        self.parent: Any = np.zeros(0, np.int64)
        """Place of the span around it; -1 for none, or one that has not arrived."""
        self.texts: Any = np.zeros((len(_SHARED), 0), np.int32)
        """Codes of operation, node, status and outcome."""
        self.times: Any = np.zeros((2, 0))
        """Start and end, seconds since the epoch; NaN for no end."""
        self.costs: Any = np.zeros((3, 0))
        """Input tokens, output tokens, US dollars; NaN where not known."""
        self.kept: Any = np.zeros(0, bool)
        """Whether its result was kept from an earlier run."""

    def __len__(self) -> int:
        return len(self.ids)

    def refresh(self, connection: sqlite3.Connection) -> bool:
        """Read what has come and what can have changed since the last time; whether anything has."""
        changed = self._read_again(connection)
        last = int(self.seq[-1]) if len(self) else 0
        fresh = _read(connection, self.codes, "run_id = ? AND seq > ? ORDER BY seq", (self.run_id, last))
        if fresh is not None:
            self._append(fresh)
        return changed or fresh is not None

    def _read_again(self, connection: sqlite3.Connection) -> bool:
        """The spans that had not settled: open, stopped and lost ones may go on."""
        seqs = [int(self.seq[place]) for place in sorted(self._unsettled)]
        changed = False
        for first in range(0, len(seqs), _AT_ONCE):
            part = seqs[first : first + _AT_ONCE]
            lot = _read(connection, self.codes, f"seq IN ({', '.join('?' * len(part))})", part)
            changed |= lot is not None and self._change(lot)
        return changed

    def _change(self, lot: Lot) -> bool:
        import numpy as np  # an extra

        places = np.array([self.place[id] for id in lot.ids])
        pairs = ((self.texts, lot.texts), (self.times, lot.times), (self.costs, lot.costs))
        if all(np.array_equal(mine[:, places], theirs, equal_nan=mine.dtype.kind == "f") for mine, theirs in pairs):
            return False
        for mine, theirs in pairs:
            mine[:, places] = theirs
        self.kept[places] = lot.kept
        self._unsettled.difference_update(places[self._settled(lot)].tolist())
        return True

    def _append(self, lot: Lot) -> None:
        import numpy as np  # an extra

        first = len(self)
        self.ids += lot.ids
        self.place.update(zip(lot.ids, range(first, len(self.ids)), strict=True))
        self._unsettled.update((first + np.flatnonzero(~self._settled(lot))).tolist())
        self.seq = np.concatenate((self.seq, lot.seq))
        self.parent = np.concatenate((self.parent, self._parents(lot.parents, first)))
        self.texts = np.concatenate((self.texts, lot.texts), axis=1)
        self.times = np.concatenate((self.times, lot.times), axis=1)
        self.costs = np.concatenate((self.costs, lot.costs), axis=1)
        self.kept = np.concatenate((self.kept, lot.kept))
        self._resolve(lot.ids)

    def _settled(self, lot: Lot) -> Any:
        import numpy as np  # an extra

        return np.isin(lot.texts[2], [self.codes.find(status) for status in _SETTLED])

    def _parents(self, ids: list[str], first: int) -> Any:
        import numpy as np  # an extra

        places = np.array([self.place.get(id, -1) for id in ids], np.int64)
        for at in np.flatnonzero(places < 0).tolist():
            if ids[at]:
                self._unresolved.setdefault(ids[at], []).append(first + at)
        return places

    def _resolve(self, arrived: Iterable[str]) -> None:
        """Children that came before their parent find it."""
        if not self._unresolved:
            return
        for id in arrived:
            for child in self._unresolved.pop(id, ()):
                self.parent[child] = self.place[id]


def _read(connection: sqlite3.Connection, codes: Codes, which: str, given: Iterable[Any]) -> Lot | None:
    """The spans of a condition, in the order of their numbers; None where there are none."""
    import numpy as np  # an extra

    query = f"SELECT {_JOINED} FROM (SELECT {_COLUMNS} FROM span WHERE {which})"  # noqa: S608 - our own, values marked
    row = connection.execute(query, tuple(given)).fetchone()
    if row[0] is None:
        return None
    ids, parents, *shared = (text.split(_BETWEEN) for text in row[: len(_TEXTS)])
    numbers = np.array([np.fromstring(text, np.int64, sep=",") for text in row[len(_TEXTS) :]])
    seq, started, ended, tokens_in, tokens_out, usd, kept = numbers
    number = codes.number
    return Lot(
        ids,
        parents,
        seq,
        np.array([[number(text) for text in texts] for texts in shared], np.int32),
        np.array([started / 1e6, np.where(ended < 0, np.nan, ended / 1e6)]),
        np.array([_known(tokens_in, 1), _known(tokens_out, 1), _known(usd, 1e9)]),
        kept > 0,
    )


def _known(values: Any, scale: float) -> Any:
    import numpy as np  # an extra

    return np.where(values < 0, np.nan, values / scale)
