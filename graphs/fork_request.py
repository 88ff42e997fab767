"""What a fork is asked for (docs/contracts.md, "Debugging and time travel").

Light to import, for a server that runs nothing yet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from graphs.run_table import RunRow
from nodes.contract import NodeError

Rule = Literal["before", "unchanged"]


class Changes(BaseModel):
    """What a fork changes; None and {}: nothing of the kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    inputs: dict[str, Any] = Field(default_factory=dict)
    state: dict[str, Any] = Field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = Field(default_factory=dict)
    outcomes: dict[str, str] = Field(default_factory=dict)
    model: str | None = Field(default=None, max_length=200)
    config: dict[str, dict[str, Any]] = Field(default_factory=dict)


class ForkRequest(BaseModel):
    """Where to fork, what to change, what to keep (docs/contracts.md)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    span: str | None = None
    node: str | None = None
    visit: int | None = Field(default=None, ge=1)
    item: int | None = Field(default=None, ge=0)
    changes: Changes = Changes()
    map: dict[str, str] = Field(default_factory=dict)
    only: bool = False
    keep: Rule = "before"
    also: list[str] = Field(default_factory=list)


class NotAForkPoint(NodeError):
    """Something that a node did inside its visit; ``span`` is that visit."""

    def __init__(self, node: str, span: str) -> None:
        super().__init__(
            "This step stands inside the work of a node, which is kept or run as a whole",
            mend=f"Fork at the visit of {node!r} around it (span {span}).",
        )
        self.span = span


@dataclass(frozen=True)
class Origin:
    """Where a run comes from, as its row has it."""

    parent_id: str | None = None
    forked_at: str | None = None
    changes: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def of(cls, row: RunRow) -> "Origin":
        return cls(row.parent_id, row.forked_at, row.changes)


NO_ORIGIN: Final = Origin()
"""Of a run of its own."""
