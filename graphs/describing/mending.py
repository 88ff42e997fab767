"""What a proposal would leave wrong, and the mends that the diagnostics themselves offer for it."""

from collections.abc import Callable, Sequence
from typing import Final

from graphs.describing.draft import Draft
from graphs.describing.feeding import feed
from graphs.describing.words import Kinds
from graphs.diagnostics import Diagnostic
from graphs.document import Document
from graphs.operations import Disconnect, Operation, OperationError, RemoveNode, apply

Diagnose = Callable[[Document], Sequence[Diagnostic]]
UNFED: Final = frozenset({"DAT101", "DAT107"})
"""Findings that say that nothing is wired into a port."""
ROUNDS: Final = 4
"""Mends after mends: each may bring a finding of its own."""
WORTH: Final = frozenset({"error", "warning"})
NOT_TAKEN: Final = frozenset({"KND101", "SEC104"})
"""Findings whose mend is a guess at what was meant, or changes more than the workflow."""


def new_findings(before: Sequence[Diagnostic], after: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those of ``after`` that were not there before."""
    known = {_key(each) for each in before}
    return tuple(each for each in after if _key(each) not in known)


def _key(found: Diagnostic) -> tuple[str, str, str]:
    return found.code, str(found.place), found.message


def mends(document: Document, kinds: Kinds, diagnose: Diagnose, known: Sequence[Diagnostic]) -> list[Operation]:
    """Operations that mend new findings of ``document``; none of those it had before the proposal (``known``).

    Taken are the mends that add something, and the obvious edges into inputs that nothing feeds.
    """
    draft = Draft(document, kinds)
    tried: set[tuple[str, str, str]] = set()
    for _ in range(ROUNDS):
        open = [each for each in new_findings(known, diagnose(draft.document)) if _key(each) not in tried]
        before = len(draft.ops)
        for found in open:
            tried.add(_key(found))
            if _is_mended(found):
                _mend(draft, found)
            elif found.code in UNFED and found.place.node in draft.document.nodes:
                feed(draft, str(found.place.node))
        if len(draft.ops) == before:
            break
    return draft.ops


def _is_mended(found: Diagnostic) -> bool:
    """Whether the program takes the mend that a finding offers: one that adds something, and undoes nothing."""
    if found.fix is None or found.severity not in WORTH or found.code in NOT_TAKEN:
        return False
    return not any(isinstance(op, Disconnect | RemoveNode) for op in found.fix.ops)


def _mend(draft: Draft, found: Diagnostic) -> None:
    """Make the fix, unless one made before stands against it."""
    assert found.fix is not None
    try:
        apply(draft.document, found.fix.ops)
    except OperationError:
        return
    draft.do(*found.fix.ops)
