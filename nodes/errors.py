"""How a node fails: in words a designer can act on."""


class NodeError(Exception):
    """A node cannot go on. Says what, with the value, and how to mend it.

    ``retryable`` marks passing faults (a model that does not answer), which the wrapper tries again.
    """

    def __init__(self, what: str, *, mend: str = "", retryable: bool = False) -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend
        self.retryable = retryable


class AnswerError(NodeError):
    """A model answered, but not in the shape that was asked for. ``text`` is what it said.

    Nodes ask once more when they see it; any other ``NodeError`` of a model ends them.
    """

    def __init__(self, what: str, *, text: str = "", mend: str = "") -> None:
        super().__init__(what, mend=mend or "Ask for something simpler, or use a stronger model.")
        self.text = text
