"""A document of any age opens: steps from one format version to the next, on plain data.

Each step is a file ``v<from>_to_v<to>.py`` with a function ``migrate(data) -> data`` that knows
nothing of today's classes (they change, a step never does), listed here in order. Version 1 is the
first, so there is none yet. A step may take and return what it likes as long as old documents keep
their meaning.
"""

from collections.abc import Callable
from typing import Any, Final

from graphs.document import FORMAT_VERSION

Data = dict[str, Any]
Step = Callable[[Data], Data]

FIRST_VERSION: Final = 1
STEPS: Final[tuple[Step, ...]] = ()
"""``STEPS[0]`` leads from version 1 to 2, ``STEPS[1]`` from 2 to 3, ..."""


class VersionError(Exception):
    """The data's version is none this program reads."""


def migrate(data: Data, steps: tuple[Step, ...] = STEPS) -> Data:
    """``data`` in the newest format. Raises VersionError for a version that is not in the range.

    The newest version is the first plus the number of steps.
    """
    newest = FIRST_VERSION + len(steps)
    version = data.get("nodeloom")
    if not isinstance(version, int) or isinstance(version, bool) or not FIRST_VERSION <= version <= newest:
        raise VersionError(f"format version {version!r} is not one of {FIRST_VERSION} to {newest}")
    for step in steps[version - FIRST_VERSION :]:
        data = step(data)
    return {**data, "nodeloom": newest}


assert FIRST_VERSION + len(STEPS) == FORMAT_VERSION, "every format version but the first has a step that leads to it"
