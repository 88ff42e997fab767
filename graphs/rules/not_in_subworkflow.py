"""ATT107 not-in-subworkflow: a node inside an attached sub-workflow cannot work there.

The node that uses a sub-workflow runs it many times, at once, and again from its top after a crash: nobody can
be asked in there, state variables cannot be written, and the workflow's own outputs cannot be set.

Wrong: ``check: {kind: control.ask, parent: propose}`` where ``propose`` is a sub-workflow
Right: ask after the node that uses ``propose``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.pausing import PAUSING
from graphs.rules.state_writes import written
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for id, spec in subject.specs.items():
        part = subject.part_of(id)
        if part is None:
            continue
        if spec.kind in PAUSING:
            yield _found(id, f"{id} waits for a person, and cannot inside the sub-workflow {part}", "cannot wait here")
        elif next(iter(written(subject, id)), None) is not None:
            yield _found(id, f"{id} writes state, and cannot inside the sub-workflow {part}", "cannot write state here")
        elif spec.dynamic is not None:
            yield _found(id, f"{id} is a {spec.title}, which has no place inside the sub-workflow {part}", "no place")


def _found(id: str, what: str, short: str) -> Diagnostic:
    return finding(
        "ATT107", what, "Put it before or after the node that uses the sub-workflow, and hand on values by ports.",
        place=Place(node=id), short=short,
    )  # fmt: skip
