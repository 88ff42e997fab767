"""The data types of ports: their grammar, which may feed which, and whether a value is of one.

A type is written as text, the same in a document, on the canvas and in a message:

    text  number  boolean  list[T]  record  messages  documents  plan  any

Values are JSON-like, so that they can be checkpointed, traced and shown:

- ``text``: str
- ``number``: int or float (not bool)
- ``boolean``: bool
- ``list[T]``: list of values of T
- ``record``: dict with str keys
- ``messages``: list of ``{"role": "system" | "user" | "assistant" | "tool", "content": str, ...}``
- ``documents``: list of ``{"text": str, ...}`` (a recalled record also has id, kind, score, parts)
- ``plan``: ``{"goal": str, "steps": [{"id": str, "title": str, "status": "open" | "running" | "done" |
  "failed" | "skipped", "result": str | None}, ...]}``; a step may have ``needs`` (ids of the steps it waits
  for; [] for none; without it, it waits for the one before) and ``parent`` (id of the step it is a part of)
- ``any``: any of these
"""

import re
from collections.abc import Callable
from typing import Any, Final

SCALARS: Final = ("text", "number", "boolean", "record", "messages", "documents", "plan", "any")
_MADE_OF: Final = {"documents": "list[record]", "messages": "list[record]", "plan": "record"}
_LIST: Final = re.compile(r"^list\[(.+)\]$")


def is_type(expression: str) -> bool:
    """Whether ``expression`` follows the grammar above."""
    item = item_type(expression)
    return is_type(item) if item is not None else expression in SCALARS


def item_type(expression: str) -> str | None:
    """``T`` of ``list[T]``; None for every other type."""
    match = _LIST.match(expression)
    return match.group(1) if match else None


def fits(source: str, target: str) -> bool:
    """Whether a port of type ``source`` may feed a port of type ``target``.

    Equal types fit, ``any`` fits on either side, and lists fit when their items do; documents and
    messages are lists of records, a plan is a record. Nothing is converted in silence: a number does
    not feed a text port (a Prompt node between them does).
    """
    if source == target or "any" in (source, target):
        return True
    source = _MADE_OF.get(source, source)
    if source == target:
        return True
    source_item, target_item = item_type(source), item_type(target)
    return source_item is not None and target_item is not None and fits(source_item, target_item)


def conforms(value: Any, expression: str) -> bool:
    """Whether ``value`` is of the type ``expression`` (lists are checked to the last item)."""
    item = item_type(expression)
    if item is not None:
        return isinstance(value, list) and all(conforms(each, item) for each in value)  # pyright: ignore[reportUnknownVariableType]
    return _CHECKS[expression](value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _dicts_with(key: str) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        return isinstance(value, list) and all(isinstance(each, dict) and key in each for each in value)  # pyright: ignore[reportUnknownVariableType]

    return check


_CHECKS: Final[dict[str, Callable[[Any], bool]]] = {
    "text": lambda value: isinstance(value, str),
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "record": lambda value: isinstance(value, dict),
    "messages": _dicts_with("role"),
    "documents": _dicts_with("text"),
    "plan": lambda value: isinstance(value, dict) and isinstance(value.get("steps"), list),  # pyright: ignore[reportUnknownMemberType]
    "any": lambda value: True,
}
