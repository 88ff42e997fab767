"""A sub-workflow attached to a node: its body run as a graph of its own, below the node's span.

It has no checkpoints: after a crash the node that uses it runs again from its top. Its node runs, tokens
and time are the run's, and so are its limits.
"""

import asyncio
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from langgraph.errors import GraphRecursionError

from graphs.active import CURRENT, ActiveRun, NodeFailed
from graphs.apart import apart
from graphs.asking import PersonNeeded
from graphs.binding import RECORDS, STATE_PREFIX, collected
from graphs.events import OfVisit
from graphs.intermediate import Graph, Resource, describe
from graphs.journal import same
from graphs.limit_reached import LimitReached
from graphs.tracer import snapshot
from nodes.contract import NodeError
from nodes.types import conforms

if TYPE_CHECKING:
    from graphs.context import NodeContext

_TASKS: Final = uuid.UUID("6f2f6d8e-2f0f-5f0a-9d0c-6b1f3f0c7a11")


class AttachedWorkflow:
    """``nodes.contract.Subworkflow`` for one visit of the node it is attached to."""

    def __init__(self, ctx: "NodeContext", resource: Resource) -> None:
        assert resource.body is not None
        self._ctx = ctx
        self._resource = resource
        self._body: Graph = resource.body
        sockets = [each for each in ctx.step.spec.attaches if each.name == resource.socket]
        self._optional = {port.name for socket in sockets for port in socket.gives if not port.required}

    @property
    def name(self) -> str:
        return self._resource.label

    async def run(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Run the body once. Raises NodeError where it fails or gives nothing."""
        journal = self._ctx.journal
        if journal is None:
            return await self._run(inputs)
        turn = journal.turn("invoke_workflow", [self._resource.id, snapshot(inputs)])
        return await journal.answer(turn, lambda: self._run(inputs, turn.id), same, same)

    async def _run(self, inputs: Mapping[str, Any], mark: str = "") -> dict[str, Any]:
        run = nested_run(self._ctx, self.name, inputs, mark, node_id=self._resource.id, kind=self._resource.spec.kind)
        span = run.root
        try:
            values = self._given(await apart(self._records(run, inputs)))
        except (LimitReached, PersonNeeded, asyncio.CancelledError) as ended:
            span.end("waiting" if isinstance(ended, PersonNeeded) else "cancelled")
            raise
        except NodeError as error:
            span.end("error", error={"what": error.what, "mend": error.mend, "type": "NodeError"})
            raise
        span.end("ok", output=snapshot(values))
        return values

    async def _records(self, run: ActiveRun, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        CURRENT.set(run)
        frame = {"visit": 1, "step": 0, "outputs": dict(inputs)}
        variables = {name: value for name, value in self._ctx.state.items() if name.startswith(STATE_PREFIX)}
        assert run.bodies is not None
        try:
            result = await run.bodies.graph(self._resource).ainvoke(
                {RECORDS: {self._resource.id: frame}, **variables},
                {"recursion_limit": run.meter.recursion_limit}, output_keys=[RECORDS],
            )  # fmt: skip
        except NodeFailed as failure:
            raise NodeError(
                f"The sub-workflow {self.name!r} failed at {failure.node!r}: {failure.what}", mend=failure.mend
            ) from failure
        except GraphRecursionError:
            raise NodeError(
                f"The sub-workflow {self.name!r} went round more often than the run's limits allow",
                mend="Let a loop in it end sooner.",
            ) from None
        return (result or {}).get(RECORDS) or {}

    def _given(self, records: Mapping[str, Any]) -> dict[str, Any]:
        values = collected(self._body.results, records)
        for binding in self._body.results:
            if binding.name not in values and binding.name not in self._optional:
                raise NodeError(
                    f"The sub-workflow {self.name!r} gave no {binding.name!r}",
                    mend=f"Let every way through it pass a node that feeds {self._resource.id}.{binding.name}.",
                )
            if binding.name in values and not binding.trusted and not conforms(values[binding.name], binding.type):
                raise NodeError(
                    f"The sub-workflow {self.name!r} must give a {binding.type} as {binding.name!r}, "
                    f"and gave {describe(values[binding.name])}",
                    mend="Set the answer type of the node that feeds it.",
                )
        return values


def nested_run(ctx: "NodeContext", name: str, inputs: Mapping[str, Any], mark: str = "", **columns: Any) -> ActiveRun:
    """A run inside the visit of a node, with an ``invoke_workflow`` span below the node's for its root.

    ``mark`` tells it from other runs of the visit; '' counts them. One with a mark has the same span when the
    node starts again.
    """
    ctx.nested += 1
    run, task = ctx.run, f"{ctx.task_id}/{name}#{mark or ctx.nested}"
    span = run.tracer.start(
        "invoke_workflow", name, ctx.span.id, uuid.uuid5(_TASKS, task).hex[:16] if mark else None,
        visit=ctx.visit, item=ctx.place.get("item"), input=snapshot(inputs), **columns,
    )  # fmt: skip
    if mark and ctx.journal is not None and ctx.journal.began(span.id):
        span.row.pop("started_at", None)
    return run.inside(ctx, span, task=task, inputs=inputs)


def inner_task(task: str, place: OfVisit) -> str:
    """The idempotency key of a node inside: the same when its caller does the same again."""
    return str(uuid.uuid5(_TASKS, f"{task}/{place['node']}.{place['visit']}.{place.get('item', '')}"))
