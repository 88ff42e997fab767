"""KND102 kind-version: a node was made for another version of its kind.

A newer version may have settings and ports this program does not know, so the node cannot run. An
older one runs as today's version does, which deserves a look.

Wrong: ``plan: {kind: planning.plan, version: 9}`` where version 1 is installed
Right: ``plan: {kind: planning.plan}``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import SetNode
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id, spec in subject.specs.items():
        version = subject.node(id).version
        if version == spec.version:
            continue
        newer = version > spec.version
        remedy = "Update Nodeloom, or take the installed version." if newer else "Look through its settings."
        fix = Fix(title=f"Take version {spec.version}", ops=(SetNode(id=id, key="version", value=spec.version),))
        yield finding(
            "KND102", f"{id} was made for version {version} of {spec.kind}; version {spec.version} is installed",
            remedy, place=Place(node=id), fix=fix, severity="error" if newer else "warning",
        )  # fmt: skip
