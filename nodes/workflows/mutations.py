"""Changes to a workflow document that need no model: each gives the operations, or None where it finds no place.

An edge is text as in the document: ``a.outcome -> b`` (flow), ``a.port -> b.port`` (data).
"""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from nodes.templating import variables
from nodes.workflows.bricks import FEEDBACK
from nodes.workflows.documents import prompts_of

Operation = dict[str, Any]
WRITERS: Final = ("prompt", "agent")
STEPS: Final = (
    "Check each step of the work below and mend what is wrong. Then give the whole answer.",
    "Solve the task in another way than the work below did. Compare both and give the better answer.",
    "Give the answer of the work below again, as short and exact as the task asks for.",
)
TEMPERATURES: Final = (0.0, 0.4, 0.8)


class Change(NamedTuple):
    """What is done to a document, and in words."""

    operations: list[Operation]
    told: str


class Place(NamedTuple):
    """A document, with the dice and what the settings give."""

    document: Mapping[str, Any]
    dice: random.Random
    models: Sequence[str] = ()
    other: Mapping[str, Any] | None = None
    at: str = ""
    """The node to change; '' leaves it to chance."""

    def edges(self, sort: str) -> list[tuple[str, str, str]]:
        """``(text, source, target)`` of each edge."""
        found = self.document.get("edges", {}).get(sort, ())
        return [(text, *(side.strip() for side in text.split("->"))) for text in found]

    def writers(self) -> list[str]:
        """Nodes that write an answer to a prompt, in an order of chance; only the one to change where it is said."""
        ids = [id for id, node in self.document["nodes"].items() if node["kind"] in WRITERS and not node.get("parent")]
        return [id for id in ids if id == self.at] if self.at else self.dice.sample(ids, len(ids))

    def next_of(self, id: str) -> list[tuple[str, str]]:
        """The flow edges out of ``id`` by ``done``: text and target."""
        return [(text, target) for text, source, target in self.edges("flow") if source in (id, f"{id}.done")]

    def feeding(self, port: str) -> str | None:
        """The port that feeds ``port`` first."""
        return next((source for _, source, target in self.edges("data") if target == port), None)

    def free(self, base: str) -> str:
        """An id that is not taken."""
        return next(id for n in range(1, 10_000) if (id := f"{base}_{n}") not in self.document["nodes"])

    def prompt(self, id: str) -> str:
        """The prompt of a writer."""
        return next((p.text for p in prompts_of(self.document) if (p.node, p.key) == (id, "prompt")), "")


def insert_critique(place: Place) -> Change | None:
    """A critique behind a writer, which sends its answer back once."""
    for id in place.writers():
        ways = place.next_of(id)
        if len(ways) != 1 or "{{#feedback}}" in place.prompt(id):
            continue
        (old, target), new = ways[0], place.free("critique")
        task = place.feeding(f"{id}.task")
        data = [f"{id}.answer -> {new}.draft", f"{new}.feedback -> {id}.feedback"]
        data += [f"{task} -> {new}.task"] if task else []
        node = {"kind": "reflection.critique", "label": "Critique", "config": {"max_revisions": 1}}
        flow = [f"{id} -> {new}", f"{new}.accept -> {target}", f"{new}.revise -> {id}"]
        operations = [_cut("flow", old), _node(new, node), _set(id, "prompt", place.prompt(id) + FEEDBACK)]
        return Change([*operations, *_wires("flow", flow), *_wires("data", data)], f"a critique after {id}")
    return None


def insert_step(place: Place) -> Change | None:
    """Another prompt behind a writer, which works on its answer."""
    for id in place.writers():
        ways = place.next_of(id)
        if len(ways) != 1:
            continue
        (old, target), new, task = ways[0], place.free("step"), place.feeding(f"{id}.task")
        prompt = place.dice.choice(STEPS) + ("\n\nTask:\n{{task}}" if task else "") + "\n\nWork:\n{{work}}"
        node = {"kind": "prompt", "label": "Step", "config": {"prompt": prompt}}
        moved = [(text, end) for text, source, end in place.edges("data") if source == f"{id}.answer"]
        data = [f"{new}.answer -> {end}" for _, end in moved] + [f"{id}.answer -> {new}.work"]
        data += [f"{task} -> {new}.task"] if task else []
        cut = [_cut("flow", old), *(_cut("data", text) for text, _ in moved)]
        wires = [*_wires("flow", [f"{id} -> {new}", f"{new} -> {target}"]), *_wires("data", data)]
        return Change([*cut, _node(new, node), *wires], f"another step after {id}")
    return None


