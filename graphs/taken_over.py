"""Visits of a workflow inside a run that come to what they are said to come to, instead of running.

So a run can go on from a step of an earlier one, changed or not: what stands before it is taken over, what comes
after it runs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from graphs.binding import State
from graphs.kept import Taken
from graphs.steering import Steering
from nodes.contract import NodeError

if TYPE_CHECKING:
    from graphs.context import NodeContext
    from graphs.wrapper import Wrapper

Visit = tuple[str, int, int | None]
"""Node, visit, and in a for each the index of the item."""
_MARK: Final[Mapping[str, Any]] = {"taken_over": True}


@dataclass
class TakenOver(Steering):
    """Of one workflow inside a run, whose root span is ``root``; those below it run as they do."""

    root: str = ""
    visits: Mapping[Visit, Taken] = field(default_factory=dict[Visit, Taken])

    @property
    def kept_steps(self) -> int:
        return 2 * len(self.visits)

    def open(self, wrapper: "Wrapper", ctx: "NodeContext", state: State) -> None:
        """A visit begins: it is taken over where it is among those."""
        if ctx.run.root.id != self.root:
            return
        ctx.taken = self.visits.get((ctx.node_id, ctx.visit, ctx.item))
        if ctx.taken is not None:
            ctx.place["kept"] = True


def taken_over(run_id: str, root: str, steps: Iterable[Mapping[str, Any]]) -> TakenOver:
    """From steps as ``Workshop.run`` tells them; those within sub-workflows and those that failed are left out.

    Raises NodeError for a step that names no node, or has no outputs.
    """
    visits: dict[Visit, Taken] = {}
    for step in steps:
        node, outputs = step.get("node"), step.get("outputs")
        if not isinstance(node, str) or not isinstance(outputs, Mapping):
            raise NodeError(
                f"{dict(step)!r:.200} is no step to take over",
                mend="Wire in steps of a run: each has node and outputs.",
            )
        if not step.get("within") and not step.get("error"):
            place = node, int(step.get("visit") or 1), step.get("item")
            visits[place] = Taken(step.get("outcome") or None, {**outputs}, attributes=_MARK)
    return TakenOver(run_id, root=root, visits=visits)
