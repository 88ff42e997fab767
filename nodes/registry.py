"""Every kind of this version: a visible table, in the order of the palette.

Importing it loads no engine, no model library and no database: those are imported by the functions that
need them.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from nodes.contract import NodeSpec
from nodes.control.ask import ask
from nodes.control.finish import finish
from nodes.control.for_each import for_each
from nodes.control.join import join
from nodes.control.loop_limit import loop_limit
from nodes.control.note import note
from nodes.control.route import route
from nodes.control.route_by_model import route_by_model
from nodes.control.start import start
from nodes.memory.recall import recall
from nodes.memory.remember import remember
from nodes.planning.execute import execute
from nodes.planning.plan import plan
from nodes.reflection.critique import critique
from nodes.reflection.refine import refine
from nodes.resources.memory_space import memory_space
from nodes.resources.model import model
from nodes.tools.agent import agent
from nodes.tools.calculator import calculator
from nodes.tools.call import call
from nodes.tools.clock import clock
from nodes.tools.file_search import file_search
from nodes.tools.prompt import prompt
from nodes.tools.python import python
from nodes.tools.web_fetch import web_fetch

KINDS: Final[dict[str, NodeSpec]] = {
    "start": start,
    "finish": finish,
    "note": note,
    "planning.plan": plan,
    "planning.execute": execute,
    "memory.recall": recall,
    "memory.remember": remember,
    "prompt": prompt,
    "agent": agent,
    "tools.call": call,
    "reflection.critique": critique,
    "reflection.refine": refine,
    "control.route": route,
    "control.route_by_model": route_by_model,
    "control.join": join,
    "control.for_each": for_each,
    "control.loop_limit": loop_limit,
    "control.ask": ask,
    "resource.model": model,
    "resource.memory_space": memory_space,
    "tool.calculator": calculator,
    "tool.clock": clock,
    "tool.file_search": file_search,
    "tool.web_fetch": web_fetch,
    "tool.python": python,
}

_NOT_ON_THE_WIRE: Final = ("config", "run", "make_tool")


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
