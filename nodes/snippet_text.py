"""The text around snippets: code in a model's answer, and values as data and as text."""

import ast
import math
import re
from collections.abc import Mapping
from typing import Any, Final

MAX_DEPTH: Final = 50  # levels of a value that are kept as data
MAX_BITS: Final = 13_000  # of a whole number, 3,914 digits; Python writes no more than 4,300
PYTHON: Final = ("", "python", "py", "python3")
_FENCE: Final = re.compile(r"```[ \t]*([\w+-]*)[ \t]*\r?\n(.*?)(?:\n[ \t]*```|\Z)", re.DOTALL)
_ANSWER: Final = re.compile(r"^[ \t]*(final_answer|print)\(.*\)[ \t]*$", re.MULTILINE)


def code_in(text: str) -> str | None:
    """The Python in the first such Markdown fence of ``text``; None where there is none."""
    found = _fence(text)
    return found[2].strip("\n") if found else None


def up_to_code(text: str) -> str:
    """``text`` up to the end of its first fence of Python: models like to make up an output after it."""
    found = _fence(text)
    return text[: found.end()] if found else text


def program_in(text: str) -> str | None:
    """The program in an answer: its first fence, or all of it where it reads as Python that prints or answers."""
    code = code_in(text)
    if code is not None or not _ANSWER.search(text):
        return code
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return text


def _fence(text: str) -> "re.Match[str] | None":
    fences = (found for found in _FENCE.finditer(text) if found[1].lower() in PYTHON and found[2].strip())
    return next(fences, None)


def without_fence(code: str) -> str:
    """``code`` without the Markdown fence models put around it even in an argument."""
    return (code_in(code) or code) if code.lstrip().startswith("```") else code


def plain(value: Any, depth: int = MAX_DEPTH) -> Any:
    """``value`` as JSON-like data: tuples and sets become lists, what has no JSON form its text."""
    if depth == 0:
        return "..."
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item, depth - 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and value.bit_length() > MAX_BITS:
        return f"a whole number of {value.bit_length():,} bits"
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def shown(value: Any) -> str:
    """How a value is told to a person or a model: text as it is, '' for None, anything else as Python writes it."""
    if value is None or isinstance(value, str):
        return value or ""
    try:
        return repr(value)
    except (ValueError, RecursionError):  # more digits, or deeper, than Python writes
        return repr(plain(value))


def clipped(text: str, limit: int) -> str:
    """At most ``limit`` characters of ``text``, and a note of what is missing."""
    return text if len(text) <= limit else f"{text[:limit]}\n[cut: {len(text):,} characters in all]"
