"""Pins: what nodes of a stored workflow come to in the builder's runs, in place of running them.

They belong to the workflow as it is stored here, not to its document: a file or another workspace has none.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from store import tables
from store.database import Database
from store.errors import NotFound

Json = dict[str, Any]


@dataclass(frozen=True)
class Pin:
    """The pin of one node."""

    node: str
    outcome: str | None
    """None: the node's first outcome."""
    outputs: Json
    span: str | None
    """The visit they were taken from; None where they were written by hand."""
    pinned_at: float
    """Seconds since the epoch."""


class Pins:
    """The pins of a database's workflows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, workflow_id: str) -> list[Pin]:
        """The pins of a workflow, by node."""
        pin = tables.WorkflowPin
        with self._database.session() as session:
            rows = session.exec(select(pin).where(col(pin.workflow_id) == workflow_id).order_by(col(pin.node)))
            return [_pin(row) for row in rows]

    def put(
        self, workflow_id: str, node: str, outputs: Mapping[str, Any], outcome: str | None = None,
        span: str | None = None,
    ) -> Pin:  # fmt: skip
        """Pin a node, in place of the pin it had. Raises NotFound for a workflow that is not there."""
        row = tables.WorkflowPin(
            workflow_id=workflow_id, node=node, outcome=outcome, outputs=dict(outputs), span=span,
            pinned_at=time.time(),
        )  # fmt: skip
        with self._database.transaction() as session:
            if session.get(tables.Workflow, workflow_id) is None:
                raise NotFound(f"There is no workflow {workflow_id!r}", "workflow", "Pick one from the list.")
            _remove(session, workflow_id, node)
            session.add(row)
        return _pin(row)

    def delete(self, workflow_id: str, node: str) -> None:
        """Take the pin out. Raises NotFound where there is none."""
        with self._database.transaction() as session:
            if not _remove(session, workflow_id, node):
                raise NotFound(f"The node {node!r} is not pinned", "pin", "List the workflow's pins.")


def _remove(session: Session, workflow_id: str, node: str) -> bool:
    row = session.get(tables.WorkflowPin, (workflow_id, node))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def _pin(row: tables.WorkflowPin) -> Pin:
    return Pin(row.node, row.outcome, row.outputs, row.span, row.pinned_at)
