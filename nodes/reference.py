"""The reference page of a kind, one screen of Markdown, made from its spec alone."""

from collections.abc import Iterable
from typing import Any

from nodes.contract import NodeSpec, Port
from nodes.registry import spec_json


def page(spec: NodeSpec) -> str:
    """Title, docstring, ports, outcomes, sockets and settings of a kind."""
    parts = [
        f"# {spec.title} (`{spec.kind}`)",
        spec.doc.strip(),
        _facts(spec),
        _section("Inputs", [_port(port) for port in (*spec.inputs, *spec.frame_inputs)] + _template_line(spec)),
        _section("Outputs", [_port(port) for port in (*spec.outputs, *spec.frame_outputs)]),
        _section("Outcomes", _outcomes(spec)),
        _section(
            "Sockets", [_socket(socket.name, socket.sort, socket.required, socket.many) for socket in spec.attaches]
        ),
        _section("Settings", _settings(spec_json(spec)["config_schema"])),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(spec: NodeSpec) -> str:
    facts = [f"Family: {spec.family}", f"Model calls: {spec.model_calls}", f"Source: {spec.source}"]
    if spec.provides:
        facts.insert(1, f"Provides: a {spec.provides}")
    if spec.side_effects:
        facts.append("Changes the world outside the run")
    return "\n".join(f"- {fact}" for fact in facts)


def _section(title: str, lines: Iterable[str]) -> str:
    listed = "\n".join(f"- {line}" for line in lines)
    return f"## {title}\n\n{listed}" if listed else ""


def _port(port: Port) -> str:
    optional = "" if port.required else ", optional"
    return f"`{port.name}` ({port.type}{optional}): {port.description}"


def _template_line(spec: NodeSpec) -> list[str]:
    if spec.dynamic == "workflow_outputs":
        return ["one for each output of the workflow"]
    fields = ", ".join(f"`{name}`" for name in spec.template_fields)
    return [f"one for each `{{{{name}}}}` in {fields}"] if fields else []


def _outcomes(spec: NodeSpec) -> list[str]:
    named = [f"one for each of `{spec.outcomes_field}`"] if spec.outcomes_field else []
    each = ["`each`: into the body"] if spec.frame else []
    failed = ["`error`: when the node fails"] if spec.run else []
    return [*named, *(f"`{outcome}`" for outcome in spec.outcomes), *each, *failed]


def _socket(name: str, sort: str, required: bool, many: bool) -> str:
    return f"`{name}`: {'any number of' if many else 'one'} {sort}{'' if required else ', optional'}"


def _settings(schema: dict[str, Any]) -> list[str]:
    return [_setting(name, entry) for name, entry in schema.get("properties", {}).items()]


def _setting(name: str, entry: dict[str, Any]) -> str:
    unit = f" {entry['unit']}" if entry.get("unit") else ""
    facts = [f"default {_default(entry)}{unit}", *_bounds(entry)]
    return f"`{name}`: {entry['title']}. {entry['description']} ({', '.join(facts)})"


def _default(entry: dict[str, Any]) -> str:
    value = entry.get("default", {})
    text = "empty" if value in (None, "", [], {}) else str(value).splitlines()[0]
    return text if len(text) <= 60 else f"{text[:57]}..."


def _bounds(entry: dict[str, Any]) -> list[str]:
    branch = {**next(iter(entry.get("anyOf", [])), {}), **entry}
    low = branch.get("minimum", branch.get("exclusiveMinimum"))
    high = branch.get("maximum", branch.get("exclusiveMaximum"))
    allowed = [f"one of {', '.join(map(str, branch['enum']))}"] if "enum" in branch else []
    return [*allowed, *([f"{low} to {high}"] if low is not None and high is not None else [])]
