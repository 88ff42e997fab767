"""For each: a body once for every item, several at a time, the results in the order of the items.

Three nodes: the frame itself, whose items become a ``Send`` each; ``<frame>~item``, which runs the body; and
``<frame>~collect``, which runs once after them. Each item is a task of LangGraph's, so an item that has finished
is not run again after a pause or a crash.

Each body sees the state variables as they were when the frame began. What bodies write to them goes on with the
collector, in the order of the items, by each variable's reducer; of a variable that keeps the last, the last item's
counts. An item that failed writes nothing.
"""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from langgraph.types import Command, Send

from graphs.export.runtime.binding import Sources, found
from graphs.export.runtime.failures import NodeFailed
from graphs.export.runtime.here import INSIDE, surroundings
from graphs.export.runtime.state import AT, ITEMS, OPEN, OWN, RESULTS, WRITES, State, carried, reducers, superstep
from graphs.export.runtime.step import ERROR, Step, told
from nodes.contract import FanOut


@dataclass
class Batch:
    """The items of one visit of a frame, in this process."""

    slots: asyncio.Semaphore
    broken: bool = field(default=False)
    """Whether an item has failed, so that no further one is begun."""


_BATCHES: Final[dict[str, Batch]] = {}


class Frame(Step):
    """The node that gives the items out."""

    async def __call__(self, state: dict[str, Any]) -> Any:
        outcome, outputs, visit, number = await self.run(state)
        update = self.update(state, visit, number, outcome, {})
        fan_out = outputs if isinstance(outputs, FanOut) else FanOut([])  # it failed, and that leads on
        update[RESULTS][self.id][OPEN] = opened = {
            "batch": uuid.uuid4().hex, "parallel": fan_out.parallel, "skip": fan_out.on_error == "skip",
        }  # fmt: skip
        sends = [Send(item_node(self.id), self._payload(state, opened, each)) for each in enumerate(fan_out.items)]
        return Command(update=update, goto=sends or [collect_node(self.id)])

    def _payload(self, state: State, opened: dict[str, Any], numbered: tuple[int, Any]) -> dict[str, Any]:
        """The state as one item's body sees it."""
        index, item = numbered
        mine = {"visit": 1, "step": 0, "outcome": "", "outputs": {"item": item, "index": index}, OPEN: opened}
        kept = {key: value for key, value in state.items() if key != ITEMS}
        return {**kept, RESULTS: {**(state.get(RESULTS) or {}), self.id: mine}}


class Items:
    """The node that runs the body for one item."""

    def __init__(self, frame: str, body: Any, gives: Mapping[str, Sources], *, catches: bool = False) -> None:
        """``body``: a compiled graph, or a single ``Step``; ``gives``: port -> ``node.port`` in it."""
        self.frame = frame
        self.__name__ = item_node(frame)
        self.body = body
        self.gives = gives
        self.catches = catches

    async def __call__(self, state: dict[str, Any]) -> dict[str, Any]:
        mine = state[RESULTS][self.frame]
        opened, index = mine[OPEN], mine["outputs"]["index"]
        outermost, here = INSIDE.get() is None, surroundings(state)
        INSIDE.set(replace(here, item=index))
        batch = _BATCHES.setdefault(opened["batch"], Batch(asyncio.Semaphore(opened["parallel"])))
        async with batch.slots:
            given = await self._given(state, opened, batch) if not batch.broken else None
        update: dict[str, Any] = {} if given is None else {ITEMS: [[self.frame, index, *given]]}
        return {**update, **(told(here.ledger) if outermost else {})}

    async def _given(self, state: State, opened: Mapping[str, Any], batch: Batch) -> tuple[Any, Any, list[Any]]:
        """The body's values, its failure, and its writes. Raises NodeFailed where that ends the run."""
        inner = {key: value for key, value in state.items() if key == RESULTS or key not in OWN}
        try:
            after = await (self.body(inner) if isinstance(self.body, Step) else self.body.ainvoke(inner))
        except NodeFailed as failure:
            if opened["skip"]:
                return None, None, []
            if not self.catches:
                raise
            batch.broken = True
            return None, [failure.node, failure.what, failure.mend], []
        return found(self.gives, after), None, list(after.get(WRITES) or ())


class Collect:
    """The node that ends the frame's visit: results in order, and what the bodies wrote to state variables."""

    def __init__(self, frame: Frame, state: type[Any] | None = None) -> None:
        """``state``: the graph's, by whose reducers the writes of the bodies go on; None where they write nothing."""
        self.frame = frame
        self.reducers = reducers(state) if state is not None else {}
        self.__name__ = collect_node(frame.id)

    async def __call__(self, state: dict[str, Any]) -> dict[str, Any]:
        frame, result = self.frame, state[RESULTS][self.frame.id]
        _BATCHES.pop(result[OPEN]["batch"], None)
        items = sorted((each for each in state.get(ITEMS) or () if each[0] == frame.id), key=lambda each: each[1])
        kept = {**{name: value for name, value in result.items() if name != OPEN}, AT: superstep()}
        if result["outcome"] == ERROR or any(failure for _, _, _, failure, _ in items):
            return {RESULTS: {frame.id: {**kept, "outcome": ERROR}}}
        done = [values for _, _, values, *_ in items if values is not None]
        pairs = zip(frame.spec.frame_inputs, frame.spec.outputs, strict=False)
        outputs = {port.name: [each.get(fed.name) for each in done] for fed, port in pairs}
        written = carried((write for *_, writes in items for write in writes), self.reducers)
        update = {RESULTS: {frame.id: {**kept, "outputs": outputs}}, **written}
        return {**update, WRITES: [[key, value] for key, value in written.items()]} if written else update


def item_node(frame: str) -> str:
    """Name of the node that works on one item."""
    return f"{frame}~item"


def collect_node(frame: str) -> str:
    """Name of the node that collects what the items gave."""
    return f"{frame}~collect"
