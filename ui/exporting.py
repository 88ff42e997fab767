"""A workflow of a workspace as a Python program: nothing secret leaves, nothing broken is written."""

from graphs.document import Document
from graphs.export.program import program_of
from graphs.validate import validate
from nodes.registry import KINDS
from templates.sharing.shared import Shared
from ui.refusal import NotRunnable
from ui.sharing import WouldLeak, leaks_of
from ui.workspace import Workspace


def exported(document: Document, workspace: Workspace | None = None) -> dict[str, str]:
    """The program's files by path.

    Raises NotRunnable for a workflow with errors, NotExportable, which names every node that stands in the way, and
    WouldLeak where a secret of ``workspace`` or a path of this machine is in it.
    """
    errors = [each for each in validate(document, kinds=KINDS) if each.severity == "error"]
    if errors:
        raise NotRunnable(errors)
    leaks = leaks_of(workspace, Shared(document)) if workspace is not None else []
    if leaks:
        raise WouldLeak(leaks)
    return program_of(document, KINDS)
