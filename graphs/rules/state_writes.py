"""Which node writes which state variable; shared by the rules about state."""

from collections.abc import Iterator
from typing import Any, cast

from graphs.ports import config_value
from graphs.rules.subject import Subject


def written(subject: Subject, id: str) -> Iterator[tuple[str, str]]:
    """``(setting, name)`` of every state variable that the node's settings say it writes."""
    spec = subject.specs.get(id)
    for field in spec.state_fields if spec else ():
        value: Any = config_value(spec, subject.node(id), field) if spec else None
        names = [value] if isinstance(value, str) else value
        for name in cast("Any", names) if isinstance(names, list | tuple | dict) else ():
            if isinstance(name, str) and name:
                yield field, name
