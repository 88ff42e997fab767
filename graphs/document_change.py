"""One difference between two documents, as data and in words."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from graphs.word_diff import word_diff

LONGEST: Final = 40
"""Characters of a value within a sentence; a longer one is shown below it."""
_MARKS: Final[Mapping[str, str]] = {"added": "+", "edge_added": "+", "removed": "-", "edge_removed": "-"}


@dataclass(frozen=True)
class Change:
    """One difference."""

    sort: str
    """added, removed, renamed, kind, version, setting, label, note, parent (of a node), edge_added, edge_removed,
    edge_moved, input, output, state, limit or meta."""
    what: str
    """A sentence without its full stop."""
    node: str | None = None
    key: str | None = None
    """Of a node the setting, of a workflow the input, the limit, ...; of an edge its sort."""
    before: Any = None
    after: Any = None

    def as_dict(self) -> dict[str, Any]:
        """As JSON data."""
        return asdict(self)

    def lines(self) -> list[str]:
        """The change for a person, with the words that changed below it where the sentence does not hold them."""
        head = f"{_MARKS.get(self.sort, '~')} {self.what}"
        if not self.is_long or not isinstance(self.before, str) or not isinstance(self.after, str):
            return [head]
        return [head, *(f"    {line}" for line in word_diff(self.before, self.after).splitlines())]

    @property
    def is_long(self) -> bool:
        """Whether the sentence leaves the values out."""
        return max(len(shown(self.before)), len(shown(self.after))) > LONGEST


def became(what: str, before: Any, after: Any) -> str:
    """``solve: max calls was 5, is 8``; long values are only said to have changed."""
    then, now = shown(before), shown(after)
    return f"{what} changed" if max(len(then), len(now)) > LONGEST else f"{what} was {then}, is {now}"


def shown(value: Any) -> str:
    """A value within a sentence."""
    return "nothing" if value is None or value == "" or value == [] else repr(value)


def listed(names: list[str]) -> str:
    """``a, b and c``."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
