"""The state of a graph: the keys every graph has, and the reducers of its channels.

A node that has run has a *result*: ``{"visit", "step", "at", "outcome", "outputs"}``. ``step`` is the run's count
of node runs, by which the later of two sources is told; ``at`` is LangGraph's step; ``outputs`` holds the last value
of every port.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, get_type_hints

from langgraph.config import get_config

INPUTS: Final = "inputs"
"""What the workflow was given."""
OUTPUTS: Final = "outputs"
"""What its finish nodes were given."""
RESULTS: Final = "results"
"""Node -> its result."""
SPENT: Final = "spent"
"""Node runs, tokens, dollars and seconds so far."""
EVENTS: Final = "events"
"""What ended and which tools were called, where a mechanism looks back at it."""
ITEMS: Final = "items"
"""What the items of a for-each gave in this step: ``[frame, index, values, failure, writes]`` each."""
WRITES: Final = "writes"
"""In the body of a for-each: what its nodes wrote to state variables, ``[key, value]`` each."""
AT: Final = "at"
OPEN: Final = "open"
"""Key of a for-each's result while its items run: how they are to be run."""
OWN: Final = (INPUTS, OUTPUTS, RESULTS, SPENT, EVENTS, ITEMS, WRITES)
RENAMED: Final = "_STATE"
"""Ends the key of a state variable whose name is taken by a node or by one of the keys above."""
VARIABLE: Final = "state."
"""Before the name of a state variable, where a mechanism writes it."""

State = Mapping[str, Any]
Result = dict[str, Any]


def append(old: Any, new: Any) -> Any:
    """Reducer: a list, or one item, at the end of the list."""
    return [*(old or ()), *(new if isinstance(new, list) else [new])]


def merge(old: Any, new: Any) -> Any:
    """Reducer: the entries of ``new`` over those of ``old``."""
    return {**(old or {}), **new}


def add(old: Any, new: Any) -> Any:
    """Reducer: the sum."""
    return (old or 0) + new


def add_spent(old: Any, new: Any) -> Any:
    """Reducer: counts are added up; of the seconds only those that no other node's seconds cover."""
    if not old:
        return dict(new)
    seconds = max(0.0, new["until"] - max(new["until"] - new["seconds"], old["until"]))
    return {
        "steps": old["steps"] + new["steps"],
        "tokens": old["tokens"] + new["tokens"],
        "usd": old["usd"] + new["usd"],
        "seconds": old["seconds"] + seconds,
        "until": max(old["until"], new["until"]),
    }


def variables(state: State) -> dict[str, Any]:
    """The state variables that have a value, by name."""
    return {key.removesuffix(RENAMED): value for key, value in state.items() if key not in OWN}


def reducers(schema: type[Any]) -> dict[str, Callable[[Any, Any], Any]]:
    """The reducers of a state's schema, by key; a key without one keeps the last value."""
    hints = get_type_hints(schema, include_extras=True)
    found = {key: getattr(hint, "__metadata__", (None,))[-1] for key, hint in hints.items()}
    return {key: each for key, each in found.items() if callable(each)}


def carried(writes: Iterable[Sequence[Any]], reducers: Mapping[str, Callable[[Any, Any], Any]]) -> dict[str, Any]:
    """Many writes to state variables as one for each, in their order."""
    together: dict[str, Any] = {}
    for key, value in writes:
        together[key] = reducers[key](together.get(key), value) if key in reducers else value
    return together


def superstep() -> int:
    """The number of LangGraph's step this node runs in."""
    return int(get_config().get("metadata", {})["langgraph_step"])
