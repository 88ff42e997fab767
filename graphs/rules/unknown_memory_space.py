"""SEC104 unknown-memory-space: a memory space is named that does not exist yet.

It is made when something is remembered; where it should hold something already, the name is wrong.

Wrong: ``lessons: {kind: resource.memory_space, config: {space: leson}}`` beside a space ``lessons``
Right: ``config: {space: lessons}``
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Fix, Place, finding
from graphs.names import closest, nearest
from graphs.operations import SetConfig
from graphs.rules.settings import settings_with
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    if subject.workspace is None:
        return
    spaces = sorted(subject.workspace.memory_spaces())
    for id, spec in subject.specs.items():
        for path, value in settings_with(spec.config, subject.node(id).config, "space"):
            if not isinstance(value, str) or not value or value in spaces:
                continue
            match = closest(value, spaces)
            rename = SetConfig(id=id, key=path, value=match) if match and "." not in path else None
            yield finding(
                "SEC104", f"the memory space {value!r} of {id} does not exist yet",
                f"It is made when something is remembered. {nearest(value, spaces, there_are='Spaces are')}".strip(),
                place=Place(node=id, config=path), short="new memory space",
                fix=Fix(title=f"Use {match}", ops=(rename,)) if rename else None,
            )  # fmt: skip
