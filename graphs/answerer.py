"""Who answers a question, and that somebody else was faster. Imports nothing of the engine."""

from dataclasses import dataclass
from typing import Literal

from nodes.contract import NodeError

Channel = Literal["browser", "terminal", "api", "timer"]


@dataclass(frozen=True)
class Answerer:
    """Who answers, and where."""

    by: str = "you"
    channel: Channel = "api"
    timed_out: bool = False
    """Nobody answered: the time is over."""


class AlreadyAnswered(NodeError):
    """Somebody else was faster, or the time is over."""
