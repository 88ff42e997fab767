"""A template as a value: what is wired in, or text."""

import re
from collections.abc import Mapping
from typing import Any, Final

from nodes.templating import render

_ALONE: Final = re.compile(r"^\{\{\{?\s*([a-z][a-z0-9_]*)\s*\}?\}\}$")


def filled(template: str, inputs: Mapping[str, Any]) -> tuple[Any, bool]:
    """The value, and whether it is the wired one itself.

    A template that is nothing but ``{{name}}`` is the value of that input (None where it is absent); any other is
    written out as text.
    """
    alone = _ALONE.match(template.strip())
    return (inputs.get(alone[1]), True) if alone else (render(template, inputs), False)
