"""The state variables of a run before and after a step, told from what its steps wrote.

A step writes by its outputs ``state.<name>``; the variable's reducer says how. Only steps of the workflow itself count:
what runs inside a frame works on a copy, and the frame's own outputs say what its bodies wrote; a sub-workflow's copy
is left behind.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from store.json_text import as_json

PREFIX: Final = "state."
LONG: Final = 2_000
"""Characters of JSON a value has before it is cut for a reader."""
KEPT: Final = "$kept"
"""Key of a list that is shown without its first items: how many those are; the others are under ``items``."""
_WRITES: Final = """
SELECT span.seq, span.ended_at, span.output, artifact.data FROM span
LEFT JOIN artifact ON artifact.sha256 = json_extract(span.output, '$."$artifact"')
WHERE span.run_id = ? AND span.parent_id = ? AND span.operation = 'invoke_node' AND span.ended_at IS NOT NULL
  AND (span.output LIKE '%"state.%' OR span.output LIKE '{"$artifact"%')
ORDER BY span.ended_at, span.seq
"""
_HANDED: Final = """
SELECT span.input, artifact.data FROM span
LEFT JOIN artifact ON artifact.sha256 = json_extract(span.input, '$."$artifact"') WHERE span.seq = ?
"""

State = dict[str, Any]


@dataclass(frozen=True)
class StateAround:
    """State variables around a step."""

    before: State
    after: State
    changed: list[str]
    """Variables that the step wrote, or that differ, in order."""


@dataclass(frozen=True)
class Write:
    """What a step wrote: variable -> value, not yet reduced. ``at``: seconds since the epoch."""

    seq: int
    at: float
    values: State


def writes(connection: sqlite3.Connection, run_id: str, root: str) -> list[Write]:
    """What the steps right below the span ``root`` wrote, in the order they ended."""
    found: list[Write] = []
    for seq, at, output, data in connection.execute(_WRITES, (run_id, root)):
        outputs = json.loads(output if data is None else data)
        values = {name[len(PREFIX) :]: value for name, value in outputs.items() if name.startswith(PREFIX)}
        if values:
            found.append(Write(seq, at, values))
    return found


def around(
    connection: sqlite3.Connection,
    written: Sequence[Write],
    specs: Mapping[str, Mapping[str, Any]],
    *,
    step: int,
    started_at: float,
) -> StateAround:
    """The variables around the step numbered ``step`` in the table, which is right below the run's own span.

    ``written``: what the run wrote; ``specs``: variable -> ``{reducer, default}`` of the document.
    """
    before: State = {name: _own(spec.get("default")) for name, spec in specs.items()}
    for write in written:
        if write.at <= started_at and write.seq != step:
            _take(before, write.values, specs)
    before |= {name: value for name, value in _handed(connection, step).items() if name in specs}
    after = {name: _own(value) for name, value in before.items()}
    own = [write.values for write in written if write.seq == step]
    for values in own:
        _take(after, values, specs)
    changed = [name for name in after if before.get(name) != after[name] or any(name in values for values in own)]
    return StateAround(before, after, changed)


def shortened(found: StateAround) -> StateAround:
    """The same with long values cut, for a reader: of a list that grew, only what came to it."""
    pairs = {name: _short_pair(found.before.get(name), after) for name, after in found.after.items()}
    return StateAround(
        {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}, found.changed
    )


def _short_pair(before: Any, after: Any) -> tuple[Any, Any]:
    if isinstance(before, list) and isinstance(after, list) and after[: len(before)] == before and _is_long(after):
        kept = max(0, len(before) - 1)  # the last one stays, to be told apart by
        return {KEPT: kept, "items": before[kept:]}, {KEPT: kept, "items": after[kept:]}
    return _short(before), _short(after)


def _short(value: Any) -> Any:
    if not _is_long(value):
        return value
    text = value if isinstance(value, str) else as_json(value)
    return f"{text[:LONG]}… ({len(text):,} characters)"


def _is_long(value: Any) -> bool:
    return isinstance(value, str | list | dict) and len(as_json(value)) > LONG


def _handed(connection: sqlite3.Connection, step: int) -> State:
    """The variables the step was handed, where it reads them: the truth where a person changed them before it."""
    row = connection.execute(_HANDED, (step,)).fetchone()
    if row is None or row[0] is None:
        return {}
    given = json.loads(row[0] if row[1] is None else row[1])
    state = given.get("state") if isinstance(given, dict) else None
    return state if isinstance(state, dict) else {}


def _own(value: Any) -> Any:
    """A copy that may be added to."""
    return value.copy() if isinstance(value, list | dict) else value


def _take(state: State, values: State, specs: Mapping[str, Mapping[str, Any]]) -> None:
    """Put what was written to what is there, as ``graphs.state`` does; lists and records of ``state`` are added to."""
    for name, value in values.items():
        reducer, old = specs.get(name, {}).get("reducer", "last"), state.get(name)
        if reducer == "append":
            state[name] = old if isinstance(old, list) else [] if old is None else [old]
            state[name] += value if isinstance(value, list) else [value]
        elif reducer == "merge" and isinstance(value, dict):
            state[name] = old if isinstance(old, dict) else {}
            state[name].update(value)
        elif reducer == "add" and isinstance(value, int | float):
            state[name] = (old or 0) + value
        else:
            state[name] = _own(value)
