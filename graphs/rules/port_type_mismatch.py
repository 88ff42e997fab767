"""DAT103 port-type-mismatch: an output feeds an input of another type.

Nothing is converted in silence: a plan is no text until somebody words it. A Prompt between the two
does that, and another port of the same node may be what was meant.

Wrong: ``data: [plan.plan -> recall.query]``
Right: ``data: [plan.plan -> word.plan, word.answer -> recall.query]`` with a Prompt ``word``
"""

from collections.abc import Iterator
from typing import Final

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.document import Node
from graphs.operations import AddNode, Connect, Disconnect, Operation
from graphs.rules.subject import Feed, Subject
from nodes.types import fits

PROMPT: Final = "prompt"
ANSWER: Final = "answer"
VALUE: Final = "value"


def check(subject: Subject) -> Iterator[Diagnostic]:
    for feed in subject.feeds:
        if not fits(feed.output.type, feed.input.type):
            yield finding(
                "DAT103",
                f"{subject.label(feed.source)} gives a {feed.output.type} ({feed.source}.{feed.output.name}), "
                f"{subject.label(feed.target)} takes {feed.input.type} ({feed.target}.{feed.input.name})",
                _remedy(subject, feed), place=Place(node=feed.target, edge=feed.text, port=feed.input.name),
                short=f"{feed.input.name}: wrong type", fix=_prompt_between(subject, feed),
            )  # fmt: skip


def _remedy(subject: Subject, feed: Feed) -> str:
    given = [port.name for port in subject.ports(feed.source).outputs if fits(port.type, feed.input.type)]
    taken = [port.name for port in subject.ports(feed.target).inputs if fits(feed.output.type, port.type)]
    if given:
        return f"{feed.source}.{given[0]} would fit."
    if taken:
        return f"{feed.target}.{taken[0]} would take it."
    if feed.input.type == "text":
        return "Add a Prompt between?"
    return f"Wire in something of type {feed.input.type}."


def _prompt_between(subject: Subject, feed: Feed) -> Fix | None:
    """A prompt that words the value, run just before the target."""
    if feed.input.type != "text" or PROMPT not in subject.kinds or feed.target not in subject.flow.index:
        return None
    id, target = subject.fresh_id(PROMPT), subject.node(feed.target)
    at = (target.position[0] - 120, target.position[1]) if target.position else None
    config = {"prompt": f"Write this out as plain text:\n{{{{{VALUE}}}}}"}
    ops: list[Operation] = [AddNode(id=id, node=Node(kind=PROMPT, parent=target.parent, config=config, position=at))]
    for edge in subject.flow.edges_into(feed.target):
        left = edge.text.split("->")[0].strip()
        ops += [Disconnect(sort="flow", edge=edge.text), Connect(sort="flow", edge=f"{left} -> {id}")]
    ops += [
        Connect(sort="flow", edge=f"{id} -> {feed.target}"),
        Disconnect(sort="data", edge=feed.text),
        Connect(sort="data", edge=f"{feed.source}.{feed.output.name} -> {id}.{VALUE}"),
        Connect(sort="data", edge=f"{id}.{ANSWER} -> {feed.target}.{feed.input.name}"),
    ]
    return Fix(title="Add a Prompt between", ops=tuple(ops))
