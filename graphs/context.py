"""What a running node reaches: what is attached to it, the workspace, the run and its watchers, each traced."""

import asyncio
import importlib
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from langgraph.config import get_config

from graphs.active import ActiveRun
from graphs.attached import Owner, choice_of, first_memory, of_sort, policies_of, role_of, tools_of
from graphs.binding import variables
from graphs.chat import Caller, TracedModel
from graphs.events import OfVisit
from graphs.holds import InnerStops
from graphs.intermediate import Resource, Step
from graphs.journal import Journal
from graphs.kept import Taken
from graphs.model_calls import ModelChoice
from graphs.stops import Stops
from graphs.subworkflow import AttachedWorkflow, inner_task
from graphs.tool_calls import call_tool
from graphs.tracer import Span
from graphs.views import Shown
from nodes.contract import (
    AgentTurn,
    ChatModel,
    Memory,
    NodeError,
    Policy,
    Role,
    RunEvent,
    Services,
    Tool,
    ToolResult,
    Workshop,
)


class NodeContext:
    """``nodes.contract.Context`` for one visit of one node."""

    shown: Shown | None = None
    """What the visit shows; None where it shows nothing."""

    nested: int = 0
    """How many runs it has begun inside itself."""

    journal: Journal | None = None
    """What it is answered, where a tool call below it may have to wait for a person (graphs.people)."""

    # Of a run with a steering only (graphs.steering):
    depth: int = 0
    """Frames and sub-workflows around it."""
    taken: Taken | None = None
    """What it comes to without running."""
    stops: Stops | InnerStops | None = None
    one_span: bool = False
    """It stopped before, and goes on in the span of then."""
    began: float | None = None
    """When the visit began, where it has stopped since and its node starts again, in seconds since the epoch."""
    overrides: dict[str, Any] | None = None
    """State variables that a person has set."""

    def __init__(self, run: ActiveRun, step: Step, place: OfVisit, span: Span, state: Mapping[str, Any]) -> None:
        self.run = run
        self.step = step
        self.place = place
        self.span = span
        self.state = state
        self.tokens = 0
        self.usd = 0.0

    @property
    def run_id(self) -> str:
        return self.run.id

    @property
    def node_id(self) -> str:
        return self.step.id

    @property
    def visit(self) -> int:
        return self.place["visit"]

    @property
    def item(self) -> int | None:
        """Index of the item in the body of a frame."""
        return self.place.get("item")

    @property
    def task_id(self) -> str:
        return self._task_id

    @cached_property
    def _task_id(self) -> str:
        if self.run.task:
            return inner_task(self.run.task, self.place)
        return str(get_config().get("configurable", {})["__pregel_task_id"])

    # --- what is attached ---

    @property
    def model(self) -> TracedModel:
        return TracedModel(self._choice, self._caller)

    def models(self, socket: str) -> Sequence[TracedModel]:
        return tuple(TracedModel(choice_of(each), self._caller) for each in self._at(socket))

    @property
    def memory(self) -> Memory | None:
        return first_memory(self.step.resources, self._owner)

    def memory_at(self, socket: str) -> Memory | None:
        return first_memory(self._at(socket), self._owner)

    @property
    def tools(self) -> Sequence[Tool]:
        return self._tools

    @cached_property
    def calls(self) -> Counter[str]:
        """How often it called a tool with the same arguments."""
        return Counter()

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """The rules around the node's tool calls."""
        return policies_of(self.step.resources)

    @property
    def roles(self) -> Sequence[Role]:
        return self._roles

    def subworkflow(self, socket: str) -> AttachedWorkflow | None:
        found = self._at(socket)
        return AttachedWorkflow(self, found[0]) if found else None

    # --- the workspace, the run, the watchers ---

    @property
    def services(self) -> Services:
        return self.run.services

    @property
    def workshop(self) -> Workshop:
        return self.run.workshop(self)

    @property
    def variables(self) -> Mapping[str, Any]:
        return variables(self.state)

    @property
    def history(self) -> Sequence[RunEvent]:
        return self.run.history.events()

    @property
    def spent(self) -> Mapping[str, float]:
        return self.run.meter.spent()

    def now(self) -> float:
        """When the visit began: a replay, which knows that of the recorded visit, decides as the run did."""
        return self.span.started_at if self.began is None else self.began

    def progress(self, text: str) -> None:
        self.run.emit({"type": "node.progress", **self.place, "text": text})

    def show(self, view: Mapping[str, Any]) -> None:
        if self.shown is None:
            self.shown = Shown(self)
        self.shown.show(view)

    async def call_tool(self, tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
        return await call_tool(self, tool, arguments)

    async def agent(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        tools: Sequence[Tool],
        max_calls: int,
        temperature: float | None,
        model: ChatModel | None = None,
    ) -> AgentTurn:
        """LangChain's agent loop on ``model``, which is one this context gave, or on the node's."""
        used = self.model if model is None else model
        if not isinstance(used, TracedModel):
            raise NodeError(
                f"An agent cannot work on {used.reference}", mend="Give it a model of the node or of one of its roles."
            )
        call = used.call(temperature)
        chat_model = await call.chat_model()
        # 0.8 s of imports that only workflows with an agent need.
        loop = await asyncio.to_thread(importlib.import_module, "graphs.agent_loop")
        return await loop.run_agent(call, messages, tools, max_calls, self.call_tool, chat_model)

    def note(self, **attributes: Any) -> None:
        """Add to the span's attributes."""
        self.span.row["attributes"] = {**self.span.row.get("attributes", {}), **attributes}

    def retry(self, attempt: int, error: NodeError) -> None:
        """Note a failed attempt that is followed by another."""
        self.nested = 0  # what it runs inside, and the tools it calls, have the same idempotency keys again
        self.calls.clear()
        if self.journal is not None:
            self.journal.retry()
        row = self.span.row
        failures = [*row.get("attributes", {}).get("failed_attempts", ()), {"attempt": attempt, "what": error.what}]
        self.note(failed_attempts=failures)
        row["attempt"] = attempt + 1
        self.progress(f"attempt {attempt} failed: {error.what}")

    @cached_property
    def _owner(self) -> Owner:
        return Owner(self._caller, self.step.label, lambda: self._choice, lambda: self.workshop)

    @cached_property
    def _caller(self) -> Caller:
        return Caller(self.run, self.place, self.span, self._spend, journal=self.journal)

    @cached_property
    def _tools(self) -> tuple[Tool, ...]:
        return tools_of(self.step.resources, self._owner)

    @cached_property
    def _roles(self) -> tuple[Role, ...]:
        return tuple(role_of(each, self._owner) for each in of_sort(self.step.resources, "role"))

    @cached_property
    def _choice(self) -> ModelChoice:
        attached = self._at("model")
        if attached:
            return choice_of(attached[0])
        return ModelChoice(self.run.model or self.run.providers.default_model())

    def _at(self, socket: str) -> list[Resource]:
        return [each for each in self.step.resources if each.socket == socket]

    def _spend(self, input_tokens: int, output_tokens: int, usd: float) -> None:
        self.count(input_tokens + output_tokens, usd)
        self.run.meter.spend(input_tokens, output_tokens, usd)

    def count(self, tokens: int, usd: float) -> None:
        """Add to what the visit cost, and to the visits that this run is inside of."""
        self.tokens += tokens
        self.usd += usd
        if self.run.caller is not None:
            self.run.caller.count(tokens, usd)
