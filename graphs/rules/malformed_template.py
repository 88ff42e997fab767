"""CFG102 malformed-template: a prompt is not well-formed Mustache.

A tag that is never closed, or a section closed under another name, would reach the model as it stands
or swallow half of the prompt.

Wrong: ``prompt: "Solve {{task"``
Right: ``prompt: "Solve {{task}}"``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.rules.settings import TEMPLATE, faults
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    for fault in faults(subject):
        if fault.kind == "value_error" and fault.widget == TEMPLATE:
            what, _, mend = fault.message.partition(". ")
            yield finding(
                "CFG102", f"the template {fault.where!r} of {fault.node} cannot be read: {what}", mend,
                place=Place(node=fault.node, config=fault.where), short="template malformed",
            )  # fmt: skip
