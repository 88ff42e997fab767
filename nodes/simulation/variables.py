"""The variables of a simulated world: their types and bounds, and changes to them that keep to both."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, cast

from pydantic import Field, model_validator

from nodes.contract import Config
from nodes.types import conforms, item_type

Type = Literal["number", "text", "boolean", "list[text]", "list[number]", "record", "list[record]"]
Operation = Literal["set", "add", "append", "remove", "merge"]
Initial = str | float | bool | tuple[str, ...] | tuple[float, ...] | dict[str, Any] | tuple[dict[str, Any], ...] | None
LONGEST: Final = 200  # entries of a list: the oldest go first
_EMPTY: Final[Mapping[str, Callable[[], Any]]] = {
    "number": int, "text": str, "boolean": bool, "record": dict, "list": list,
}  # fmt: skip


class Variable(Config):
    """One variable of the world."""

    name: str = Field(title="Name", description="Lower-case letters, digits and _.", pattern=r"^[a-z][a-z0-9_]{0,63}$")
    type: Type = Field(default="number", title="Type", description="What it holds.")
    initial: Initial = Field(
        default=None, title="At first", description="Value at the start; empty: 0, no text, false, no entries."
    )
    low: float | None = Field(
        default=None, title="Least", description="No number in it is ever below; empty: no bound."
    )
    high: float | None = Field(
        default=None, title="Greatest", description="No number in it is ever above; empty: no bound."
    )

    @model_validator(mode="after")
    def _fits(self) -> "Variable":
        if not conforms(self.start(), self.type):
            raise ValueError(f"{self.name!r} is a {self.type}, and starts with {self.initial!r}")
        return self

    def start(self) -> Any:
        """The value at the start."""
        if self.initial is None:
            return _EMPTY["list" if self.listed else self.type]()
        return list(self.initial) if isinstance(self.initial, tuple) else self.initial

    @property
    def listed(self) -> bool:
        return item_type(self.type) is not None

    def bounded(self, value: Any) -> Any:
        """The value with its numbers within the bounds, and a list of its latest entries."""
        if isinstance(value, list):
            return [self.bounded(each) for each in cast(list[Any], value)[-LONGEST:]]
        if isinstance(value, dict):
            return {key: self.bounded(each) for key, each in cast(dict[str, Any], value).items()}
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        value = max(value, self.low) if self.low is not None else value
        return min(value, self.high) if self.high is not None else value


def first_world(variables: Sequence[Variable]) -> dict[str, Any]:
    """The world at the start."""
    return {variable.name: variable.start() for variable in variables}


def changed(world: Mapping[str, Any], variable: Variable, operation: Operation, value: Any) -> dict[str, Any]:
    """The world after a change. Raises ValueError where the value does not fit the variable.

    ``add``: to a number, or to the numbers of a record entry by entry; ``append`` and ``remove``: an entry of a
    list, ``remove`` also the entry of a record by its key; ``merge``: the entries of a record into it.
    """
    now = world.get(variable.name, variable.start())
    return {**world, variable.name: variable.bounded(_CHANGES[operation](variable, now, value))}


def _set(variable: Variable, now: Any, value: Any) -> Any:
    return _fit(variable, value, variable.type)


def _add(variable: Variable, now: Any, value: Any) -> Any:
    if variable.type == "number":
        return now + _fit(variable, value, "number")
    _only(variable, variable.type == "record", "a number, or a record of them, can be added to")
    given: dict[str, Any] = _fit(variable, value, "record")
    added = {key: _fit(variable, each, "number") for key, each in given.items()}
    return {**now, **{key: _fit(variable, now.get(key, 0), "number") + each for key, each in added.items()}}


def _append(variable: Variable, now: Any, value: Any) -> Any:
    _only(variable, variable.listed, "a list can be appended to")
    return [*now, _fit(variable, value, item_type(variable.type) or "any")]


def _remove(variable: Variable, now: Any, value: Any) -> Any:
    _only(variable, variable.listed or variable.type == "record", "a list or a record has entries to remove")
    if variable.type == "record":
        return {key: each for key, each in now.items() if key != _fit(variable, value, "text")}
    return [each for each in now if each != _fit(variable, value, item_type(variable.type) or "any")]


def _merge(variable: Variable, now: Any, value: Any) -> Any:
    _only(variable, variable.type == "record", "a record can be merged into")
    return {**now, **_fit(variable, value, "record")}


_CHANGES: Final[Mapping[Operation, Callable[[Variable, Any, Any], Any]]] = {
    "set": _set, "add": _add, "append": _append, "remove": _remove, "merge": _merge,
}  # fmt: skip


def _only(variable: Variable, holds: bool, what: str) -> None:
    if not holds:
        raise ValueError(f"{variable.name!r} is a {variable.type}; only {what}")


def _fit(variable: Variable, value: Any, wanted: str) -> Any:
    if not conforms(value, wanted):
        raise ValueError(f"{value!r} is no {wanted}, as {variable.name!r} needs")
    return value


def type_of(value: Any) -> Type | None:
    """The type of a variable that holds ``value``; None where none does. An empty list may hold texts."""
    kinds: tuple[Type, ...] = ("boolean", "number", "text", "record", "list[text]", "list[number]", "list[record]")
    return next((kind for kind in kinds if conforms(value, kind)), None)


def read(text: str, variable: Variable) -> Any:
    """A value a model wrote as text, in the type of the variable. Raises ValueError where it is none."""
    said = text.strip()
    match variable.type:
        case "number":
            return float(said.replace(",", ""))
        case "boolean":
            if said.casefold() not in ("true", "false", "yes", "no"):
                raise ValueError(f"{said!r} is neither true nor false")
            return said.casefold() in ("true", "yes")
        case "text":
            return said
        case "list[text]":
            return _texts(said)
        case _:
            return json.loads(said, parse_constant=_no_number)


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _texts(said: str) -> list[str]:
    """Texts as a JSON list, or with commas between them."""
    try:
        found: Any = json.loads(said)
    except ValueError:
        found = None
    if isinstance(found, list):
        return [str(each) for each in cast(list[Any], found)]
    return [part.strip() for part in said.strip("[]").split(",") if part.strip()]
