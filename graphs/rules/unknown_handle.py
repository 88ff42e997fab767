"""EDG103 edge-to-unknown-handle: an edge names an outcome or a port that its node does not have.

Flow would never leave that way, or the value would never arrive. Ports can come and go with a node's
settings: a variable taken out of a prompt takes its port with it.

Wrong: ``data: [plan.steps -> work.plan]`` where Plan has the output ``plan``
Right: ``data: [plan.plan -> work.plan]``
"""

from collections.abc import Iterator, Sequence

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.document import Edge
from graphs.names import closest, nearest
from graphs.operations import Connect, Disconnect
from graphs.ports import DONE
from graphs.rules.subject import Line, Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for line in subject.joined("flow"):
        if line.edge is not None:
            yield from _flow(subject, line, line.edge)
    for line in subject.joined("data"):
        if line.edge is not None:
            yield from _data(subject, line, line.edge)


def _flow(subject: Subject, line: Line, edge: Edge) -> Iterator[Diagnostic]:
    for id in dict.fromkeys((edge.source, edge.target)):
        if id not in subject.running and not (id == edge.source and id in subject.subworkflows):
            yield _refused(line, f"{id} never runs, so no flow can pass it", "Notes and resources take no flow edges.")
    if edge.target_handle is not None:
        remedy = f"Write `{edge._replace(target_handle=None)}`."
        yield _refused(line, f"a flow edge leads to a node, not to its port {edge.target_handle!r}", remedy)
    outcome = edge.source_handle or DONE
    names = subject.ports(edge.source).outcomes
    flows = edge.source in subject.running or edge.source in subject.subworkflows
    if edge.source in subject.specs and flows and outcome not in names:
        what = f"{edge.source} never ends with {outcome!r}"
        remedy = nearest(outcome, names, there_are="Its outcomes are") or f"{edge.source} ends its branch."
        yield _refused(line, what, remedy, _renamed(subject, line, edge, "source_handle", outcome, names))


def _data(subject: Subject, line: Line, edge: Edge) -> Iterator[Diagnostic]:
    if edge.source in subject.specs:
        names = [port.name for port in subject.ports(edge.source).outputs]
        yield from _port(subject, line, edge, "source_handle", names)
    if edge.target in subject.specs:
        names = [port.name for port in subject.ports(edge.target).inputs]
        yield from _port(subject, line, edge, "target_handle", names)


def _port(subject: Subject, line: Line, edge: Edge, side: str, names: Sequence[str]) -> Iterator[Diagnostic]:
    output = side == "source_handle"
    id, handle = (edge.source, edge.source_handle) if output else (edge.target, edge.target_handle)
    if handle in names:
        return
    word = "output" if output else "input"
    what = f"{id} has no {word} {handle!r}" if handle else f"the edge names no {word} of {id}"
    remedy = nearest(handle or "", names, there_are=f"Its {word}s are") or f"{id} has no {word}s."
    yield _refused(line, what, remedy, _renamed(subject, line, edge, side, handle or "", names))


def _refused(line: Line, what: str, remedy: str, fix: Fix | None = None) -> Diagnostic:
    remove = Fix(title="Remove the edge", ops=(Disconnect(sort=line.sort, edge=line.text, at=line.at),))
    return finding("EDG103", f"{line.text}: {what}", remedy, place=Place(edge=line.text), fix=fix or remove)


def _renamed(subject: Subject, line: Line, edge: Edge, side: str, name: str, names: Sequence[str]) -> Fix | None:
    match = closest(name, names) if name else names[0] if len(names) == 1 else None
    text = str(edge._replace(**{side: match}))
    if match is None or text in getattr(subject.document.edges, line.sort):
        return None
    remove = Disconnect(sort=line.sort, edge=line.text, at=line.at)
    return Fix(title=f"Make it {text}", ops=(remove, Connect(sort=line.sort, edge=text)))
