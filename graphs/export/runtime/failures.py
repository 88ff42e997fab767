"""A node that could not go on, and nothing handles it: the graph ends here."""

from nodes.contract import NodeError


class NodeFailed(Exception):
    """Which node, what, and how to mend it."""

    def __init__(self, node: str, what: str, mend: str = "") -> None:
        super().__init__(f"{node}: {what}. {mend}".strip())
        self.node = node
        self.what = what
        self.mend = mend


def explained(node: str, error: Exception) -> NodeFailed:
    """Any failure of a node in words."""
    if isinstance(error, NodeFailed):
        return error
    if isinstance(error, NodeError):
        return NodeFailed(node, error.what, error.mend)
    return NodeFailed(node, f"The node broke: {type(error).__name__}: {error}")
