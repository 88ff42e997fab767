"""What a running node reaches: its model, memory, tools, clock and watchers, each traced."""

import asyncio
import importlib
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from langgraph.config import get_config

from graphs.active import ActiveRun
from graphs.chat import Call, Caller, ModelChoice, TracedModel
from graphs.events import OfVisit, preview
from graphs.intermediate import Resource, Step
from graphs.memory_access import TracedMemory
from graphs.tracer import Span, snapshot
from nodes.contract import AgentTurn, AttachSort, NodeError, Tool, ToolResult


class NodeContext:
    """``nodes.contract.Context`` for one visit of one node."""

    def __init__(self, run: ActiveRun, step: Step, place: OfVisit, span: Span) -> None:
        self.run = run
        self.step = step
        self.place = place
        self.span = span
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
    def task_id(self) -> str:
        return str(get_config().get("configurable", {})["__pregel_task_id"])

    @property
    def model(self) -> TracedModel:
        return TracedModel(self._choice, self._caller)

    @property
    def memory(self) -> TracedMemory | None:
        attached = self._attached("memory")
        if not attached:
            return None
        source = {"run": self.run.id, "number": self.run.number, "node": self.step.id, "label": self.step.label}
        space = getattr(attached[0].config, "space", "default")
        return TracedMemory(self.run.providers.memory(space, source=source), self._caller)

    @property
    def tools(self) -> Sequence[Tool]:
        services = self.run.providers.services
        return tuple(
            each.spec.make_tool(each.config, services) for each in self._attached("tool") if each.spec.make_tool
        )

    def now(self) -> float:
        return time.time()

    def progress(self, text: str) -> None:
        self.run.emit({"type": "node.progress", **self.place, "text": text})

    async def call_tool(self, tool: Tool, arguments: Mapping[str, Any]) -> ToolResult:
        """Run the tool in an ``execute_tool`` span; what it breaks with becomes a failed result."""
        given = snapshot(arguments)
        self.run.emit({"type": "tool.started", **self.place, "tool": tool.name, "arguments": given})
        span = self.run.tracer.start(
            "execute_tool", tool.name, self.span.id, node_id=self.node_id, visit=self.visit,
            item=self.place.get("item"), input=given,
        )  # fmt: skip
        try:
            result = await tool.call(arguments)
        except asyncio.CancelledError:
            span.end("cancelled")
            raise
        except NodeError as error:
            result = ToolResult(f"{error.what}. {error.mend}".strip(), failed=True)
        except Exception as error:  # a tool is foreign code: its fault must not end the node
            result = ToolResult(f"{tool.name} broke: {type(error).__name__}: {error}", failed=True)
        failure = {"what": result.text, "mend": "", "type": "ToolFailed"} if result.failed else None
        output = result.text if result.data is None else {"text": result.text, "data": snapshot(result.data)}
        span.end("error" if result.failed else "ok", output=output, error=failure)
        self.run.emit({
            "type": "tool.finished", **self.place, "tool": tool.name, "arguments": given,
            "result": preview(result.text), "failed": result.failed,
        })  # fmt: skip
        return result

    async def agent(
        self, messages: Sequence[Mapping[str, Any]], *, tools: Sequence[Tool], max_calls: int, temperature: float | None
    ) -> AgentTurn:
        """LangChain's agent loop on the node's model."""
        choice = self._choice
        temperature = choice.temperature if temperature is None else temperature
        settings = {"temperature": temperature, "max_tokens": choice.max_tokens}
        call = Call(choice.reference, self._caller, settings)
        model = await call.chat_model()
        # 0.8 s of imports that only workflows with an agent need.
        loop = await asyncio.to_thread(importlib.import_module, "graphs.agent_loop")
        return await loop.run_agent(call, messages, tools, max_calls, self.call_tool, model)

    def retry(self, attempt: int, error: NodeError) -> None:
        """Note a failed attempt that is followed by another."""
        row = self.span.row
        failures = [*row.get("attributes", {}).get("failed_attempts", ()), {"attempt": attempt, "what": error.what}]
        row["attributes"] = {**row.get("attributes", {}), "failed_attempts": failures}
        row["attempt"] = attempt + 1
        self.progress(f"attempt {attempt} failed: {error.what}")

    @cached_property
    def _caller(self) -> Caller:
        return Caller(self.run, self.place, self.span, self._spend)

    @cached_property
    def _choice(self) -> ModelChoice:
        attached = self._attached("model")
        if attached:
            config: Any = attached[0].config
            return ModelChoice(config.reference, config.temperature, config.max_tokens)
        return ModelChoice(self.run.model or self.run.providers.default_model())

    def _attached(self, sort: AttachSort) -> list[Resource]:
        return [each for each in self.step.resources if each.spec.provides == sort]

    def _spend(self, input_tokens: int, output_tokens: int, usd: float) -> None:
        self.tokens += input_tokens + output_tokens
        self.usd += usd
        self.run.meter.spend(input_tokens, output_tokens, usd)
