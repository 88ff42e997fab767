"""Who decides which process works on a queued run, and when.

Without one, a runner works on what it is given at once, in its own process. With one, a start or an answer only
queues the run; the executor hands it to a runner by ``Runner.take``, in this process or in another, now or after a
restart. ``take`` can be called again at any time: it starts, goes on, or finds nothing to do.
"""

from typing import Protocol


class Executor(Protocol):
    """A durable queue of runs."""

    def submit(self, run_id: str) -> None:
        """Have the run worked on until its segment ends. Written down before this returns."""
        ...
