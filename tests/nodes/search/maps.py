"""A small map to search: places, roads with lengths, and how promising each place looks."""

from typing import Any

from tests.fakes import FakeContext, FakeSubworkflow

ROADS: dict[str, dict[str, float]] = {
    "start": {"low": 1, "high": 1},
    "low": {"goal": 10, "dead end": 1},
    "high": {"bridge": 1},
    "bridge": {"goal": 1, "high": 1},
    "dead end": {},
}
VALUES = {"low": 0.3, "high": 0.9, "bridge": 0.8, "dead end": 0.0, "goal": 1.0}
LEFT = {"low": 2.0, "high": 2.0, "bridge": 1.0, "dead end": -1.0, "goal": 0.0}


def propose(given: dict[str, Any]) -> dict[str, Any]:
    """The roads from a place, each with its length."""
    roads = ROADS.get(given["situation"], {})
    return {"actions": [{"action": f"to {to}", "situation": to, "cost": cost} for to, cost in roads.items()]}


def context(roads: Any = propose, **parts: Any) -> FakeContext:
    """A context with the map attached; ``parts`` in place of or beside its sub-workflows."""
    known = {"propose": roads, "value": lambda given: {"value": VALUES[given["situation"]]}} | parts
    return FakeContext(parts={name: FakeSubworkflow(answer) for name, answer in known.items() if answer})


START = {"problem": "Reach the goal", "situation": "start"}
