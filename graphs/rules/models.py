"""Which model each node uses; shared by the rules about models and secrets."""

from collections.abc import Iterator
from typing import Final

from graphs.rules.settings import settings_with
from graphs.rules.sockets import attached
from graphs.rules.subject import Subject

OWN: Final = "model"
"""The socket of a node's own model."""


def default_users(subject: Subject) -> list[str]:
    """The nodes that run on the workspace's default model: they take one at ``model``, and none is attached."""
    filled = attached(subject)
    return [id for id in subject.flow.order if subject.ports(id).socket(OWN) and not filled.get((id, OWN))]


def named(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """``(node, setting, reference)`` of every model a document names and uses."""
    used = {line.edge.source for line in subject.joined("attach") if line.edge is not None}
    for id, spec in subject.specs.items():
        if id in used or spec.run is not None:
            for path, value in settings_with(spec.config, subject.node(id).config, "model"):
                if isinstance(value, str) and value:
                    yield id, path, value
