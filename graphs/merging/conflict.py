"""What two sides changed differently, and how it was decided."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

Choice = Literal["ours", "theirs", "both"]
Sort = Literal["field", "removed", "same_id", "edge", "order", "renamed", "nesting", "layout"]

EITHER: Final[tuple[Choice, ...]] = ("ours", "theirs")
ANY: Final[tuple[Choice, ...]] = ("ours", "theirs", "both")
UNDECIDED: Final[Choice] = "ours"
"""What stands until somebody chooses."""


@dataclass(frozen=True)
class Conflict:
    """One place that cannot be merged without a person."""

    key: str
    """Names the place; the same however often the merge is made, and whichever side is called ours."""
    sort: Sort
    what: str
    """A sentence without its full stop."""
    place: str
    """``solve.prompt``, ``inputs.goal.type``, ``draft.done``, ...: for a person."""
    node: str | None
    base: Any
    """The three values; None where there is none. Of edges, lists of their texts."""
    ours: Any
    theirs: Any
    choices: tuple[Choice, ...] = EITHER
    choice: Choice | None = None
    """What was chosen; None: nothing yet, and ours stands."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self)


class Decisions:
    """What was chosen, and the conflicts met on the way, in their order."""

    def __init__(self, choices: Mapping[str, Choice]) -> None:
        self._choices = choices
        self._met: dict[str, Conflict] = {}

    def of(self, conflict: Conflict) -> Choice:
        """The choice for a conflict; one that it does not offer counts as none."""
        chosen = self._choices.get(conflict.key)
        chosen = chosen if chosen in conflict.choices else None
        self._met[conflict.key] = replace(conflict, choice=chosen)
        return chosen or UNDECIDED

    def met(self) -> tuple[Conflict, ...]:
        return tuple(self._met.values())
