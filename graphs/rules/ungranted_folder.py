"""SEC103 ungranted-folder: a node names a folder that was never granted.

A document names folders; only the person who runs it says which folder of the machine is meant, if any.

Wrong: ``search: {kind: tool.file_search, config: {folder: papers}}`` without a grant ``papers``
Right: grant a folder under that name in Settings
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.names import nearest
from graphs.rules.settings import settings_with
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    if subject.workspace is None:
        return
    granted = subject.workspace.folders()
    for id, spec in subject.specs.items():
        for path, value in settings_with(spec.config, subject.node(id).config, "folder"):
            if isinstance(value, str) and value and value not in granted:
                hint = nearest(value, sorted(granted), there_are="Granted are")
                yield finding(
                    "SEC103", f"{id} names the folder {value!r}, which is not granted",
                    f"Grant a folder under that name in Settings. {hint}".strip(),
                    place=Place(node=id, config=path), short=f"{value} is not granted",
                )  # fmt: skip
