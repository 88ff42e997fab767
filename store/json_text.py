"""Any value as JSON text: what cannot be said in JSON is said by its repr, never by an exception."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

_DEEPEST: Final = 60  # levels kept of a value that nests too deep or holds itself

_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=repr).encode
"""Made once: ``json.dumps`` with settings makes an encoder for each call, a third of a span's cost."""


def as_json(value: Any) -> str:
    """Compact JSON of ``value``. NaN and infinities become null, unknown objects their repr."""
    try:
        text = _ENCODE(value)
        text.encode()  # a lone surrogate is a str but no UTF-8, so no column could hold it
    except (ValueError, TypeError, RecursionError):
        return json.dumps(_plain(value, _DEEPEST), ensure_ascii=True, separators=(",", ":"))
    return text


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
