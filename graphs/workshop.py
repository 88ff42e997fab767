"""Workflows as data for a node: looked up, checked, edited, and run inside the run of the node.

A workflow inside a run shares its workspace, its model, its trace and its bill; it has no checkpoints of its
own, so that after a crash the node begins it anew.
"""

import asyncio
import json
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal

from graphs.apart import apart
from graphs.cache import Compiled, GraphCache
from graphs.catalogue import catalogue
from graphs.diagnostics import Diagnostic, DocumentError
from graphs.document import FORMAT_VERSION, Document, Limits
from graphs.inputs import InputErrors, checked_inputs
from graphs.limit_reached import LimitReached
from graphs.limits import InnerMeter
from graphs.operations import OperationError, apply, parse_operations
from graphs.pausing import pausing_steps
from graphs.refused import barred, is_barred
from graphs.segment import Ending, execute
from graphs.subworkflow import nested_run
from graphs.taken_over import taken_over
from graphs.tracer import snapshot
from graphs.trail import trail as trail_of
from graphs.validate import validate
from graphs.yaml_format import dump, parse
from nodes.contract import NodeError, Problem, WorkflowResult

if TYPE_CHECKING:
    from graphs.context import NodeContext

DEPTH: Final = 5
"""Workflows inside workflows, the outermost counted."""
REFUSED: Final = "SEC105"
TOLD: Final = 8
"""Problems named in an error."""
_SPAN_STATUS: Final = {"done": "ok", "failed": "error"}


