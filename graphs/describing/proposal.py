"""A proposal: operations in plain words, each to be accepted or refused, and what they would leave wrong."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from graphs.diagnostics import Diagnostic

Way = Literal["steps", "once"]
"""``steps``: one small decision a call, for small models; ``once``: all operations in one call."""
Sort = Literal["added", "removed", "changed", "joined", "cut", "moved"]


@dataclass(frozen=True)
class Fault:
    """Why an item cannot be made, and what helps."""

    what: str
    mend: str = ""


@dataclass(frozen=True)
class Item:
    """What is accepted or refused as one: mostly one operation."""

    id: str
    """Unique in its proposal; counted from 1 in the order they are applied."""
    ops: tuple[Mapping[str, Any], ...]
    """As JSON data, for what cannot be read as an operation is an item too."""
    sort: Sort
    words: str
    node: str | None = None
    """The node it is about; of an edge its target."""
    key: str | None = None
    """The setting, the field or the sort of edge."""
    before: Any = None
    after: Any = None
    """Of an added node the settings it has."""
    needs: tuple[str, ...] = ()
    """Items that have to be accepted with it."""
    fault: Fault | None = None
    """Why it cannot be accepted."""
    mends: bool = False
    """The program added it to mend what the model's own operations would leave wrong."""

    def wire(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self) | {"ops": [dict(each) for each in self.ops], "needs": list(self.needs)}


@dataclass(frozen=True)
class Spent:
    """What the calls took. ``usd`` is None where no price is known; ``seconds`` is wall time."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    usd: float | None = 0.0
    seconds: float = 0.0


@dataclass(frozen=True)
class Proposal:
    """What a model makes of a wish."""

    wish: str
    model: str
    way: Way
    items: tuple[Item, ...]
    said: str = ""
    """What the model says about it, as text."""
    left: tuple[Diagnostic, ...] = ()
    """Findings that are new once every item that can be made is accepted."""
    permissions: tuple[str, ...] = ()
    """What the workflow may do then and may not do now, in words."""
    spent: Spent = field(default_factory=Spent)

    def wire(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "wish": self.wish, "model": self.model, "way": self.way, "said": self.said,
            "items": [each.wire() for each in self.items], "left": [each.wire() for each in self.left],
            "permissions": list(self.permissions), "spent": asdict(self.spent),
        }  # fmt: skip