def remove_step(place: Place) -> Change | None:
    """A writer taken out; what read its answer reads what it read last."""
    for id in place.writers():
        into = [(text, source) for text, source, target in place.edges("flow") if target == id]
        ways, data = place.next_of(id), place.edges("data")
        fed = [(text, source) for text, source, target in data if target.split(".")[0] == id]
        read = [(text, target) for text, source, target in data if source == f"{id}.answer"]
        attached = any(target.split(".")[0] == id for _, _, target in place.edges("attach"))
        sources = [source for _, source in fed if source.split(".")[0] != id]
        if attached or not len(into) == len(ways) == 1 or not sources:
            continue
        # The work of another writer stands in for it better than what the workflow was given.
        source = next((each for each in sources if each.split(".")[1] == "answer"), sources[-1])
        cut = [_cut("flow", into[0][0]), _cut("flow", ways[0][0]), *(_cut("data", text) for text, _ in [*fed, *read])]
        wires = [
            *_wires("flow", [f"{into[0][1]} -> {ways[0][1]}"]),
            *_wires("data", [f"{source} -> {t}" for _, t in read]),
        ]
        return Change([*cut, {"op": "remove_node", "id": id}, *wires], f"{id} taken out")
    return None


def change_temperature(place: Place) -> Change | None:
    """Another temperature for a writer."""
    for id in place.writers():
        now = place.document["nodes"][id].get("config", {}).get("temperature")
        new = place.dice.choice([each for each in TEMPERATURES if each != now])
        return Change([_set(id, "temperature", new)], f"temperature {new} for {id}")
    return None


def swap_model(place: Place) -> Change | None:
    """Another model: of a model that is attached, else a new one attached to a writer."""
    nodes = place.document["nodes"]
    there = [id for id, node in nodes.items() if node["kind"] == "resource.model"]
    id = place.dice.choice(there) if there else None
    now = nodes[id].get("config", {}).get("reference") if id else None
    others = [each for each in place.models if each != now]
    if not others:
        return None
    reference = place.dice.choice(others)
    if id:
        return Change([_set(id, "reference", reference)], f"model {reference} at {id}")
    for writer in place.writers():
        new = place.free("model")
        node = {"kind": "resource.model", "label": reference[:40], "config": {"reference": reference}}
        wires = _wires("attach", [f"{new} -> {writer}.model"])
        return Change([_node(new, node), *wires], f"model {reference} for {writer}")
    return None


def cross(place: Place) -> Change | None:
    """A prompt of the other workflow in place of one with the same variables."""
    from_other = [p for p in prompts_of(place.other or {}) if p.key == "prompt"]
    mine = [p for p in prompts_of(place.document) if p.key == "prompt"]
    pairs = [
        (a, b) for a in mine for b in from_other
        if a.text != b.text and _ports(a.text) == _ports(b.text)
    ]  # fmt: skip
    if not pairs:
        return None
    taker, giver = place.dice.choice(pairs)
    return Change([_set(taker.node, "prompt", giver.text)], f"{taker.node} takes the prompt of {giver.node}")


def _ports(template: str) -> dict[str, bool]:
    return dict(variables(template))


def _node(id: str, node: dict[str, Any]) -> Operation:
    return {"op": "add_node", "id": id, "node": node}


def _set(id: str, key: str, value: Any) -> Operation:
    return {"op": "set_config", "id": id, "key": key, "value": value}


def _cut(sort: str, edge: str) -> Operation:
    return {"op": "disconnect", "sort": sort, "edge": edge}


def _wires(sort: str, edges: Sequence[str]) -> list[Operation]:
    return [{"op": "connect", "sort": sort, "edge": edge} for edge in edges]


MECHANICAL: Final[Mapping[str, Callable[[Place], Change | None]]] = {
    "insert_critique": insert_critique, "insert_step": insert_step, "remove_step": remove_step,
    "change_temperature": change_temperature, "swap_model": swap_model, "cross": cross,
}  # fmt: skip
