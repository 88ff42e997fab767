"""The ports of a node in a document: what its kind declares, plus what its settings and the workflow add.

The same rule, for the canvas, is in ``frontend/src/model/ports.ts``. Total: a setting of the wrong
type counts as not set, a malformed template asks for no inputs (rules report both).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Final, cast

from pydantic import BaseModel

from graphs.document import Document, Node
from nodes.contract import Attach, Config, NodeSpec, Port
from nodes.templating import TemplateError, variables
from nodes.types import is_type

ERROR: Final = "error"
"""Outcome of every node that runs: taken, where it is joined, when the node fails."""
EACH: Final = "each"
"""Outcome of a frame that leads into its body."""
DONE: Final = "done"
"""The outcome meant where a flow edge names none."""


@dataclass(frozen=True)
class NodePorts:
    """The handles of one node, in the order they are drawn."""

    inputs: tuple[Port, ...] = ()
    outputs: tuple[Port, ...] = ()
    outcomes: tuple[str, ...] = ()
    """Flow handles: the named ones, then ``each`` of a frame, then ``error`` of a node that runs."""
    sockets: tuple[Attach, ...] = ()

    def input(self, name: str | None) -> Port | None:
        return next((port for port in self.inputs if port.name == name), None)

    def output(self, name: str | None) -> Port | None:
        return next((port for port in self.outputs if port.name == name), None)

    def socket(self, name: str | None) -> Attach | None:
        return next((socket for socket in self.sockets if socket.name == name), None)

    def sockets_for(self, sort: str | None) -> tuple[Attach, ...]:
        """The sockets that take a resource of ``sort``."""
        return tuple(socket for socket in self.sockets if socket.sort == sort)


NO_PORTS: Final = NodePorts()


def ports_of(document: Document, node_id: str, kinds: Mapping[str, NodeSpec]) -> NodePorts:
    """The ports of a node; none for a node that is not there or whose kind is unknown."""
    node = document.nodes.get(node_id)
    spec = kinds.get(node.kind) if node else None
    if node is None or spec is None:
        return NO_PORTS
    return NodePorts(
        inputs_of(spec, node, document), outputs_of(spec, node, document), outcomes_of(spec, node), spec.attaches
    )


def inputs_of(spec: NodeSpec, node: Node, document: Document) -> tuple[Port, ...]:
    """Declared inputs, then those of templates, of the workflow's outputs, and of a frame's body."""
    found = {port.name: port for port in spec.inputs}
    for name in spec.template_fields:
        for template in templates_of(spec, node, name):
            for port in template_inputs(template):
                found.setdefault(port.name, port)
    if spec.dynamic == "workflow_outputs":
        # Not required here: whether an output is ever filled is a question to the workflow, not to one finish.
        for name, output in document.outputs.items():
            found.setdefault(name, Port(name, type_or_any(output.type), output.title, required=False))
    return (*found.values(), *frame_inputs_of(spec, node))


def outputs_of(spec: NodeSpec, node: Node, document: Document) -> tuple[Port, ...]:
    """Declared outputs, then the workflow's inputs for ``start``, then what a frame hands its body."""
    declared = tuple(_typed(port, spec, node) for port in spec.outputs) if spec.typed_by else spec.outputs
    if spec.dynamic != "workflow_inputs":
        return (*declared, *frame_outputs_of(spec, node)) if spec.frame else declared
    inputs = (Port(name, type_or_any(each.type), each.title) for name, each in document.inputs.items())
    return (*declared, *inputs, *frame_outputs_of(spec, node))


def frame_outputs_of(spec: NodeSpec, node: Node) -> tuple[Port, ...]:
    """What a frame hands its body: as its kind declares, or as its settings list."""
    return (*spec.frame_outputs, *_listed(spec, node, 0)) if spec.frame_fields else spec.frame_outputs


def frame_inputs_of(spec: NodeSpec, node: Node) -> tuple[Port, ...]:
    """What a frame's body feeds."""
    return (*spec.frame_inputs, *_listed(spec, node, 1)) if spec.frame_fields else spec.frame_inputs


def _listed(spec: NodeSpec, node: Node, side: int) -> tuple[Port, ...]:
    """The ports in a setting: the first of each name."""
    assert spec.frame_fields is not None
    value: Any = config_value(spec, node, spec.frame_fields[side])
    found: dict[str, Port] = {}
    for each in value if isinstance(value, list | tuple) else ():
        given: Any = each.model_dump() if isinstance(each, BaseModel) else each
        name, type = (given.get("name"), given.get("type")) if isinstance(given, dict) else (None, None)
        if isinstance(name, str) and name:
            found.setdefault(
                name, Port(name, type_or_any(type) if isinstance(type, str) else "any", "", required=not side)
            )
    return tuple(found.values())


def _typed(port: Port, spec: NodeSpec, node: Node) -> Port:
    """The port with the type that a setting gives it."""
    field = spec.typed_by.get(port.name)
    chosen = config_value(spec, node, field) if field else None
    return _retyped(port, chosen) if isinstance(chosen, str) and is_type(chosen) else port


@lru_cache(maxsize=1_024)
def _retyped(port: Port, type: str) -> Port:
    return replace(port, type=type)


def outcomes_of(spec: NodeSpec, node: Node) -> tuple[str, ...]:
    """Flow handles of the node, ``error`` last."""
    named = [name for name in spec.outcomes if _is_there(spec, node, name)]
    if spec.outcomes_field is not None:
        named = [*_names(config_value(spec, node, spec.outcomes_field)), *named]
    if spec.frame:
        named.append(EACH)
    if spec.run is not None:
        named.append(ERROR)
    return tuple(dict.fromkeys(named))


def _is_there(spec: NodeSpec, node: Node, outcome: str) -> bool:
    """Whether the setting that an outcome hangs on is given."""
    field = spec.conditional_outcomes.get(outcome) if spec.conditional_outcomes else None
    return field is None or bool(config_value(spec, node, field))


def templates_of(spec: NodeSpec, node: Node, field: str) -> list[str]:
    """The Mustache templates in a setting (one, or the values of a record), or in its default."""
    value = config_value(spec, node, field)
    values = cast("dict[str, Any]", value).values() if isinstance(value, dict) else (value,)
    return [each for each in values if isinstance(each, str)]


def config_value(spec: NodeSpec, node: Node, field: str) -> Any:
    """The setting as the document has it, else its default."""
    if field in node.config:
        return node.config[field]
    return _default(spec.config, field)


@cache  # asked for every port of every node after every edit; nobody changes what it gives
def _default(config: type[Config], field: str) -> Any:
    """The default of a setting; None where it is required or there is none."""
    declared = config.model_fields.get(field)
    if declared is None or declared.is_required():
        return None
    return declared.get_default(call_default_factory=True, validated_data={})


def type_or_any(expression: str) -> str:
    """The type expression; ``any`` for one that does not follow the grammar (a rule reports it)."""
    return expression if is_type(expression) else "any"


@lru_cache(maxsize=4096)
def template_inputs(template: str) -> tuple[Port, ...]:
    """One input of type any for each variable; none where the template is malformed."""
    try:
        return tuple(Port(name, "any", "", required) for name, required in variables(template))
    except TemplateError:
        return ()


def _names(items: Any) -> list[str]:
    """The ``name`` of each item: dictionaries from a document, or models from a default."""
    if not isinstance(items, list | tuple):
        return []
    names = (each.get("name") if isinstance(each, dict) else getattr(each, "name", None) for each in cast("Any", items))
    return [name for name in names if isinstance(name, str) and name]
