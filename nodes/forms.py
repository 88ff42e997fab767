"""Forms a person fills in: their fields on the wire, and what may be answered.

A form is the same wherever it is filled in: on the canvas, in the inbox, in the terminal, over the API. Each calls
``checked`` before an answer is taken, so that all faults are told at once, each at its field.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final, Literal

from nodes.errors import NodeError
from nodes.form_values import Unfit, value_of

Field = dict[str, Any]
"""``{name, title, type, required, default}``, and where they say something help, choices, minimum, maximum,
whole, earliest, latest (``docs/contracts.md``, People in the loop)."""
FieldType = Literal["text", "long_text", "number", "boolean", "choice", "choices", "date", "json"]
YES: Final = frozenset({"yes", "y", "true", "1"})
NO: Final = frozenset({"no", "n", "false", "0"})


@dataclass(frozen=True)
class Fault:
    """What is wrong with the answer to one field."""

    field: str
    what: str
    mend: str


class AnswerFaults(NodeError):
    """An answer does not fit its form; ``faults`` has every fault."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(fault.what for fault in faults), mend=" ".join(fault.mend for fault in faults))
        self.faults = tuple(faults)


def form_field(
    name: str, type: FieldType, title: str = "", *, required: bool = True, default: Any = None, **more: Any
) -> Field:
    """A field for a form; keywords that say nothing are left out."""
    said = {key: list(value) if isinstance(value, tuple) else value for key, value in more.items() if _says(value)}
    return {"name": name, "title": title or name, "type": type, "required": required, "default": default, **said}


def checked(fields: Sequence[Mapping[str, Any]], answer: Mapping[str, Any]) -> dict[str, Any]:
    """A value for each field: as answered, else the field's default, else None.

    Raises AnswerFaults for an unknown field, one that has to be answered and was not, and a value that does not
    fit.
    """
    names = [str(field["name"]) for field in fields]
    faults = [_unknown(name, names) for name in answer if name not in names]
    values: dict[str, Any] = {}
    for field in fields:
        try:
            values[field["name"]] = value_of(field, answer.get(field["name"], field.get("default")))
        except Unfit as unfit:
            faults.append(Fault(field["name"], f"{field['name']!r} {unfit.what}", unfit.mend))
    if faults:
        raise AnswerFaults(faults)
    return values


def read(field: Mapping[str, Any], text: str) -> Any:
    """What was typed in for a field, as far as it can be read as a value of its type; else the text itself."""
    type, word = field.get("type"), text.strip().lower()
    if type == "boolean" and word in YES | NO:
        return word in YES
    if type == "choices" and not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    if type in ("number", "choices"):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _unknown(name: str, names: Sequence[str]) -> Fault:
    near = get_close_matches(name, names, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    return Fault(name, f"The form has no field {name!r}", f"{hint}Its fields are: {', '.join(names) or 'none'}.")


def _says(value: Any) -> bool:
    return value is not None and value is not False and value != "" and value != ()
