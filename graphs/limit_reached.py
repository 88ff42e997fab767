"""The stop of a run that has spent all it may; shared by the engine and exported programs."""


class LimitReached(Exception):
    """A run has spent all it may. ``what`` and ``mend`` are for the person who set the limit."""

    def __init__(self, limit: str, what: str) -> None:
        super().__init__(limit, what)
        self.limit = limit
        self.what = what
        self.mend = f"Raise the limit on {limit} and resume the run; it goes on from here."

    def __str__(self) -> str:
        return f"{self.what} {self.mend}"
