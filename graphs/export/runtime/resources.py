"""What is attached to a node - models, memory spaces, tools, policies, roles - as its mechanism reaches it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphs.export.runtime.chat import Model
from graphs.export.runtime.workspace import Workspace
from graphs.guarded_calls import RoleTool
from graphs.model_calls import ModelChoice
from nodes.contract import (
    AttachSort,
    Config,
    Memory,
    NodeError,
    NodeSpec,
    Policy,
    Role,
    SearchProvider,
    Tool,
    ToolServer,
    Workshop,
)

if TYPE_CHECKING:
    from graphs.export.runtime.visit import Visit

DEFAULT_MODEL: Final = ModelChoice()
OpenMemory = Callable[[Workspace, str, Mapping[str, Any]], Memory]
"""``runtime.memory.Space``: workspace, name of the space, what is noted of what is written -> the space."""


class Resource:
    """A resource with its settings, and what is attached to it in turn."""

    def __init__(
        self,
        id: str,
        spec: NodeSpec,
        settings: Mapping[str, Any] | None = None,
        *,
        label: str = "",
        attach: "Mapping[str, Sequence[Any]] | None" = None,
        opens: "OpenMemory | None" = None,
    ) -> None:
        """``attach``: socket -> resources, in order; ``opens``: of a memory space, what it is kept in."""
        self.id = id
        self.label = label or id
        self.spec = spec
        self.config: Config = spec.config.model_validate(dict(settings or {}))
        self.attached = flat(attach)
        self.opens = opens


@dataclass(frozen=True)
class At:
    """A resource at a socket."""

    socket: str
    resource: Any
    """A ``Resource`` or a ``Subworkflow``."""


Attachables = tuple[At, ...]


def flat(attach: "Mapping[str, Sequence[Any]] | None") -> Attachables:
    """Socket -> resources, as one row."""
    return tuple(At(socket, each) for socket, several in (attach or {}).items() for each in several)


def of_sort(attached: Attachables, sort: AttachSort) -> list[Any]:
    """Those that are a model, a tool, ..., in order."""
    return [each.resource for each in attached if each.resource.spec.provides == sort]


@dataclass(frozen=True)
class Owner:
    """Who uses what is attached: a visit of a node, or a role in it."""

    visit: "Visit"
    choose: Callable[[], ModelChoice]
    """The model for whatever has none of its own."""


class ToolReach:
    """``mechanisms.contract.Attached``: what one tool is built from."""

    def __init__(self, resource: Any, owner: Owner) -> None:
        self._resource = resource
        self._owner = owner
        self._workspace = owner.visit.workspace

    @property
    def model(self) -> Model:
        return Model(own_choice(self._resource, self._owner), self._owner.visit)

    @property
    def memory(self) -> Memory | None:
        return first_memory(self._resource.attached, self._owner)

    @property
    def tools(self) -> Sequence[Tool]:
        return self._tools

    @cached_property
    def _tools(self) -> tuple[Tool, ...]:
        return tools_of(self._resource.attached, self._owner)

    @property
    def workshop(self) -> Workshop:
        return self._owner.visit.workshop

    def folder(self, name: str) -> Path:
        return self._workspace.folder(name)

    def database(self, name: str) -> Path:
        return self._workspace.database(name)

    def run_folder(self) -> Path:
        return self._workspace.run_folder()

    def search_provider(self) -> SearchProvider:
        return self._workspace.search_provider()

    def tool_server(self, name: str) -> ToolServer:
        return self._workspace.tool_server(name)

    def secret(self, name: str) -> str:
        return self._workspace.secret(name)

    def now(self) -> float:
        return self._workspace.now()


def choice_of(resource: Any) -> ModelChoice:
    """The model a resource names."""
    config = resource.config
    return ModelChoice(config.reference, config.temperature, config.max_tokens)


def own_choice(resource: Any, owner: Owner) -> ModelChoice:
    """The model attached to a resource, else its owner's."""
    models = of_sort(resource.attached, "model")
    return choice_of(models[0]) if models else owner.choose()


def first_memory(attached: Attachables, owner: Owner) -> Memory | None:
    """The first space; what is written to it says which node wrote it."""
    spaces = of_sort(attached, "memory")
    if not spaces:
        return None
    return spaces[0].opens(owner.visit.workspace, spaces[0].config.space, owner.visit.source)


def tools_of(attached: Attachables, owner: Owner) -> tuple[Tool, ...]:
    """The tools among the resources."""
    return tuple(
        each.spec.make_tool(each.config, ToolReach(each, owner))
        for each in of_sort(attached, "tool")
        if each.spec.make_tool
    )


def policies_of(attached: Attachables) -> tuple[Policy, ...]:
    """The policies among the resources."""
    return tuple(each.spec.make_policy(each.config) for each in of_sort(attached, "policy") if each.spec.make_policy)


def role_of(resource: Any, owner: Owner) -> Role:
    """A member of a team; without a model of its own it uses the node's. Raises NodeError."""
    config = resource.config
    name = config.name or resource.label
    own = replace(owner, choose=lambda: own_choice(resource, owner))
    policies = policies_of(resource.attached)
    memory = first_memory(resource.attached, own)
    if memory is not None and config.private and not name.strip():
        raise NodeError("A role with a private memory needs a name", mend="Name it.")
    return Role(
        name=name,
        persona=config.persona,
        skills=config.skills,
        model=Model(own.choose(), own.visit),
        memory=memory.owned_by(name) if memory is not None and config.private else memory,
        tools=tuple(RoleTool(tool, name, policies) for tool in tools_of(resource.attached, own)),
    )
