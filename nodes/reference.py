"""The reference in Markdown, made from the specs alone: a page of one screen for each kind, and an index."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from nodes.contract import FAMILIES, Attach, Family, NodeSpec, Port
from nodes.registry import spec_json

INDEX: Final = "README.md"
HEAD: Final = "# Node reference"
"""What the index begins with."""

_ABOUT: Final[Mapping[Family, tuple[str, str]]] = {
    "planning": ("Planning", "Break a goal into steps, and work through them."),
    "search": ("Search", "Look for the best way among many, with budgets."),
    "memory": ("Memory", "Remember, recall, forget, and learn from it."),
    "tools": ("Tools", "Ask models, call tools, act in code."),
    "reflection": ("Reflection", "Judge what was done, and do it better."),
    "deliberation": ("Deliberation", "Several opinions, and one decision."),
    "teams": ("Teams", "Roles that work together."),
    "control": ("Control", "What runs next, how often, and when a person is asked."),
    "guards": ("Guards", "What may not happen."),
    "workflows": ("Workflows as data", "Write, change, run and score workflows inside a workflow."),
    "simulation": ("Simulation", "Worlds, populations, and what happens in them."),
    "resources": ("Resources", "What is attached to other nodes."),
}


def pages(kinds: Mapping[str, NodeSpec]) -> dict[str, str]:
    """File name -> text: the index, and ``<kind>.md`` for each kind."""
    return {INDEX: index(kinds), **{f"{kind}.md": page(spec) for kind, spec in kinds.items()}}


def index(kinds: Mapping[str, NodeSpec]) -> str:
    """Every kind with its line, by family in the order of the palette."""
    parts = [
        HEAD,
        f"{len(kinds)} kinds. Written by `nodeloom nodes --reference docs/nodes` from the code; do not edit.",
        *(_family(family, [spec for spec in kinds.values() if spec.family == family]) for family in FAMILIES),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _family(family: Family, specs: list[NodeSpec]) -> str:
    title, about = _ABOUT[family]
    lines = "\n".join(f"- [{spec.title}]({spec.kind}.md) `{spec.kind}`: {spec.summary}" for spec in specs)
    return f"## {title}\n\n{about}\n\n{lines}" if specs else ""


def page(spec: NodeSpec) -> str:
    """Title, docstring, ports, outcomes, sockets and settings of a kind."""
    parts = [
        f"# {spec.title} (`{spec.kind}`)",
        spec.doc.strip(),
        _facts(spec),
        _section("Inputs", [_port(port) for port in (*spec.inputs, *spec.frame_inputs)] + _asked(spec)),
        _section("Outputs", [_port(port) for port in (*spec.outputs, *spec.frame_outputs)] + _given(spec)),
        _section("Outcomes", _outcomes(spec)),
        _section("Sockets", map(_socket, spec.attaches)),
        _section("Settings", _settings(spec_json(spec)["config_schema"])),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(spec: NodeSpec) -> str:
    facts = [f"Family: {spec.family}", f"Model calls: {spec.model_calls}", f"Source: {spec.source}"]
    if spec.provides:
        facts.insert(1, f"Provides: a {spec.provides}")
    if spec.state_fields:
        facts.append(f"Writes the state variables named in {', '.join(f'`{name}`' for name in spec.state_fields)}")
    if spec.side_effects:
        facts.append("Changes the world outside the run")
    return "\n".join(f"- {fact}" for fact in facts)


def _section(title: str, lines: Iterable[str]) -> str:
    listed = "\n".join(f"- {line}" for line in lines)
    return f"## {title}\n\n{listed}" if listed else ""


def _port(port: Port) -> str:
    optional = "" if port.required else ", optional"
    return f"`{port.name}` ({port.type}{optional}): {port.description}"


def _asked(spec: NodeSpec) -> list[str]:
    """The inputs that settings or the workflow add."""
    if spec.dynamic == "workflow_outputs":
        return ["one for each output of the workflow"]
    fields = ", ".join(f"`{name}`" for name in spec.template_fields)
    body = [f"one for each of `{spec.frame_fields[1]}`, fed by the body"] if spec.frame_fields else []
    return [*([f"one for each `{{{{name}}}}` in {fields}"] if fields else []), *body]


def _given(spec: NodeSpec) -> list[str]:
    """The outputs that settings or the workflow add."""
    if spec.dynamic == "workflow_inputs":
        return ["one for each input of the workflow"]
    return [f"one for each of `{spec.frame_fields[0]}`, for the body"] if spec.frame_fields else []


def _outcomes(spec: NodeSpec) -> list[str]:
    named = [f"one for each of `{spec.outcomes_field}`"] if spec.outcomes_field else []
    each = ["`each`: into the body"] if spec.frame else []
    failed = ["`error`: when the node fails"] if spec.run else []
    return [*named, *(f"`{outcome}`" for outcome in spec.outcomes), *each, *failed]


def _socket(socket: Attach) -> str:
    sort = "sub-workflow" if socket.sort == "workflow" else socket.sort
    optional = "" if socket.required else ", optional"
    about = f". {socket.description.rstrip('.')}" if socket.description else ""
    takes, gives = _names("takes", socket.takes), _names("gives", socket.gives)
    return f"`{socket.name}`: {'any number of' if socket.many else 'one'} {sort}{optional}{about}{takes}{gives}"


def _names(word: str, ports: Iterable[Port]) -> str:
    listed = ", ".join(f"{port.name} ({port.type})" for port in ports)
    return f"; {word} {listed}" if listed else ""


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