class RunWorkshop:
    """``nodes.contract.Workshop`` for one visit of a node."""

    def __init__(self, graphs: GraphCache, ctx: "NodeContext") -> None:
        self._ctx = ctx
        self._graphs = graphs
        self._kinds = graphs.kinds

    def catalogue(self) -> str:
        return catalogue(self._kinds)

    def load(self, name: str) -> dict[str, Any]:
        if is_barred("workflow", name, self._barred):
            raise NodeError(
                f"The saved workflow {name!r} is not run: that was refused to this workflow",
                mend="Let it do without, or grant it under Share, Permissions.",
            )
        return _data(_document(self._ctx.run.providers.workflow(name)))

    def parse(self, text: str) -> dict[str, Any]:
        try:
            return _data(parse(text))
        except DocumentError as error:
            raise _refused("The text is no workflow", error.diagnostics) from None

    def text(self, document: Mapping[str, Any]) -> str:
        return dump(_document(document))

    def check(self, document: Mapping[str, Any]) -> list[Problem]:
        try:
            found = validate(parse(_json(document)), kinds=self._kinds)
        except DocumentError as error:
            found = error.diagnostics
            return [_problem(each) for each in found]
        return [*map(_problem, found), *self._refused_in(_document(document))]

    @cached_property
    def _barred(self) -> Collection[str]:
        """What the workflow of this run was refused; asked for once in each visit."""
        return self._ctx.run.providers.refused(self._ctx.run.id)

    def _refused_in(self, document: Document) -> list[Problem]:
        """What the document would do against it, for a model that mends drafts."""
        if not self._barred:
            return []
        run = self._ctx.run
        found = barred(document, self._barred, run.model or run.providers.default_model(), self._kinds)
        return [
            Problem(
                "error", REFUSED, ", ".join(each.nodes),
                f"would do what was refused to the workflow that runs it: {each.words[0].lower()}{each.words[1:]}",
                "Do without it, or grant it to that workflow under Share, Permissions.",
            )
            for each in found
        ]  # fmt: skip

    def apply(self, document: Mapping[str, Any], operations: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        try:
            return _data(apply(_document(document), parse_operations(list(operations))))
        except OperationError as error:
            listed = "; ".join(f"{each.index + 1}. {each.op}: {each.what}" for each in error.problems[:TOLD])
            raise NodeError(
                f"The changes cannot be made: {listed}", mend=error.problems[0].mend or "Mend the operations."
            ) from None

    async def run(
        self,
        document: Mapping[str, Any],
        inputs: Mapping[str, Any],
        *,
        max_steps: int = 100,
        trail: bool = False,
        kept: Sequence[Mapping[str, Any]] = (),
    ) -> WorkflowResult:
        """Run it within this run. Raises NodeError for one that cannot be run, LimitReached of the run itself."""
        outer = self._ctx.run
        if outer.depth >= DEPTH:
            raise NodeError(
                f"Workflows are nested more than {DEPTH} deep", mend="Let a workflow not run itself, by way of others."
            )
        compiled, read = await asyncio.to_thread(self._compiled, document)
        values = _inputs(read, inputs)
        run = nested_run(self._ctx, read.title, values)
        limits = read.limits.model_copy(update={"steps": min(max_steps, read.limits.steps or max_steps)})
        run.meter = meter = InnerMeter(Limits.model_validate(limits.model_dump()), outer=outer.meter)
        run.depth = outer.depth + 1
        run.steering = taken_over(run.id, run.root.id, kept) if kept else None
        rows = run.tracer.watch(run.root) if trail else []
        try:
            ending = await apart(execute(run, compiled, None))
        except asyncio.CancelledError:
            run.root.end("cancelled")
            raise
        run.root.end(_SPAN_STATUS.get(ending.status, "cancelled"), output=snapshot(ending.outputs), error=ending.error)
        if meter.outer_reached is not None:
            raise LimitReached(meter.outer_reached.limit, meter.outer_reached.what)
        return _result(ending, meter, trail_of(rows))

    def _compiled(self, document: Mapping[str, Any]) -> tuple[Compiled, Document]:
        read = _document(document)
        errors = [each for each in validate(read, kinds=self._kinds) if each.severity == "error"]
        if errors:
            raise _refused(f"The workflow {read.title!r} cannot be run", errors)
        refused = self._refused_in(read)
        if refused:
            listed = "; ".join(f"{each.place} {each.message}" for each in refused[:TOLD])
            raise NodeError(f"The workflow {read.title!r} is not run: {listed}", mend=refused[0].remedy)
        compiled = self._graphs.get(read)
        asking = pausing_steps(compiled.workflow.all_steps())
        if asking:
            raise NodeError(
                f"The workflow {read.title!r} asks a person ({asking[0].id}), which cannot wait inside a node",
                mend="Ask before or after the node that runs it.",
            )
        return compiled, read


def _problem(found: Diagnostic) -> Problem:
    return Problem(found.severity, found.code, str(found.place), found.message, found.remedy)


def _result(ending: Ending, meter: InnerMeter, trail: list[dict[str, Any]]) -> WorkflowResult:
    statuses: dict[str, Literal["done", "limit"]] = {"done": "done", "limit": "limit"}
    error = ending.error or {}
    where = f" (at {error['node']})" if error.get("node") else ""
    return WorkflowResult(
        status=statuses.get(ending.status, "failed"),
        outputs=dict(ending.outputs or {}),
        error=f"{error['what']}{where}" if error else "",
        steps=meter.steps,
        tokens=meter.tokens,
        usd=meter.usd,
        seconds=round(meter.seconds, 3),
        trail=trail,
    )


def _inputs(document: Document, given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return checked_inputs(document.inputs, given)
    except InputErrors as error:
        raise NodeError(
            f"The inputs of {document.title!r} do not fit: {error}", mend=" ".join(each.mend for each in error.problems)
        ) from None


def _document(data: Mapping[str, Any]) -> Document:
    """Raises NodeError with every problem."""
    try:
        return parse(_json(data))
    except DocumentError as error:
        raise _refused("This is no workflow document", error.diagnostics) from None


def _json(data: Mapping[str, Any]) -> str:
    return json.dumps({"nodeloom": FORMAT_VERSION, **data}, ensure_ascii=False, default=repr)


def _data(document: Document) -> dict[str, Any]:
    return {"nodeloom": FORMAT_VERSION, **document.model_dump(mode="json", exclude_defaults=True)}


def _refused(what: str, found: Sequence[Diagnostic]) -> NodeError:
    listed = "; ".join(f"{each.code} ({each.place}) {each.message}" for each in found[:TOLD])
    more = f"; and {len(found) - TOLD} more" if len(found) > TOLD else ""
    return NodeError(f"{what}: {listed}{more}", mend=next((each.remedy for each in found if each.remedy), ""))
