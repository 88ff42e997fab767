"""THE node contract: what a node kind declares, what it is given, what it may return.

A node kind is one file: a docstring (what it does, when to use it, the paper, where we deviate),
prompts as upper-case constants, a ``Config``, and one async function under ``@node``. The function

    async def critique(inputs: dict[str, Any], config: Config, ctx: Context) -> Result

reads as the algorithm. It imports nothing of LangGraph, LangChain or the store: model, memory,
tools, clock and limits come from ``ctx``. It returns one of

- ``dict``: output port -> value; the node ends with its first outcome (``done`` for most);
- ``Route(outcome, outputs)``: ends with the named outcome;
- ``FanOut(items, ...)``: run the frame's body once for each item (only ``control.for_each``);
- ``Pause(form, resume)``: wait for a person, then go on with ``resume(answer)``. LangGraph runs the
  node again from its top after a pause, so nothing with a side effect may stand before it.

Everything common - checking ports, retries, timeout, cost, trace, status events - is in the wrapper
that ``graphs`` puts around every node; a node does none of it. To fail, raise ``NodeError``.

Inputs: a required port is always present in ``inputs``; an optional one that no run of its source
has filled is absent. Values are JSON-like and of their port's type (``nodes.types``); do not mutate
them. Besides the ports, ``inputs["state"]`` holds the state variables (name -> value) for a kind with
template or CEL fields, or with ``state_fields``. ``start`` is given the run's inputs and returns them; what
``finish`` is given are the run's outputs, and it returns them.
"""

import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from nodes.errors import AnswerError, NodeError
from nodes.reach import (
    AgentTurn,
    Ask,
    Attached,
    ChatModel,
    Context,
    Decision,
    Policy,
    Reply,
    Role,
    RunEvent,
    SearchProvider,
    Services,
    Subworkflow,
    Tool,
    ToolResult,
    ToolServer,
)  # fmt: skip
from nodes.records import Hit, Memory, Weights
from nodes.workshop import Problem, WorkflowResult, Workshop

__all__ = [
    "FAMILIES", "AgentTurn", "AnswerError", "Ask", "Attach", "AttachSort", "Attached", "ChatModel", "Config", "Context",
    "Decision", "Family", "FanOut", "Form", "Hit", "Inputs", "Memory", "NodeError", "NodeFunction", "NodeSpec",
    "Outputs", "Pause", "Policy", "Port", "Problem", "Reply", "Result", "Role", "Route", "RunEvent", "SearchProvider",
    "Services", "Subworkflow", "Tool", "ToolResult", "ToolServer", "Weights", "WorkflowResult", "Workshop", "node",
]  # fmt: skip

Family = Literal[
    "planning", "search", "memory", "tools", "reflection", "deliberation", "teams", "control", "guards",
    "workflows", "simulation", "resources",
]  # fmt: skip
FAMILIES: Final[tuple[Family, ...]] = (
    "planning", "search", "memory", "tools", "reflection", "deliberation", "teams", "control", "guards",
    "workflows", "simulation", "resources",
)  # fmt: skip

AttachSort = Literal["model", "memory", "tool", "role", "policy", "workflow"]


