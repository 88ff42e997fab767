"""A sub-workflow attached to a node: a graph of its own, run as often as the node needs.

It has no checkpoints: after a crash the node that uses it runs again from its top.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from langgraph.errors import GraphRecursionError

from graphs.apart import apart
from graphs.export.runtime.binding import Sources, found, short
from graphs.export.runtime.failures import NodeFailed
from graphs.export.runtime.here import INSIDE
from graphs.export.runtime.resources import flat
from graphs.export.runtime.state import OWN, RESULTS
from nodes.contract import Config, NodeError, NodeSpec
from nodes.types import conforms

if TYPE_CHECKING:
    from graphs.export.runtime.visit import Visit


class Subworkflow:
    """A body that a node runs, to attach to a socket."""

    def __init__(
        self,
        id: str,
        spec: NodeSpec,
        body: Any,
        gives: Mapping[str, Sources],
        *,
        label: str = "",
        optional: Sequence[str] = (),
        types: Mapping[str, str] | None = None,
    ) -> None:
        """``body``: a compiled graph; ``gives``: port -> ``node.port`` in it; those ``optional`` may be absent."""
        self.id = id
        self.label = label or id
        self.spec = spec
        self.config = Config()
        self.attached = flat(None)
        self.body = body
        self.gives = gives
        self.optional = optional
        self.types = types or {}


class AttachedSubworkflow:
    """``mechanisms.contract.Subworkflow`` for one visit of the node it is attached to."""

    def __init__(self, visit: "Visit", subworkflow: Any) -> None:
        self._visit = visit
        self._subworkflow: Subworkflow = subworkflow

    @property
    def name(self) -> str:
        """Its label."""
        return self._subworkflow.label

    async def run(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Run the body once. Raises NodeError where it fails or gives nothing."""
        visit = self._visit
        visit.nested += 1
        here = replace(visit.here, task=f"{visit.task_id}/{self.name}#{visit.nested}", item=None)
        return self._given(await apart(self._state(here, inputs)))

    async def _state(self, here: Any, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        INSIDE.set(here)
        own = self._subworkflow
        taken = {"visit": 1, "step": 0, "outcome": "", "outputs": dict(inputs)}
        variables = {key: value for key, value in self._visit.state.items() if key not in OWN}
        try:
            return await own.body.ainvoke({RESULTS: {own.id: taken}, **variables})
        except NodeFailed as failure:
            raise NodeError(f"The sub-workflow {self.name!r} failed at {failure.node!r}: {failure.what}",
                            mend=failure.mend) from failure  # fmt: skip
        except GraphRecursionError:
            raise NodeError(
                f"The sub-workflow {self.name!r} went round too often", mend="Let a loop in it end sooner."
            ) from None

    def _given(self, state: Mapping[str, Any]) -> dict[str, Any]:
        own = self._subworkflow
        values = found(own.gives, state)
        for name in own.gives:
            if name not in values and name not in own.optional:
                raise NodeError(f"The sub-workflow {self.name!r} gave no {name!r}")
            if name in values and not conforms(values[name], own.types.get(name, "any")):
                wanted = f"must give a {own.types[name]} as {name!r}, and gave {short(values[name])}"
                raise NodeError(f"The sub-workflow {self.name!r} {wanted}")
        return values
