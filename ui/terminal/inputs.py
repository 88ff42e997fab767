"""``--input name=value``: from what was typed to values of the workflow's types, all faults at once."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from graphs.document import Document, InputSpec
from graphs.names import nearest
from nodes.types import conforms
from ui.refusal import Refusal

BOOLEANS: Final = {"true": True, "yes": True, "false": False, "no": False}
MAX_FILE: Final = 4 * 1024 * 1024
"""Bytes of a file given as a value."""


class Fault(Exception):
    """One input that cannot be used, in words."""


def parse_inputs(document: Document, given: Sequence[str]) -> dict[str, Any]:
    """Values by name. Raises Refusal naming every unknown, doubled, missing or ill-typed input.

    ``name=value`` for text, numbers and booleans; JSON for lists and records; ``name=@file`` reads a
    file, ``name=@@…`` stands for a text that begins with @.
    """
    values: dict[str, Any] = {}
    faults: list[str] = []
    for text in given:
        try:
            name, raw = _split(text, document.inputs, values)
            values[name] = _value(raw, document.inputs[name].type)
        except Fault as fault:
            faults.append(str(fault))
    mentioned = {text.partition("=")[0] for text in given}
    faults += [_missing(name, spec) for name, spec in document.inputs.items() if _lacks(name, spec, mentioned)]
    if faults:
        raise Refusal("\n       ".join(faults), where="--input", mend="Give each as --input name=value or name=@file.")
    return values


def _split(text: str, specs: Mapping[str, InputSpec], so_far: Mapping[str, Any]) -> tuple[str, str]:
    name, equals, raw = text.partition("=")
    if not equals:
        raise Fault(f"{text!r} has no '='.")
    if name not in specs:
        raise Fault(f"There is no input {name!r}. {nearest(name, specs)}".rstrip())
    if name in so_far:
        raise Fault(f"{name} is given twice.")
    return name, raw


def _lacks(name: str, spec: InputSpec, mentioned: set[str]) -> bool:
    return spec.required and spec.default is None and name not in mentioned


def _missing(name: str, spec: InputSpec) -> str:
    title = f" ({spec.title})" if spec.title else ""
    return f"{name}{title} is missing; it is of type {spec.type}."


def _value(raw: str, type: str) -> Any:
    if raw.startswith("@@"):
        raw = raw[1:]
    elif raw.startswith("@"):
        raw = file_text(Path(raw[1:]).expanduser())
    value = _read(raw, type)
    if not conforms(value, type):
        raise Fault(f"{_short(raw)} is not of type {type}.")
    return value


def _read(raw: str, type: str) -> Any:
    if type == "text":
        return raw
    if type == "boolean" and raw.strip().lower() in BOOLEANS:
        return BOOLEANS[raw.strip().lower()]
    try:
        return json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        if type == "any":
            return raw
        raise Fault(f"{_short(raw)} is not of type {type}: {_wanted(type)}.") from None


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _wanted(type: str) -> str:
    if type == "number":
        return "write it as 12 or 0.5"
    return "write true or false" if type == "boolean" else "write it as JSON"


def file_text(path: Path) -> str:
    """The text of a file given as a value. Raises Fault."""
    try:
        if path.stat().st_size > MAX_FILE:
            raise Fault(f"The file {str(path)!r} is larger than {MAX_FILE // 1024**2} MB.")
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Fault(f"The file {str(path)!r} is not UTF-8 text.") from None
    except OSError as error:
        raise Fault(f"Cannot read the file {str(path)!r}: {error.strerror or error}.") from None


def _short(raw: str) -> str:
    return repr(raw if len(raw) <= 60 else f"{raw[:59]}…")
