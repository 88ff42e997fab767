"""Values into a node and out of it, checked against the types of its ports."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final

from graphs.export.runtime.state import RESULTS, VARIABLE, State
from nodes.contract import NodeError
from nodes.types import conforms

Sources = str | tuple[str, ...]
"""``node.port``, or several of which the one that ran last counts."""
ABSENT: Final = object()


def find(sources: Sources, state: State) -> Any:
    """The value of the source that ran last, or ``ABSENT``."""
    value, latest = ABSENT, -1
    results = state.get(RESULTS) or {}
    for source in (sources,) if isinstance(sources, str) else sources:
        node, _, port = source.partition(".")
        result = results.get(node)
        if result is not None and result["step"] > latest and port in result["outputs"]:
            value, latest = result["outputs"][port], result["step"]
    return value


def found(wired: Mapping[str, Sources], state: State) -> dict[str, Any]:
    """Port -> value, for the ports whose sources have one."""
    values = {name: find(sources, state) for name, sources in wired.items()}
    return {name: value for name, value in values.items() if value is not ABSENT}


def bind(
    wired: Mapping[str, Sources], optional: Iterable[str], types: Mapping[str, str], state: State
) -> dict[str, Any]:
    """A node's inputs. Raises NodeError for what is missing or of another type than ``types`` says.

    Null is no value: where an input is optional and of a type, it is left out.
    """
    values = found(wired, state)
    for name, sources in wired.items():
        if name not in values and name not in optional:
            raise NodeError(f"The input {name!r} has no value: {sources} has not been produced on this way")
        if name not in values or conforms(values[name], types.get(name, "any")):
            continue
        if values[name] is None and name in optional:
            del values[name]
        else:
            raise NodeError(f"The input {name!r} must be a {types[name]}, and is {short(values[name])}")
    return values


def check(outputs: Mapping[str, Any], types: Mapping[str, str]) -> None:
    """Raise NodeError for an output of an unknown name or a wrong type; state variables pass."""
    for name, value in outputs.items():
        if name.startswith(VARIABLE):
            continue
        if name not in types:
            near = get_close_matches(name, types, n=1)
            hint = f"Did it mean {near[0]!r}? " if near else ""
            raise NodeError(f"The node returned {name!r}", mend=f"{hint}Its outputs are {', '.join(sorted(types))}.")
        if not conforms(value, types[name]):
            raise NodeError(f"The output {name!r} must be a {types[name]}, and is {short(value)}")


def short(value: Any) -> str:
    """A value as an error shows it."""
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}..."
