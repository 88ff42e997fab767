"""Any value as JSON text: what cannot be said in JSON is said by its repr, never by an exception."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

import orjson

_DEEPEST: Final = 60  # levels kept of a value that nests too deep or holds itself
_AS_REPR: Final = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME


def as_json(value: Any) -> str:
    """Compact JSON of ``value``. NaN and infinities become null, unknown objects their repr."""
    try:
        return orjson.dumps(value, repr, _AS_REPR).decode()
    except (ValueError, TypeError, RecursionError):  # keys that are no text, integers over 64 bits, lone surrogates
        return json.dumps(_plain(value, _DEEPEST), ensure_ascii=True, separators=(",", ":"))


def _plain(value: Any, levels: int) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, str | int | bool):
        return value
    if levels == 0:
        return "..."
    if isinstance(value, Mapping):
        return {str(key): _plain(each, levels - 1) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each, levels - 1) for each in value]
    return repr(value)
