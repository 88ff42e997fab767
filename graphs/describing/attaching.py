"""Give a node something to use: a tool, a memory, a model, a role, a rule."""

from collections.abc import Mapping
from typing import Any

from graphs.describing.draft import Draft
from graphs.describing.insertion import fill_sockets
from graphs.document import Edge
from nodes.contract import Attach


def takers(draft: Draft, sort: str) -> list[str]:
    """The nodes that have a socket of a sort, those with nothing in it first; a node that runs before a resource."""
    found = [id for id in draft.subject.specs if draft.ports(id).sockets_for(sort)]
    return sorted(found, key=lambda id: (id not in draft.subject.running, bool(_used(draft, id, sort))))


def attach_new(draft: Draft, kind: str, user: str, *, label: str = "", config: Mapping[str, Any] | None = None) -> str:
    """Add a resource below ``user`` and attach it; the new id. Raises OperationError."""
    id = draft.add(kind, near=user, below=True, label=label, config=config)
    attach(draft, id, user)
    fill_sockets(draft, id)
    return id


def attach(draft: Draft, resource: str, user: str) -> None:
    """Attach a resource that is there; one in a socket that takes only one gives way."""
    spec = draft.spec(resource)
    sockets = draft.ports(user).sockets_for(spec.provides if spec else None)
    if not sockets:
        return
    free = [each for each in sockets if each.many or not _in(draft, user, each)]
    socket = (free or list(sockets))[0]
    if not free:
        for text in _in(draft, user, socket):
            draft.cut("attach", text)
    draft.connect("attach", Edge(resource, None, user, socket.name))


def _used(draft: Draft, id: str, sort: str) -> list[str]:
    return [text for socket in draft.ports(id).sockets_for(sort) for text in _in(draft, id, socket)]


def _in(draft: Draft, id: str, socket: Attach) -> list[str]:
    """The attach edges of a socket, also those that leave its name out."""
    return [
        text
        for text, edge in draft.edges("attach")
        if edge.target == id
        and edge.target_handle in (socket.name, None)
        and (spec := draft.spec(edge.source)) is not None
        and spec.provides == socket.sort
    ]
