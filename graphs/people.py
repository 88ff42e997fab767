"""What people were asked and have said in one run, as its nodes need it; the rest is in the store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from langgraph.types import Interrupt

from graphs.journal import Journal

if TYPE_CHECKING:
    from graphs.context import NodeContext


@dataclass
class People:
    """Of one run in memory. Runs inside it share it."""

    known: bool = False
    """Whether it asked anybody in an earlier segment."""
    allowed: set[str] = field(default_factory=set[str])
    """Tools that a person has allowed for the rest of the run."""
    journals: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """Task of a visit that waits -> what it was answered so far."""
    rulings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """Task of a visit -> call -> what a person said to it, whether the run has gone on with that or not."""
    deadlines: Mapping[str, float | None] = field(default_factory=dict[str, "float | None"])
    """Question that was asked before -> until when it can be answered."""
    asked: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    """Question asked in this segment -> what the store has to know besides its form."""

    def ask(self, ctx: "NodeContext", question: Interrupt[Any]) -> None:
        """Note a question, before it is told; one that was asked before keeps its deadline."""
        self.known = True
        form = question.value["form"]
        if question.id in self.deadlines:
            form["deadline"] = self.deadlines[question.id]
        self.asked[question.id] = {
            "task": ctx.task_id, "label": ctx.step.label, "sort": "approval" if form.get("call") else "question",
            "journal": ctx.journal.as_json(ctx.tokens, ctx.usd) if ctx.journal else None,
        }  # fmt: skip


def open_journal(ctx: "NodeContext") -> None:
    """Note what the visit is answered, for a tool call below it may have to wait for a person.

    Its span gets an id that is the same when the node starts again, so that both are one span.
    """
    run = ctx.run
    if run.caller is not None:
        if run.caller.journal is None:
            return
        ctx.journal = run.caller.journal.inside(ctx.task_id)
    else:
        kept = run.people.journals.get(ctx.task_id)
        ctx.journal = Journal(kept)
        for call, said in run.people.rulings.get(ctx.task_id, {}).items():
            ctx.journal.rule(call, said)
        ctx.tokens, ctx.usd = ctx.journal.spent
    span = ctx.span
    span.rename(ctx.task_id.replace("-", "")[:16])
    if ctx.journal.began(span.id, span.started_at):
        span.row.pop("started_at", None)
        ctx.began = ctx.journal.first(span.id)
