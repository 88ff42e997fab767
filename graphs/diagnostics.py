"""What is wrong with a document: the shape of a finding and the table of codes.

A finding says what (with the offending value), where, and how to mend it; some carry the mend as
operations. Errors keep a workflow from running, warnings and information do not.
"""

from collections.abc import Sequence
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from graphs.operations import Operation

Severity = Literal["error", "warning", "info"]

CODES: Final[dict[str, tuple[str, Severity]]] = {
    # The file: found while reading it.
    "DOC101": ("syntax", "error"),
    "DOC102": ("encoding", "error"),
    "DOC103": ("too-large", "error"),
    "DOC104": ("too-deep", "error"),
    "DOC105": ("alias", "error"),
    "DOC106": ("duplicate-key", "error"),
    "DOC107": ("tag", "error"),
    "DOC108": ("empty", "error"),
    "DOC109": ("format-version", "error"),
    "DOC110": ("unknown-key", "error"),
    "DOC111": ("missing-key", "error"),
    "DOC112": ("wrong-type", "error"),
    "DOC113": ("bad-name", "error"),
    "DOC114": ("bad-value", "error"),
    # Kinds and settings.
    "KND101": ("unknown-kind", "error"),
    "KND102": ("kind-version", "error"),
    "CFG101": ("bad-config", "error"),
    "CFG102": ("malformed-template", "error"),
    "CFG103": ("malformed-condition", "error"),
    "CFG104": ("unknown-state-variable", "error"),
    # Edges as such.
    "EDG101": ("malformed-edge", "error"),
    "EDG102": ("edge-to-unknown-node", "error"),
    "EDG103": ("edge-to-unknown-handle", "error"),
    "EDG104": ("duplicate-edge", "warning"),
    # Flow: what runs after what.
    "FLW101": ("dead-end", "warning"),
    "FLW102": ("unreachable-node", "warning"),
    "FLW103": ("no-start", "error"),
    "FLW104": ("several-starts", "error"),
    "FLW105": ("no-finish", "error"),
    "FLW106": ("join-never-fires", "error"),
    "FLW107": ("fan-in-without-join", "warning"),
    "FLW108": ("frame-without-body", "error"),
    "FLW109": ("edge-across-frame", "error"),
    "FLW110": ("stray-body-node", "error"),
    "FLW111": ("open-outcome", "info"),
    "FLW112": ("join-never-waits", "warning"),
    # Data: what feeds what.
    "DAT101": ("missing-input", "error"),
    "DAT102": ("input-not-on-every-way", "warning"),
    "DAT103": ("port-type-mismatch", "error"),
    "DAT104": ("data-from-later", "warning"),
    "DAT105": ("two-sources", "warning"),
    "DAT106": ("parallel-writers", "warning"),
    "DAT107": ("output-not-fed", "warning"),
    "DAT108": ("input-unused", "info"),
    "DAT109": ("bad-type", "error"),
    "DAT110": ("frame-result-not-fed", "warning"),
    # Resources below nodes.
    "ATT101": ("wrong-attach", "error"),
    "ATT102": ("socket-taken", "error"),
    "ATT103": ("unused-resource", "info"),
    "ATT104": ("missing-resource", "error"),
    "ATT105": ("attached-to-itself", "error"),
    "ATT106": ("subworkflow-ports", "error"),
    "ATT107": ("not-in-subworkflow", "error"),
    # Limits.
    "LIM101": ("loop-without-limit", "error"),
    "LIM102": ("loop-without-budget", "info"),
    # What only the workspace knows.
    "SEC101": ("missing-model", "error"),
    "SEC102": ("missing-secret", "error"),
    "SEC103": ("ungranted-folder", "error"),
    "SEC104": ("unknown-memory-space", "info"),
    "SEC105": ("refused-permission", "error"),
}
"""Code to name and usual severity. Codes are for good: never renumbered, never used again."""

SHORT_LENGTH: Final = 32


class Place(BaseModel):
    """Where: in the graph (node, edge, port, setting) or in the file (line and column from 1)."""

    model_config = ConfigDict(frozen=True)
    node: str | None = None
    edge: str | None = None
    port: str | None = None
    config: str | None = None
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        if self.line is not None:
            return f"line {self.line}, column {self.column}"
        names = {"node": self.node, "edge": self.edge, "port": self.port, "setting": self.config}
        return ", ".join(f"{name} {value}" for name, value in names.items() if value) or "workflow"


class Fix(BaseModel):
    """A mend the person can take with one click."""

    model_config = ConfigDict(frozen=True)
    title: str
    ops: tuple[Operation, ...]


class Diagnostic(BaseModel):
    """One finding; see the module."""

    model_config = ConfigDict(frozen=True)
    code: str
    name: str
    severity: Severity
    place: Place
    message: str
    remedy: str = ""
    short: str = ""
    """At most 32 characters, for the badge on the node."""
    fix: Fix | None = None

    def wire(self) -> dict[str, Any]:
        """The finding as JSON data; a place holds only what is known."""
        data = self.model_dump(mode="json")
        data["place"] = {key: value for key, value in data["place"].items() if value is not None}
        return data

    def __str__(self) -> str:
        remedy = f"\n    {self.remedy}" if self.remedy else ""
        return f"{self.severity} {self.code} {self.name} ({self.place}): {self.message}{remedy}"


def finding(
    code: str,
    message: str,
    remedy: str = "",
    *,
    place: Place | None = None,
    short: str = "",
    fix: Fix | None = None,
    severity: Severity | None = None,
) -> Diagnostic:
    """A diagnostic with the name and, unless given, the severity of its code. ``short`` is cut to its length."""
    name, usual = CODES[code]
    badge = short or name.replace("-", " ")
    if len(badge) > SHORT_LENGTH:
        badge = badge[: SHORT_LENGTH - 1] + "…"
    return Diagnostic(
        code=code, name=name, severity=severity or usual, place=place or Place(),
        message=message, remedy=remedy, short=badge, fix=fix,
    )  # fmt: skip


class DocumentError(Exception):
    """A text is no document this program can open; ``diagnostics`` holds every reason."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__("\n".join(str(each) for each in diagnostics))
        self.diagnostics = list(diagnostics)
