"""CFG103 malformed-condition: a condition is not CEL.

A route with a condition that cannot be read can never be decided.

Wrong: ``when: "value => 8"``
Right: ``when: "value >= 8"``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.settings import CONDITION, faults
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for fault in faults(subject):
        if fault.kind == "value_error" and fault.widget == CONDITION:
            yield finding(
                "CFG103", f"the condition {fault.value!r} of {fault.node} cannot be read: {fault.message}",
                "Conditions are CEL: value >= 8 && text.contains('yes').",
                place=Place(node=fault.node, config=fault.where), short="condition malformed",
            )  # fmt: skip
