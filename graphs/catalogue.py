"""The installed kinds in a line each: what a model needs to write a workflow."""

from collections.abc import Iterable, Mapping
from typing import Any

from nodes.contract import NodeSpec, Port

SETTING_LENGTH = 60
"""Characters of a default shown."""


def catalogue(kinds: Mapping[str, NodeSpec]) -> str:
    """``kind: summary; in: ...; out: ...; outcomes: ...; sockets: ...; settings: ...``, a line each."""
    return "\n".join(_line(spec) for spec in kinds.values() if spec.run is not None or spec.provides)


def _line(spec: NodeSpec) -> str:
    sockets = [f"{each.name} ({each.sort}{', required' if each.required else ''})" for each in spec.attaches]
    outcomes = [f"<each of {spec.outcomes_field}>"] if spec.outcomes_field else []
    parts = [
        f"{spec.kind}: {spec.summary}",
        f"attach as {spec.provides}" if spec.provides else "",
        _told("in", [*_ports(spec.inputs), *(f"<{{{{variables}}}} of {name}>" for name in spec.template_fields)]),
        _told("out", _ports(spec.outputs)),
        _told("frame hands its body", _ports(spec.frame_outputs)),
        _told("body feeds", _ports(spec.frame_inputs)),
        _told("outcomes", [*outcomes, *spec.outcomes] if [*outcomes, *spec.outcomes] != ["done"] else []),
        _told("sockets", sockets),
        _told("settings", _settings(spec)),
    ]
    return "; ".join(part for part in parts if part)


def _told(title: str, names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"{title}: {listed}" if listed else ""


def _ports(ports: Iterable[Port]) -> list[str]:
    return [f"{port.name} {port.type}{'' if port.required else ' (optional)'}" for port in ports]


def _settings(spec: NodeSpec) -> list[str]:
    found: list[str] = []
    for name, info in spec.config.model_fields.items():
        extra = info.json_schema_extra
        if isinstance(extra, dict) and extra.get("advanced"):
            continue
        default: Any = None if info.is_required() else info.get_default(call_default_factory=True, validated_data={})
        text = repr(default)
        found.append(name if info.is_required() or len(text) > SETTING_LENGTH else f"{name}={text}")
    return found
