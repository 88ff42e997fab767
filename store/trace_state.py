"""The state variables of a run before and after a step, told from what its steps wrote.

A step writes by its outputs ``state.<name>``; the variable's reducer says how. Only steps of the workflow itself write:
what runs inside a frame or a sub-workflow works on a copy.
"""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

PREFIX: Final = "state."
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


def around(
    connection: sqlite3.Connection,
    run_id: str,
    root: str,
    specs: Mapping[str, Mapping[str, Any]],
    *,
    step: int,
    started_at: float,
) -> StateAround:
    """The variables around the step numbered ``step`` in the table, which is right below the span ``root``.

    ``specs``: variable -> ``{reducer, default}`` of the document.
    """
    writes = _writes(connection, run_id, root)
    before = {name: spec.get("default") for name, spec in specs.items()}
    for write in writes:
        if write.at <= started_at and write.seq != step:
            before = _reduced(before, write.values, specs)
    before |= {name: value for name, value in _handed(connection, step).items() if name in specs}
    own = [write.values for write in writes if write.seq == step]
    after = before
    for values in own:
        after = _reduced(after, values, specs)
    written = {name for values in own for name in values}
    changed = [name for name in after if name in written or before.get(name) != after[name]]
    return StateAround(before, after, changed)


def _writes(connection: sqlite3.Connection, run_id: str, root: str) -> list[Write]:
    found: list[Write] = []
    for seq, at, output, data in connection.execute(_WRITES, (run_id, root)):
        outputs = json.loads(output if data is None else data)
        values = {name[len(PREFIX) :]: value for name, value in outputs.items() if name.startswith(PREFIX)}
        if values:
            found.append(Write(seq, at, values))
    return found


def _handed(connection: sqlite3.Connection, step: int) -> State:
    """The variables the step was handed, where it reads them: the truth where a person changed them before it."""
    row = connection.execute(_HANDED, (step,)).fetchone()
    if row is None or row[0] is None:
        return {}
    given = json.loads(row[0] if row[1] is None else row[1])
    state = given.get("state") if isinstance(given, dict) else None
    return state if isinstance(state, dict) else {}


def _reduced(state: State, values: State, specs: Mapping[str, Mapping[str, Any]]) -> State:
    after = dict(state)
    for name, value in values.items():
        after[name] = _together(specs.get(name, {}).get("reducer", "last"), state.get(name), value)
    return after


def _together(reducer: str, old: Any, new: Any) -> Any:
    """As ``graphs.state`` puts a write to what was there."""
    if reducer == "append":
        return [*_items(old), *_items(new)]
    if reducer == "merge" and isinstance(new, dict):
        return {**(old or {}), **new}
    if reducer == "add" and isinstance(new, int | float):
        return (old or 0) + new
    return new


def _items(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)
