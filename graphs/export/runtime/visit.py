"""What a mechanism is given while it runs (``mechanisms.contract.Context``)."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from langgraph.config import get_config, get_stream_writer

from graphs.export.runtime.chat import Model
from graphs.export.runtime.here import Here
from graphs.export.runtime.ledger import Ledger
from graphs.export.runtime.resources import (
    DEFAULT_MODEL,
    Attachables,
    Owner,
    choice_of,
    first_memory,
    of_sort,
    policies_of,
    role_of,
    tools_of,
)
from graphs.export.runtime.state import State, variables
from graphs.export.runtime.subworkflow import AttachedSubworkflow
from graphs.export.runtime.tool_calls import call_tool
from graphs.export.runtime.workspace import Workspace
from graphs.model_calls import ModelChoice
from nodes.contract import (
    AgentTurn,
    ChatModel,
    Memory,
    NodeError,
    Policy,
    Role,
    RunEvent,
    Tool,
    ToolResult,
    Workshop,
)

_TASKS: Final = uuid.UUID("6f2f6d8e-2f0f-5f0a-9d0c-6b1f3f0c7a11")


class Visit:
    """One run of one node."""

    def __init__(self, node: str, label: str, attached: Attachables, here: Here, state: State, visit: int) -> None:
        self.place: dict[str, Any] = {"node": node, "visit": visit}
        if here.item is not None:
            self.place["item"] = here.item
        self.label = label
        self.here = here
        self.state = state
        self.began = here.workspace.now()
        self.outermost = True
        """Whether it runs in the graph itself, not inside another node."""
        self.nested = 0
        """How many sub-workflows it has begun."""
        self._attached = attached

    @property
    def workspace(self) -> Workspace:
        return self.here.workspace

    @property
    def ledger(self) -> Ledger:
        return self.here.ledger

    @property
    def run_id(self) -> str:
        """The thread of the run, where it has one."""
        configurable = get_config().get("configurable", {})
        return str(configurable.get("thread_id") or configurable.get("run_id") or "run")

    @property
    def node_id(self) -> str:
        return self.place["node"]

    @property
    def visit(self) -> int:
        return self.place["visit"]

    @property
    def task_id(self) -> str:
        return self._task_id

    @cached_property
    def _task_id(self) -> str:
        if self.here.task:
            place = self.place
            return str(uuid.uuid5(_TASKS, f"{self.here.task}/{place['node']}.{place['visit']}.{place.get('item', '')}"))
        return str(get_config().get("configurable", {}).get("__pregel_task_id", ""))

    # --- what is attached ---

    @property
    def model(self) -> Model:
        return Model(self._choice, self)

    def models(self, socket: str) -> Sequence[Model]:
        return tuple(Model(choice_of(each.resource), self) for each in self._at(socket))

    @property
    def memory(self) -> Memory | None:
        return first_memory(self._attached, self._owner)

    def memory_at(self, socket: str) -> Memory | None:
        return first_memory(self._at(socket), self._owner)

    @property
    def source(self) -> dict[str, Any]:
        """What is noted of a record that it writes to memory."""
        return {"run": self.run_id, "node": self.node_id, "label": self.label}

    @property
    def tools(self) -> Sequence[Tool]:
        return self._tools

    @cached_property
    def _tools(self) -> tuple[Tool, ...]:
        return tools_of(self._attached, self._owner)

    @cached_property
    def calls(self) -> Counter[str]:
        """How often it called a tool with the same arguments."""
        return Counter()

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        return policies_of(self._attached)

    @property
    def roles(self) -> Sequence[Role]:
        return self._roles

    @cached_property
    def _roles(self) -> tuple[Role, ...]:
        return tuple(role_of(each, self._owner) for each in of_sort(self._attached, "role"))

    def subworkflow(self, socket: str) -> AttachedSubworkflow | None:
        found = self._at(socket)
        return AttachedSubworkflow(self, found[0].resource) if found else None

    # --- the workspace, the run, the watchers ---

    @property
    def services(self) -> Workspace:
        return self.workspace

    @property
    def workshop(self) -> Workshop:
        raise NodeError("Workflows cannot be read or run as data here", mend="Run this workflow in Nodeloom.")

    @property
    def variables(self) -> Mapping[str, Any]:
        return variables(self.state)

    @property
    def history(self) -> Sequence[RunEvent]:
        return self.ledger.history

    @property
    def spent(self) -> Mapping[str, float]:
        return self.ledger.spent

    def now(self) -> float:
        """When the visit began: however often it is asked, and in every attempt."""
        return self.began

    def progress(self, text: str) -> None:
        self._tell({**self.place, "progress": text})

    def show(self, view: Mapping[str, Any]) -> None:
        self._tell({**self.place, "view": dict(view)})

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
        from graphs.agent_loop import run_agent  # only graphs with an agent need its imports, which take long

        used = self.model if model is None else model
        if not isinstance(used, Model):
            raise NodeError("An agent cannot work on this model", mend="Give it one of the node or of its roles.")
        call = used.call(temperature)
        return await run_agent(call, messages, tools, max_calls, self.call_tool, call.chat_model())

    @cached_property
    def _tell(self) -> Callable[[Any], None]:
        """Where ``stream_mode="custom"`` listens; nowhere inside a sub-workflow."""
        return (lambda told: None) if self.here.task else get_stream_writer()

    @cached_property
    def _owner(self) -> Owner:
        return Owner(self, lambda: self._choice)

    @cached_property
    def _choice(self) -> ModelChoice:
        attached = self._at("model")
        return choice_of(attached[0].resource) if attached else DEFAULT_MODEL

    def _at(self, socket: str) -> Attachables:
        return tuple(each for each in self._attached if each.socket == socket)
