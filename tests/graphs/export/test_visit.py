"""What a mechanism of an exported program is given while it runs."""

from itertools import count

from graphs.export.runtime.here import Here
from graphs.export.runtime.ledger import Ledger
from graphs.export.runtime.visit import Visit
from graphs.export.runtime.workspace import Workspace


class Ticking(Workspace):
    """Its clock is a second on whenever it is asked."""

    def __init__(self) -> None:
        super().__init__(model="")
        self._seconds = count(1000.0)

    def now(self) -> float:
        return next(self._seconds)


def test_the_time_is_that_of_the_visits_start() -> None:
    """However often it is asked, whatever the clock says by then; the next visit has its own."""
    workspace = Ticking()
    first, second = (Visit("a", "A", (), Here(workspace, Ledger({}, {})), {}, number) for number in (1, 2))
    assert workspace.now() == 1002.0
    assert [first.now(), first.now(), second.now()] == [1000.0, 1000.0, 1001.0]
