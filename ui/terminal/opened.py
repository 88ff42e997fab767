"""Opening the workspace: the one import that is put off.

The store takes half a second to import. ``check``, ``nodes``, ``--help`` and ``--version`` need none
of it and answer at once.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ui.workspace import Workspace


def open_workspace() -> "Workspace":
    """The workspace of this user. Raises StoreError where it cannot be opened."""
    from ui.workspace import workspace

    return workspace()
