"""What decides what a node comes to: its kind, its settings, what is attached to it, and what it is given.

Two visits with the same signature would do the same work. Labels, notes, layout and edges are not in it: what
an edge changes is the inputs.
"""

import hashlib
import json
from typing import Any

from graphs.intermediate import Graph, Resource, Step
from graphs.pausing import PAUSING
from graphs.tracer import snapshot


def signature_of(step: Step, model: str | None = None) -> str:
    """Of a node without its inputs; ``model`` is the run's, for a node that could call one."""
    calls = step.spec.model_calls != "none" or bool(step.resources)
    return _digest([_step(step), model if calls else None])


def same_inputs(recorded: Any, inputs: Any) -> bool:
    """Whether bound inputs are those of a trace, where they are JSON."""
    return recorded == inputs or _json(recorded) == _json(snapshot(inputs))


def has_effects(step: Step) -> bool:
    """Whether a visit changes or asks something outside the run: such a one is only left out where that is said."""
    return step.spec.side_effects or step.spec.kind in PAUSING or any(_affects(each) for each in step.resources)


def is_dear(step: Step) -> bool:
    """Whether it costs something to run a visit again: a question, a side effect, a model call."""
    return has_effects(step) or step.spec.model_calls != "none"


def _affects(resource: Resource) -> bool:
    inner = () if resource.body is None else resource.body.steps.values()
    return (
        resource.spec.side_effects
        or any(_affects(each) for each in resource.resources)
        or any(has_effects(step) for step in inner)
    )


def _step(step: Step) -> Any:
    """As data; the body of a frame is not in it, for its nodes have signatures of their own."""
    return [
        step.spec.kind, step.spec.version, step.config.model_dump(mode="json"), sorted(step.outputs.items()),
        list(step.outcomes), [_resource(each) for each in step.resources],
    ]  # fmt: skip


def _resource(resource: Resource) -> Any:
    return [
        resource.socket, resource.spec.kind, resource.spec.version, resource.config.model_dump(mode="json"),
        resource.label if resource.spec.provides in ("role", "workflow") else "",
        [_resource(each) for each in resource.resources], None if resource.body is None else _graph(resource.body),
    ]  # fmt: skip


def _graph(graph: Graph) -> Any:
    """Of a sub-workflow, which is part of the node that uses it: with how its nodes are wired."""
    nodes = [
        [
            id, _step(step), [[each.name, [[at.node, at.port] for at in each.sources]] for each in step.inputs],
            sorted((outcome, list(targets)) for outcome, targets in step.flow.items()),
            None if step.body is None else _graph(step.body),
        ]
        for id, step in sorted(graph.steps.items())
    ]  # fmt: skip
    return [nodes, list(graph.entries)]


def _digest(value: Any) -> str:
    return hashlib.sha256(_json(value).encode()).hexdigest()


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=repr)
