"""SEC105 refused-permission: the workflow would do what was refused to it when it was taken in.

It came from somebody else, and the person who opened it said no to this. Nothing of it runs until it no
longer asks, or the person says yes.

Wrong: ``page: {kind: tool.web_fetch, config: {allowed_hosts: ["tracker.example"]}}``, refused at import
Right: take the node out, or grant it under Share, Permissions
"""

from collections.abc import Iterator

from graphs.diagnostics import Diagnostic, Place, finding
from graphs.permissions import permissions_of
from graphs.rules.subject import Subject


def check(subject: Subject) -> Iterator[Diagnostic]:
    refused = subject.workspace.refused() if subject.workspace is not None else ()
    if not refused:
        return
    for permission in permissions_of(subject.document, subject.kinds):
        if permission.key in refused:
            for id in permission.nodes:
                yield finding(
                    "SEC105", f"{id} would do what you refused: {permission.words[0].lower()}{permission.words[1:-1]}",
                    "Take the node out, or grant it under Permissions.", place=Place(node=id), short="refused",
                )  # fmt: skip
