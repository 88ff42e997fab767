"""Whether arguments fit a tool's JSON Schema: names, required ones, types and choices.

Only what tool schemas use, so that no validator has to be installed; ``$ref``, patterns and nested objects
are not looked into.
"""

from collections.abc import Mapping
from typing import Any, Final

_PYTHON: Final[dict[str, tuple[type, ...]]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "array": (list, tuple),
    "object": (dict,), "null": (type(None),),
}  # fmt: skip


def misfits(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> list[str]:
    """What is wrong with ``arguments``, in words; empty where they fit."""
    known: Mapping[str, Any] = schema.get("properties", {})
    has = f"it has {', '.join(known) or 'none'}"
    missing = [f"the argument {name!r} is missing" for name in schema.get("required", ()) if name not in arguments]
    unknown = [f"there is no argument {name!r}; {has}" for name in arguments if name not in known]
    wrong = [
        f"{name!r} must be {_wanted(known[name])}, not {value!r:.80}"
        for name, value in arguments.items()
        if name in known and not _fits(known[name], value)
    ]
    return [*missing, *unknown, *wrong]


def _fits(entry: Mapping[str, Any], value: Any) -> bool:
    if "enum" in entry:
        return value in entry["enum"]
    if "anyOf" in entry:
        return any(_fits(each, value) for each in entry["anyOf"])
    kinds = entry.get("type", ())
    names = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    return not names or any(_is(name, value) for name in names)


def _is(name: str, value: Any) -> bool:
    if isinstance(value, bool) and name != "boolean":
        return False
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _PYTHON.get(name, (object,)))


def _wanted(entry: Mapping[str, Any]) -> str:
    if "enum" in entry:
        return f"one of {', '.join(map(repr, entry['enum']))}"
    if "anyOf" in entry:
        return " or ".join(_wanted(each) for each in entry["anyOf"])
    return str(entry.get("type", "something else"))
