"""Outcomes a person names: their grammar, and the message when two are the same."""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import StringConstraints

OutcomeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
RESERVED: Final = ("error", "each")


def distinct(names: Sequence[str], *, taken: Sequence[str] = ()) -> None:
    """Raises ValueError where a name comes twice, or is one that every node or this kind has already."""
    seen: set[str] = {*RESERVED, *taken}
    for name in names:
        if name in RESERVED or name in taken:
            raise ValueError(f"the outcome {name!r} is there already; choose another name")
        if name in seen:
            raise ValueError(f"two outcomes are named {name!r}; give each its own name")
        seen.add(name)
