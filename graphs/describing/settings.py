"""The settings of a kind as a model may write them, and those it may not.

What a model writes is never code and never grants anything: snippets, secrets, folders, databases, servers, hosts
and trust are for a person to set.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from graphs.describing.proposal import Fault
from nodes.contract import Config, NodeSpec

_WIDGETS: Final = frozenset({"code", "secret", "folder", "database", "server"})
_NAMES: Final = frozenset({"allowed_hosts", "headers", "methods", "trusted", "without_answer", "secret_header"})
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Setting:
    """One setting: its name, and its JSON Schema without null."""

    name: str
    schema: Json

    @property
    def title(self) -> str:
        return str(self.schema.get("title") or self.name)

    @property
    def description(self) -> str:
        return str(self.schema.get("description") or "")

    @property
    def type(self) -> str:
        """JSON Schema's name; ``array`` and ``object`` for what is no single value."""
        return str(self.schema.get("type") or ("string" if "enum" in self.schema else "object"))

    @property
    def is_prompt(self) -> bool:
        return self.schema.get("widget") in ("prompt", "textarea")

    @property
    def is_guarded(self) -> bool:
        return self.schema.get("widget") in _WIDGETS or self.name in _NAMES


def settings_of(spec: NodeSpec) -> Mapping[str, Setting]:
    """All settings of a kind by name."""
    return _settings(spec.config)


@lru_cache(maxsize=512)
def _settings(config: type[Config]) -> Mapping[str, Setting]:
    properties: Mapping[str, Json] = config.model_json_schema().get("properties", {})
    return {name: Setting(name, _plain(schema)) for name, schema in properties.items()}


def _plain(schema: Json) -> Json:
    """Of a value that may be null, what it is otherwise."""
    choices = [each for each in schema.get("anyOf", ()) if each.get("type") != "null"]
    return {**choices[0], **{key: value for key, value in schema.items() if key != "anyOf"}} if choices else schema


def guard(spec: NodeSpec | None, name: str) -> Fault | None:
    """Why a model may not set it; None where it may."""
    setting = settings_of(spec).get(name) if spec else None
    if setting is None or not setting.is_guarded:
        return None
    return Fault(
        f"a model may not set {setting.title} of {spec.title if spec else ''}",
        "Set it yourself in the settings of the node: code, secrets, folders, hosts and trust are for a person.",
    )


def as_written(spec: NodeSpec | None, name: str, value: Any) -> Any:
    """A value as the setting has it: JSON text is read where the setting is no text; whole numbers become int."""
    setting = settings_of(spec).get(name) if spec else None
    if isinstance(value, str) and setting is not None and setting.type != "string":
        value = _read(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
