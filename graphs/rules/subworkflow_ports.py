"""ATT106 subworkflow-ports: an attached sub-workflow does not take and give what its socket does.

The node hands it what the socket gives, and works on with what the socket wants back.

Wrong: ``propose: {kind: resource.subworkflow, config: {takes: [{name: question}]}}`` at a socket that gives ``task``
Right: ``config: {takes: [{name: task, type: text}], gives: [{name: ideas, type: "list[text]"}]}``
"""

from collections.abc import Iterator, Sequence

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.names import nearest
from graphs.operations import SetConfig
from graphs.ports import frame_inputs_of, frame_outputs_of
from graphs.rules.sockets import attached
from graphs.rules.subject import Subject
from nodes.contract import Attach, Port
from nodes.types import fits


def check(subject: Subject) -> Iterator[Diagnostic]:
    for (target, name), lines in attached(subject).items():
        socket = subject.ports(target).socket(name)
        if socket is None or not (socket.takes or socket.gives):
            continue
        for line in lines:
            if line.edge is not None and line.edge.source in subject.subworkflows:
                yield from _ports(subject, line.edge.source, f"{target}.{name}", socket)


def _ports(subject: Subject, id: str, where: str, socket: Attach) -> Iterator[Diagnostic]:
    spec, node = subject.specs[id], subject.node(id)
    fields = spec.frame_fields or ("takes", "gives")
    takes, gives = frame_outputs_of(spec, node), frame_inputs_of(spec, node)
    fix = Fix(
        title=f"Take over the ports of {where}",
        ops=tuple(
            SetConfig(id=id, key=field, value=[{"name": port.name, "type": port.type} for port in ports])
            for field, ports in zip(fields, (socket.takes, socket.gives), strict=True)
        ),
    )
    given = {port.name: port.type for port in socket.takes}
    for port in takes:
        if port.name not in given:
            what = f"{id} takes {port.name}, which {where} does not give"
            yield _found(id, port, what, nearest(port.name, given, there_are="It gives") or "It gives nothing.", fix)
        elif not fits(given[port.name], port.type):
            what = f"{id} takes {port.name} as {port.type}, and {where} gives a {given[port.name]}"
            yield _found(id, port, what, f"Set its type to {given[port.name]}.", fix)
    yield from _missing(id, where, gives, socket.gives, fix)


def _missing(id: str, where: str, gives: Sequence[Port], wanted: Sequence[Port], fix: Fix) -> Iterator[Diagnostic]:
    own = {port.name: port.type for port in gives}
    for port in wanted:
        if port.name not in own and port.required:
            what = f"{where} wants {port.name} ({port.type}), which {id} does not give"
            yield _found(id, port, what, f"Let it give {port.name}.", fix)
        elif port.name in own and not fits(own[port.name], port.type):
            what = f"{where} wants {port.name} as {port.type}, and {id} gives a {own[port.name]}"
            yield _found(id, port, what, f"Set its type to {port.type}.", fix)


def _found(id: str, port: Port, what: str, remedy: str, fix: Fix) -> Diagnostic:
    return finding(
        "ATT106", what, remedy, place=Place(node=id, port=port.name), short=f"{port.name} does not fit", fix=fix
    )
