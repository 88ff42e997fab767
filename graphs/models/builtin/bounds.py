"""Bounds for an answer by schema where the schema has none.

A small model now and then repeats itself: the same sentence in a text, the same entry in a list, until its tokens
are spent and the answer is lost. llama.cpp makes a grammar of the schema, which ends a text at ``maxLength`` and a
list at ``maxItems``; with both everywhere, the answer comes to an end and can be read. A good answer that would go on
past a bound is cut there; where more is needed, the schema says its own.
"""

from collections.abc import Mapping
from typing import Any, Final

CHARACTERS: Final = 2_000
"""Of a text; some 500 tokens."""
ENTRIES: Final[Mapping[str, int]] = {"object": 20, "string": 40, "number": 200, "integer": 200, "boolean": 200}
"""Of a list, by the type of its entries."""
_MAPS: Final = ("properties", "$defs")
_LISTS: Final = ("anyOf", "oneOf", "allOf", "prefixItems")
_CHOSEN: Final = ("enum", "const", "pattern", "format")


def bounded(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON schema with ``maxLength`` of each text and ``maxItems`` of each list; those it has stay."""
    found = dict(schema)
    for key in _MAPS:
        if key in found:
            found[key] = {name: bounded(each) for name, each in found[key].items()}
    for key in _LISTS:
        if key in found:
            found[key] = [bounded(each) for each in found[key]]
    if found.get("type") == "string" and not any(key in found for key in _CHOSEN):
        found.setdefault("maxLength", max(CHARACTERS, found.get("minLength", 0)))
    if found.get("type") == "array" and isinstance(found.get("items"), dict):
        found["items"] = bounded(found["items"])
        most = ENTRIES.get(found["items"].get("type", "object"), ENTRIES["object"])
        found.setdefault("maxItems", max(most, found.get("minItems", 0)))
    return found
