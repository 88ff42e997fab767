"""What is attached to a node, as the node reaches it: models, memory spaces, tools, policies, roles."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from graphs.chat import Caller, TracedModel
from graphs.guarded_calls import RoleTool
from graphs.intermediate import Resource
from graphs.journaled_memory import JournaledMemory
from graphs.memory_access import TracedMemory
from graphs.model_calls import ModelChoice
from nodes.contract import (  # fmt: skip
    AttachSort,
    Memory,
    Policy,
    Role,
    SearchProvider,
    Services,
    Tool,
    ToolServer,
    Workshop,
)


@dataclass(frozen=True)
class Owner:
    """Who uses what is attached: a visit of a node, or a role in it."""

    caller: Caller
    label: str
    """Of the node, for what it writes to memory."""
    choose: Callable[[], ModelChoice]
    """The model for whatever has none of its own; looked up when needed."""
    workshop: Callable[[], Workshop]

    @property
    def services(self) -> Services:
        return self.caller.run.services


class ToolReach:
    """``nodes.contract.Attached``: what one tool is built from."""

    def __init__(self, resource: Resource, owner: Owner) -> None:
        self._resource = resource
        self._owner = owner

    @property
    def model(self) -> TracedModel:
        return TracedModel(own_choice(self._resource, self._owner), self._owner.caller)

    @property
    def memory(self) -> Memory | None:
        return first_memory(self._resource.resources, self._owner)

    @cached_property
    def _tools(self) -> tuple[Tool, ...]:
        return tools_of(self._resource.resources, self._owner)

    @property
    def tools(self) -> Sequence[Tool]:
        return self._tools

    @property
    def workshop(self) -> Workshop:
        return self._owner.workshop()

    def folder(self, name: str) -> Path:
        return self._owner.services.folder(name)

    def database(self, name: str) -> Path:
        return self._owner.services.database(name)

    def run_folder(self) -> Path:
        return self._owner.services.run_folder()

    def search_provider(self) -> SearchProvider:
        return self._owner.services.search_provider()

    def tool_server(self, name: str) -> ToolServer:
        return self._owner.services.tool_server(name)

    def secret(self, name: str) -> str:
        return self._owner.services.secret(name)

    def now(self) -> float:
        return self._owner.services.now()


def of_sort(resources: Sequence[Resource], sort: AttachSort) -> list[Resource]:
    """Those that are a model, a tool, ..., in the order they were attached."""
    return [each for each in resources if each.spec.provides == sort]


def choice_of(resource: Resource) -> ModelChoice:
    """The model a resource names."""
    config: Any = resource.config
    return ModelChoice(config.reference, config.temperature, config.max_tokens)


def own_choice(resource: Resource, owner: Owner) -> ModelChoice:
    """The model attached to a resource, else its owner's."""
    models = of_sort(resource.resources, "model")
    return choice_of(models[0]) if models else owner.choose()


def first_memory(resources: Sequence[Resource], owner: Owner) -> Memory | None:
    """The first space; what is written to it says which run and node wrote it. Raises NodeError."""
    spaces = of_sort(resources, "memory")
    if not spaces:
        return None
    caller = owner.caller
    run = caller.run
    source = {"run": run.id, "number": run.number, "node": caller.place["node"], "label": owner.label}
    space = getattr(spaces[0].config, "space", "default")
    traced = TracedMemory(run.providers.memory(space, source=source), caller)
    return traced if caller.journal is None else JournaledMemory(traced, caller.journal)


def tools_of(resources: Sequence[Resource], owner: Owner) -> tuple[Tool, ...]:
    """The tools among the resources."""
    return tuple(
        each.spec.make_tool(each.config, ToolReach(each, owner))
        for each in of_sort(resources, "tool")
        if each.spec.make_tool
    )


def policies_of(resources: Sequence[Resource]) -> tuple[Policy, ...]:
    """The policies among the resources."""
    return tuple(each.spec.make_policy(each.config) for each in of_sort(resources, "policy") if each.spec.make_policy)


def role_of(resource: Resource, owner: Owner) -> Role:
    """A member of a team; without a model of its own it uses the node's."""
    config: Any = resource.config
    name = config.name or resource.label
    own = replace(owner, caller=replace(owner.caller, role=name), choose=lambda: own_choice(resource, owner))
    policies = policies_of(resource.resources)
    memory = first_memory(resource.resources, own)
    return Role(
        name=name,
        persona=config.persona,
        skills=config.skills,
        model=TracedModel(own.choose(), own.caller),
        memory=memory.owned_by(name) if memory and config.private else memory,
        tools=tuple(RoleTool(tool, name, policies) for tool in tools_of(resource.resources, own)),
    )
