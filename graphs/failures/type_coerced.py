"""An answer was taken although it was not of the type that was asked for: it was bent until it fitted.

``"7"`` for a number or ``"yes"`` for a boolean passes a lenient check and may mean something else; JSON that
breaks off is closed by the parser, and what was missing is missing without a word.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from graphs.failures.finding import Detector, Found
from graphs.failures.said import cut, text_of
from graphs.failures.trace import Trace, Visit

_FENCED: Final = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)
_FITS: Final[Mapping[str, Any]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value == int(value),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "null": lambda value: value is None,
}


def check(visit: Visit, trace: Trace) -> Iterator[Found]:
    """One finding for each answer that was bent."""
    for chat in visit.of("chat"):
        schema: Any = trace.attributes(chat).get("schema")
        if schema is None or chat["status"] != "ok":
            continue
        text = text_of(trace.output(chat))
        bent = _bent(text, schema)
        if bent:
            yield Found(
                chat["id"], f"{bent}, and was taken all the same",
                "Use a model that keeps to a schema, ask for fewer fields at once, or raise its limit on tokens.",
                tell=f"Keep to the form that is asked for. Last time: {bent}.",
            )  # fmt: skip


def _bent(text: str, schema: Mapping[str, Any]) -> str:
    """How the answer differs from what was asked for; '' where it fits."""
    fenced = _FENCED.match(text)
    try:
        value: Any = json.loads(fenced[1] if fenced else text)
    except ValueError:
        return f"The answer is not JSON as it stands ({cut(text[-60:])!r} is its end)"
    return next((problem for problem in _misfits(value, schema, schema, "the answer")), "")


def _misfits(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], place: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = root.get("$defs", {}).get(str(schema["$ref"]).rpartition("/")[2], {})
    kinds = schema.get("type")
    if isinstance(kinds, str) and kinds in _FITS and not _FITS[kinds](value):
        yield f"{place} must be of type {kinds} and is {cut(value, 40)!r}"
    elif isinstance(value, dict):
        for name, inner in (schema.get("properties") or {}).items():
            if name in value:
                yield from _misfits(value[name], inner, root, f"{name!r}")
    elif isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for number, each in enumerate(value, 1):  # pyright: ignore[reportUnknownArgumentType]
            yield from _misfits(each, schema["items"], root, f"item {number} of {place}")


DETECTOR: Final = Detector("type_coerced", "system", "warning", "Answer bent to the type", visit=check)
