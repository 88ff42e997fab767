"""Every kind of this version, in the order of the palette; each family has its own visible table.

Importing it loads no engine, no model library and no database: those are imported by the functions that
need them.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from nodes.contract import NodeSpec
from nodes.control import kinds as control
from nodes.deliberation import kinds as deliberation
from nodes.guards import kinds as guards
from nodes.memory import kinds as memory
from nodes.planning import kinds as planning
from nodes.reflection import kinds as reflection
from nodes.resources import kinds as resources
from nodes.search import kinds as search
from nodes.simulation import kinds as simulation
from nodes.teams import kinds as teams
from nodes.tools import kinds as tools
from nodes.workflows import kinds as workflows

_FAMILIES: Final = (
    planning, search, memory, tools, reflection, deliberation, teams, control, guards, workflows, simulation, resources,
)  # fmt: skip

KINDS: Final[dict[str, NodeSpec]] = {spec.kind: spec for family in _FAMILIES for spec in family.KINDS}

_NOT_ON_THE_WIRE: Final = ("config", "run", "make_tool", "make_policy")


def registry() -> Mapping[str, NodeSpec]:
    """Kind -> spec, in the order of the palette."""
    return KINDS


def spec_json(spec: NodeSpec) -> dict[str, Any]:
    """A spec as JSON data: its declaration, and ``config_schema``, the JSON Schema of its settings.

    The schema holds no references: a form can be drawn from it without looking anything up.
    """
    data = {name: value for name, value in asdict(spec).items() if name not in _NOT_ON_THE_WIRE}
    schema = spec.config.model_json_schema()
    return {**data, "config_schema": _inlined(schema, schema.pop("$defs", {}))}


def _inlined(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """``schema`` with every ``$ref`` replaced by what it names; keys beside the reference win."""
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    named = definitions.get(str(schema.get("$ref", "")).rpartition("/")[2], {})
    merged = {**named, **{key: value for key, value in schema.items() if key != "$ref"}}
    return {key: _inlined(value, definitions) for key, value in merged.items()}
