"""What a detector says: where something went wrong, what shows it, and how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from graphs.failures.trace import Trace, Visit

Severity = Literal["error", "warning", "info"]
Module = Literal["planning", "memory", "tool", "reflection", "system"]
MODULES: Final[tuple[Module, ...]] = ("planning", "memory", "tool", "reflection", "system")
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")


@dataclass(frozen=True)
class Found:
    """What a detector found; the table adds its name, module and severity."""

    span: str | None
    """Id of the span to look at first; None only where the run has no trace."""
    what: str
    """What went wrong, with the offending value."""
    mend: str
    """What to change."""
    evidence: tuple[str, ...] = ()
    """Ids of further spans that show it, in the order they began."""
    tell: str = ""
    """What to tell the step's model so that it does better; '' where it is not up to a model."""


@dataclass(frozen=True)
class Finding:
    """One thing that went wrong."""

    detector: str
    module: Module
    severity: Severity
    span: str | None
    node: str | None
    visit: int | None
    item: int | None
    evidence: tuple[str, ...]
    what: str
    mend: str
    tell: str

    def as_dict(self) -> dict[str, Any]:
        """As it goes over the wire."""
        return asdict(self) | {"evidence": list(self.evidence)}


VisitCheck = Callable[["Visit", "Trace"], Iterator[Found]]
RunCheck = Callable[["Trace"], Iterator[Found]]


@dataclass(frozen=True)
class Detector:
    """One rule. It looks at each node visit by itself (``visit``) or at the whole run (``run``)."""

    name: str
    module: Module
    """Which part of an agent is to blame, in the words of AgentDebug (``graphs.diagnosis``)."""
    severity: Severity
    title: str
    """At most 40 characters, for a list."""
    visit: VisitCheck | None = None
    run: RunCheck | None = None
