"""The variables of a simulated world: their types and bounds, and changes to them that keep to both."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

from pydantic import Field, model_validator

from nodes.contract import Config
from nodes.types import conforms

Type = Literal["number", "text", "boolean", "list[text]"]
Operation = Literal["set", "add", "append", "remove"]
EMPTY: Final[Mapping[str, Any]] = {"number": 0, "text": "", "boolean": False, "list[text]": []}
LONGEST: Final = 200  # entries of a list: the oldest go first


class Variable(Config):
    """One variable of the world."""

    name: str = Field(title="Name", description="Lower-case letters, digits and _.", pattern=r"^[a-z][a-z0-9_]{0,63}$")
    type: Type = Field(default="number", title="Type", description="What it holds.")
    initial: str | float | bool | tuple[str, ...] | None = Field(
        default=None, title="At first", description="Value at the start; empty: 0, no text, false, no entries."
    )
    low: float | None = Field(default=None, title="Least", description="A number is never below; empty: no bound.")
    high: float | None = Field(default=None, title="Greatest", description="A number is never above; empty: no bound.")

    @model_validator(mode="after")
    def _fits(self) -> "Variable":
        if not conforms(self.start(), self.type):
            raise ValueError(f"{self.name!r} is a {self.type}, and starts with {self.initial!r}")
        return self

    def start(self) -> Any:
        """The value at the start."""
        if self.initial is None:
            return list(EMPTY[self.type]) if self.type == "list[text]" else EMPTY[self.type]
        return list(self.initial) if isinstance(self.initial, tuple) else self.initial

    def bounded(self, value: Any) -> Any:
        """A number within the bounds, a list of the latest entries; anything else as it is."""
        if self.type == "list[text]":
            return list(value)[-LONGEST:]
        if self.type != "number":
            return value
        value = max(value, self.low) if self.low is not None else value
        return min(value, self.high) if self.high is not None else value


def first_world(variables: Sequence[Variable]) -> dict[str, Any]:
    """The world at the start."""
    return {variable.name: variable.start() for variable in variables}


def changed(world: Mapping[str, Any], variable: Variable, operation: Operation, value: Any) -> dict[str, Any]:
    """The world after a change. Raises ValueError where the value does not fit the variable."""
    now, name = world.get(variable.name, variable.start()), variable.name
    listed = variable.type == "list[text]"
    if operation in ("append", "remove") and not listed:
        raise ValueError(f"{name!r} is a {variable.type}; only a list can be appended to or removed from")
    if operation == "add" and variable.type != "number":
        raise ValueError(f"{name!r} is a {variable.type}; only a number can be added to")
    wanted = "text" if operation in ("append", "remove") else variable.type
    if not conforms(value, wanted):
        raise ValueError(f"{value!r} is no {wanted}, as {name!r} needs")
    results: dict[Operation, Any] = {"set": value}
    if operation == "add":
        results["add"] = now + value
    elif listed:
        results |= {"append": [*now, value], "remove": [each for each in now if each != value]}
    return {**world, name: variable.bounded(results[operation])}


def read(text: str, variable: Variable) -> Any:
    """A value a model wrote as text, in the type of the variable. Raises ValueError where it is none."""
    said = text.strip()
    if variable.type == "number":
        return float(said.replace(",", ""))
    if variable.type == "boolean":
        if said.casefold() not in ("true", "false", "yes", "no"):
            raise ValueError(f"{said!r} is neither true nor false")
        return said.casefold() in ("true", "yes")
    if variable.type == "list[text]":
        return [part.strip() for part in said.strip("[]").split(",") if part.strip()]
    return said
