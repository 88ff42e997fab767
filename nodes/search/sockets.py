"""The sockets of a search: what each sub-workflow is given, what it must give back, and checking it did."""

from typing import Any, Final

from nodes.contract import Attach, NodeError, Port

HERE: Final = (
    Port("problem", "text", "What is to be solved."),
    Port("situation", "any", "What the actions so far led to."),
)
_WAY: Final = Port("actions", "list[any]", "The actions that led here, in order.")
PROPOSE: Final = Attach(
    "propose", "workflow", description="Proposes actions; else the model does.",
    takes=(
        *HERE, _WAY, Port("count", "number", "How many are wanted."),
        Port("feedback", "text", "What the valuation said of this situation, and lessons of failed ways."),
    ),
    gives=(Port("actions", "list[any]", "Proposals, the best first; records may hold action, situation, cost."),),
)  # fmt: skip
ACT: Final = Attach(
    "act", "workflow", description="Carries an action out; else it is written below the earlier ones.",
    takes=(*HERE, Port("action", "any", "The proposal.")),
    gives=(
        Port("situation", "any", "What it led to."),
        Port("failed", "text", "Why it cannot be done; '' where it was.", required=False),
    ),
)  # fmt: skip
VALUE: Final = Attach(
    "value", "workflow", description="Values a situation; else the model does.", takes=(*HERE, _WAY),
    gives=(
        Port("value", "number", "0 (hopeless) to 1 (the goal)."),
        Port("feedback", "text", "Why; the next proposals from there are told.", required=False),
    ),
)  # fmt: skip
GOAL: Final = Attach(
    "goal", "workflow", description="Tests for the goal; else the condition does.", takes=(*HERE, _WAY),
    gives=(Port("reached", "boolean", "Whether the problem is solved."),),
)  # fmt: skip


def number(value: Any, socket: str, port: str, *, least: float, most: float | None = None) -> float:
    """``value`` as a float. Raises NodeError where it is no number or out of bounds."""
    upto = f"{least:g} or more" if most is None else f"{least:g} to {most:g}"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(socket, port, value, f"a number, {upto}")
    if not least <= value <= (float("inf") if most is None else most):
        raise wrong(socket, port, value, upto)
    return float(value)


def wrong(socket: str, port: str, value: Any, wanted: str) -> NodeError:
    """What a sub-workflow gave is of no use."""
    return NodeError(f"What is attached at {socket!r} gave {value!r} as {port!r}", mend=f"It has to give {wanted}.")