class Config(BaseModel):
    """Base of every node's settings. Fields carry title, description (with the unit), and bounds.

    ``json_schema_extra`` keys the settings form understands: ``widget`` ("prompt" for a Mustache
    template, "cel" for a condition, "textarea", "code", "model", "tool", "space", "folder", "workflow",
    "database", "secret", "server" for an MCP server, "state" for the name of a state variable),
    ``unit`` ("s", "tok", "calls", ...), ``advanced`` (true: folded away).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Port:
    """One typed input or output. ``required`` matters for inputs only."""

    name: str
    type: str = "any"
    description: str = ""
    required: bool = True


@dataclass(frozen=True)
class Attach:
    """One socket below a node for resources of a sort. ``many``: several may be attached."""

    name: str
    sort: AttachSort
    required: bool = False
    many: bool = False
    description: str = ""
    takes: tuple[Port, ...] = ()
    """Of a socket for a sub-workflow: what each run of it is given."""
    gives: tuple[Port, ...] = ()
    """Of a socket for a sub-workflow: what each run of it must give back."""


@dataclass(frozen=True)
class NodeSpec:
    """Everything known about a kind without running it."""

    kind: str
    """``family.name`` or, for the three that every workflow has, a bare name; never renamed."""
    family: Family
    title: str
    summary: str
    """One line of at most 60 characters for the palette."""
    config: type[Config]
    run: "NodeFunction | None" = None
    """None for kinds that never run: notes and resources."""
    version: int = 1
    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    outcomes: tuple[str, ...] = ("done",)
    """Flow handles on the right, in order; empty for a node that ends its branch or never runs."""
    attaches: tuple[Attach, ...] = ()
    provides: AttachSort | None = None
    """For a resource: what it is when attached."""
    make_tool: "Callable[[Any, Attached], Tool] | None" = None
    """For a resource that provides a tool: builds it from its settings and what is attached to it, once for each
    visit of the node that uses it."""
    template_fields: tuple[str, ...] = ()
    """Config fields holding Mustache templates; each variable in them is an input port of type any.

    A field holds one template, or a record of them (``tools.call``): then all of its values in order.
    """
    typed_by: Mapping[str, str] = field(default_factory=dict[str, str])
    """Output port -> config field whose value is that port's type (``answer`` -> ``answer_type``)."""
    outcomes_field: str | None = None
    """Config field: a list of objects with ``name``; these names, then ``outcomes``, are the handles."""
    dynamic: Literal["workflow_inputs", "workflow_outputs"] | None = None
    """start: outputs are the workflow's inputs; finish: inputs are the workflow's outputs."""
    bounds_loop: bool = False
    """Its config limits how often a cycle through it can turn."""
    frame: bool = False
    """Holds other nodes (their ``parent``); flow leaves into the body by the outcome ``each``."""
    frame_outputs: tuple[Port, ...] = ()
    """For a frame: ports that feed nodes of the body (item, index)."""
    frame_inputs: tuple[Port, ...] = ()
    """For a frame: ports the body feeds (result)."""
    frame_fields: tuple[str, str] | None = None
    """For a frame whose ports are settings: the config fields that list what the body reads, and what it
    feeds; each a list of objects with ``name`` and ``type``."""
    state_fields: tuple[str, ...] = ()
    """Config fields that name state variables the node writes, as outputs ``state.<name>``: a text, a list
    of texts, or a record whose keys are the names."""
    conditional_outcomes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Outcome -> config field: the handle is there only where that setting is given (not null, false, 0 or empty)."""
    make_policy: "Callable[[Any], Policy] | None" = None
    """For a resource that provides a policy: builds it from its settings."""
    side_effects: bool = False
    """Changes the world outside the run (remember, a tool that writes): never cached or replayed."""
    model_calls: str = "none"
    """How many model calls a visit costs, in words a designer understands: "1", "1 to max_calls"."""
    source: str = ""
    """Paper (authors, year, address) or "Nodeloom"."""
    doc: str = ""
    """The file's docstring: the reference page."""
    icon: str = ""
    """Name of the glyph on its tile."""


Inputs = dict[str, Any]
Outputs = dict[str, Any]


@dataclass(frozen=True)
class Route:
    """End with a named outcome."""

    outcome: str
    outputs: Outputs = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class FanOut:
    """Run the body once for each item; the results come back in the order of the items."""

    items: list[Any]
    parallel: int = 8
    """How many bodies run at the same time, 1 or more."""
    on_error: Literal["stop", "skip"] = "stop"


@dataclass(frozen=True)
class Form:
    """What a person is asked."""

    title: str
    text: str = ""
    fields: tuple[dict[str, Any], ...] = ()
    """Made by ``nodes.forms.form_field``, which has their types; answers are held against them before they are
    taken."""
    decide: str = ""
    """Name of the field of type choice that is drawn as the form's buttons; '' for none."""


@dataclass(frozen=True)
class Pause:
    """Wait for a person. ``resume`` gets the answer, field name -> value."""

    form: Form
    resume: Callable[[dict[str, Any]], "Outputs | Route"]
    within: float | None = None
    """Seconds a person has for the answer; None: for ever."""
    timed_out: "Outputs | Route | None" = None
    """What the node comes to when they are over."""


Result = Outputs | Route | FanOut | Pause
NodeFunction = Callable[[Inputs, Any, "Context"], Awaitable[Result]]


def node(
    *,
    kind: str,
    family: Family,
    title: str,
    summary: str,
    config: type[Config],
    **declared: Any,
) -> Callable[[NodeFunction], NodeSpec]:
    """Turn a node function into its spec; the remaining keywords are fields of ``NodeSpec``.

    ``doc`` is the docstring of the function's module unless it is given.
    """

    def declare(run: NodeFunction) -> NodeSpec:
        declared.setdefault("doc", sys.modules[run.__module__].__doc__ or "")
        return NodeSpec(
            kind=kind, family=family, title=title, summary=summary, config=config, run=run,
            **declared,
        )  # fmt: skip

    return declare
