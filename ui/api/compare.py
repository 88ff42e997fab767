"""Two runs side by side, read in windows: the spans of a run never all leave the server."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from ui.api.errors import not_found
from ui.api.input import Opened, StrictRoute
from ui.comparing import Compared, compared
from ui.comparison_wire import detail, summary, window

router = APIRouter(route_class=StrictRoute)

RunName = Annotated[str, Query(min_length=1, max_length=64)]
"""A run's number or id."""


def _compared(workspace: Opened, left: RunName, right: RunName) -> Compared:
    return compared(workspace, left, right)


Two = Annotated[Compared, Depends(_compared)]
"""The two runs in the query."""


@router.get("/compare")
def compare(two: Two) -> dict[str, Any]:
    """What differs, node by node, and where it began."""
    return summary(two)


@router.get("/compare/visits")
def list_visits(
    two: Two,
    changed: bool = False,
    node: str | None = None,
    offset: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> dict[str, Any]:
    """Visits of the two runs, aligned; ``total`` is how many there are of those asked for."""
    return window(two, changed=changed, node=node, offset=offset, limit=limit)


@router.get("/compare/visits/{index}")
def read_visit(two: Two, index: int) -> dict[str, Any]:
    """One visit with its values whole."""
    visits = two.comparison.visits
    if not 0 <= index < len(visits):
        raise not_found("visit", str(index), f"There are {len(visits)}, counted from 0.")
    return detail(two, visits[index])
