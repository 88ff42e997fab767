"""DAT108 input-unused: nothing reads an input of the workflow.

People are asked for something that makes no difference.

Wrong: ``inputs: {topic: {}, tone: {}}`` and only ``start.topic`` has an edge
Right: wire ``start.tone`` into the prompt, or remove the input
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.operations import SetInput
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    read = {(feed.source, feed.output.name) for feed in subject.feeds}
    for name in subject.document.inputs:
        if subject.starts and not any((id, name) in read for id in subject.starts):
            yield finding(
                "DAT108", f"nothing reads the workflow's input {name!r}", "Wire it into a node, or remove the input.",
                place=Place(node=subject.starts[0], port=name), short=f"{name} is not used",
                fix=Fix(title=f"Remove the input {name}", ops=(SetInput(name=name, value=None),)),
            )  # fmt: skip
