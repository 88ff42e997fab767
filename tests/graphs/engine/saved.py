"""The engine over the real store, and kinds that count how often they really run."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from graphs.breakpoints import Breakpoint, Edits
from graphs.fork_request import Changes, ForkRequest
from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, node
from store.database import Database
from store.runs import RunRow, Runs
from store.span_writer import SpanWriter
from store.visits import Visits
from store.workflows import Workflows
from tests.graphs.engine.fakes import TEST_KINDS, Bench

RAN: Counter[tuple[str, str]] = Counter()
"""(run, node) -> how often its function was called."""


class WorkConfig(Config):
    say: str = ""
    fail: bool = False
    sleep: float = 0.0
    to: str = ""
    """A state variable that gets the output."""


async def _work(inputs: Inputs, config: WorkConfig, ctx: Context) -> Outputs:
    RAN[ctx.run_id, ctx.node_id] += 1
    await asyncio.sleep(config.sleep)
    if config.fail:
        raise NodeError(f"{ctx.node_id} fails", mend="Mend it.")
    fed = ",".join(str(inputs[name]) for name in ("a", "b") if name in inputs)
    out = f"{ctx.node_id}{config.say}({fed})"
    return {"out": out, **({f"state.{config.to}": [out]} if config.to else {})}


_PORTS: Any = {
    "inputs": (Port("a", "any", required=False), Port("b", "any", required=False)), "outputs": (Port("out", "any"),),
    "family": "control", "config": WorkConfig, "template_fields": ("say",),
}  # fmt: skip
work = node(kind="t.work", title="Work", summary="Counts its runs", model_calls="1", **_PORTS)(_work)
effect = node(kind="t.effect", title="Effect", summary="As work, outside", side_effects=True, **_PORTS)(_work)
SAVED_KINDS = {**TEST_KINDS, work.kind: work, effect.kind: effect}


class Desk(Bench):
    """A bench over a real database."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "nodeloom.db")
        self.writer = SpanWriter(self.database)
        self.visits = Visits(self.database)
        super().__init__(
            folder, kinds=SAVED_KINDS, runs=Runs(self.database), versions=Workflows(self.database), spans=self.writer,
            trace=self.recorded,
        )  # fmt: skip

    def recorded(self, run_id: str) -> list[dict[str, Any]]:
        self.writer.flush()
        return self.visits.of(run_id)

    def reopen(self) -> None:
        """As after a restart of the process: a new runner over the same files."""
        self.runner.close()
        self.open()

    def close(self) -> None:
        self.runner.close()
        self.writer.close()
        self.database.close()

    def fork(self, run_id: str, document: Any = None, *, breakpoints: Any = (), label: str = "", **request: Any) -> Any:
        changes = Changes.model_validate(request.pop("changes", {}))
        asked = ForkRequest(changes=changes, **request)
        return self.ended(self.runner.fork(run_id, asked, document, breakpoints=breakpoints, label=label))

    def ended(self, run_id: str) -> RunRow:
        return self.runner.wait_here(run_id)

    def debug(self, run_id: str, command: str, **more: Any) -> RunRow:
        if "edits" in more:
            more["edits"] = Edits.model_validate(more["edits"])
        self.runner.debugger.command(run_id, command, **more)
        return self.ended(run_id)

    def ran(self, run_id: str) -> dict[str, int]:
        """Node -> how often its function was called in a run, of the kinds that count."""
        return {node: count for (run, node), count in RAN.items() if run == run_id}

    def spans_of(self, run_id: str) -> dict[str, dict[str, Any]]:
        """Node -> its last visit's span."""
        return {row["node_id"]: row for row in self.recorded(run_id) if row["operation"] == "invoke_node"}


def points(*places: str, **more: Any) -> list[Breakpoint]:
    """``before a``, ``after b``."""
    return [Breakpoint(node=place.split()[1], when=place.split()[0], **more) for place in places]  # type: ignore[arg-type]


def at(row: RunRow) -> list[str]:
    """Where a run stops: ``before a``."""
    return [f"{form['stop']['when']} {form['stop']['node']}" for form in row.forms if "stop" in form]


def chain(*nodes: str, kind: str = "t.work", **config: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of a chain: nodes, flow, data; each node's output goes to the next one's ``a``."""
    path = ["start", *nodes, "finish"]
    data = [f"{one}.out -> {two}.a" for one, two in pairwise(nodes)]
    return {
        "nodes": {id: (kind, dict(config.get(id, {}))) for id in nodes},
        "flow": ", ".join(f"{one} -> {two}" for one, two in pairwise(path)),
        "data": ", ".join([*data, f"{nodes[-1]}.out -> finish.answer"]),
    }
