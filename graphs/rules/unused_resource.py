"""ATT103 unused-resource: a model, tool, role or another resource is attached to nothing.

It has no effect. It may be waiting for its node.

Wrong: ``calc: {kind: tool.calculator}`` without an attach edge
Right: ``attach: [calc -> work.tools]``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    used = {line.edge.source for line in subject.joined("attach") if line.edge is not None}
    for id, spec in subject.specs.items():
        if spec.provides is None or id in used:
            continue
        takers = [each for each in subject.specs if subject.ports(each).sockets_for(spec.provides)]
        remedy = f"Attach it: {id} -> {takers[0]}." if takers else f"Add a node that takes a {spec.provides}."
        yield finding(
            "ATT103",
            f"the {spec.provides} {id} is attached to nothing",
            remedy,
            place=Place(node=id),
            short="not attached",
        )
