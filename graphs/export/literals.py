"""Python literals of a document's texts, laid out as ruff lays them out.

Every text of a document comes into a program through here and nowhere else: as a literal that is read back and
compared when it is made, so that no quote, newline or brace in it can end it.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

WIDTH: Final = 120
INDENT: Final = "    "
_LONGEST_PIECE: Final = 96
"""Characters of one piece of a long text."""


@dataclass(frozen=True)
class Code:
    """An expression as it stands: a name of ours, never a text of a document."""

    text: str


@dataclass(frozen=True)
class Call:
    """``function(argument, name=argument)``."""

    function: str
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] | None = None


def name(text: str) -> Code:
    """A name of ours. Raises ValueError where it is none."""
    if not all(part.isidentifier() for part in text.split(".")):
        raise ValueError(f"{text!r} is not a Python name")
    return Code(text)


def written(value: Any, indent: int = 0, before: int = 0, after: int = 0) -> str:
    """``value`` as Python: on one line where it fits with ``before`` and ``after`` characters beside it.

    Raises ValueError for what has no literal.
    """
    flat = _flat(value)
    if len(INDENT) * indent + before + len(flat) + after <= WIDTH:
        return flat
    if isinstance(value, str):
        return _long_text(value, indent)
    if value is None or isinstance(value, Code | int | float):
        return flat
    opening, parts, closing = _parts(value)
    if not parts:
        return flat
    inner = INDENT * (indent + 1)
    lines = [f"{inner}{key}{written(each, indent + 1, len(key), 1)},\n" for key, each in parts]
    return f"{opening}\n{''.join(lines)}{INDENT * indent}{closing}"


def assigned(target: str, value: Any) -> str:
    """``target = value`` as a line or several."""
    return f"{target} = {written(value, 0, len(target) + 3)}\n"


def text_literal(text: str) -> str:
    """A text as one string literal; unprintable characters, and those that turn the reading order, are escaped."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    literal = quote + "".join(_escaped(letter, quote) for letter in text) + quote
    if ast.literal_eval(literal) != text:
        raise ValueError(f"{text!r} cannot be written as a literal")
    return literal


def _escaped(letter: str, quote: str) -> str:
    if letter in (quote, "\\"):
        return "\\" + letter
    return letter if letter in "'\"" else repr(letter)[1:-1]


def _long_text(text: str, indent: int) -> str:
    """A text in pieces, one a line; a short or unbreakable one as it is."""
    inner, literal = INDENT * (indent + 1), text_literal(text)
    pieces = [text] if len(inner) + len(literal) <= WIDTH else _pieces(text)
    if len(pieces) == 1 and len(inner) + len(literal) > WIDTH:
        return literal
    lines = "\n".join(inner + text_literal(piece) for piece in pieces)
    return f"(\n{lines}\n{INDENT * indent})"


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for line in text.splitlines(keepends=True):
        while len(line) > _LONGEST_PIECE and (cut := line.rfind(" ", 0, _LONGEST_PIECE)) > 0:
            pieces.append(line[: cut + 1])
            line = line[cut + 1 :]
        pieces.append(line)
    return pieces


def _flat(value: Any) -> str:
    """The value on one line."""
    if isinstance(value, Code):
        return value.text
    if isinstance(value, str):
        return text_literal(value)
    if value is None or isinstance(value, bool | int):
        return repr(value)
    if isinstance(value, float):
        return _number(value)
    opening, parts, closing = _parts(value)
    comma = "," if isinstance(value, tuple) and len(parts) == 1 else ""
    return opening + ", ".join(key + _flat(each) for key, each in parts) + comma + closing


def _number(value: float) -> str:
    """A float, also one that is no number or without end."""
    return repr(value) if re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", repr(value)) else f'float("{value!r}")'


def _parts(value: Any) -> tuple[str, list[tuple[str, Any]], str]:
    """Opening bracket, what is inside with its key, closing bracket."""
    if isinstance(value, Call):
        named = [(f"{name(key).text}=", each) for key, each in (value.named or {}).items()]
        return f"{name(value.function).text}(", [*(("", each) for each in value.arguments), *named], ")"
    if isinstance(value, Mapping):
        return "{", [(f"{_flat(key)}: ", each) for key, each in value.items()], "}"
    if isinstance(value, tuple):
        return "(", [("", each) for each in value], ")"
    if isinstance(value, Sequence):
        return "[", [("", each) for each in value], "]"
    raise ValueError(f"{value!r} has no literal")
