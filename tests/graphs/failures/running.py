"""Small workflows, broken and whole, through the real engine, and what the detectors say about them.

found = fired(workflow({...}, "start -> work, work -> finish"), said("work", "43"), inputs={"task": "17 + 26"})
assert [each.node for each in found["empty_reply"]] == ["work"]
"""

from collections import defaultdict
from typing import Any

from benchmarks.detector_cases import Case, Ran, run
from graphs.document import Document
from graphs.failures.finding import Finding
from tests.graphs.engine.fakes import workflow
from tests.templates.running import Reply, calls, said

__all__ = ["Ran", "calls", "fired", "found_in", "made", "said", "workflow"]


def made(document: Document, *replies: Reply, inputs: dict[str, Any] | None = None, **more: Any) -> Ran:
    """The run of a document with these answers of the model."""
    data = document.model_dump(mode="json", exclude_defaults=True)
    return run(Case("test", data, inputs or {}, list(replies), **more))


def found_in(ran: Ran) -> dict[str, list[Finding]]:
    """Detector -> what it found."""
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in ran.findings():
        found[finding.detector].append(finding)
    return found


def fired(document: Document, *replies: Reply, inputs: dict[str, Any] | None = None, **more: Any):
    """What the detectors find in the run of a document with these answers."""
    return found_in(made(document, *replies, inputs=inputs, **more))
