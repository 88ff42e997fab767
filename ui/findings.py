"""Diagnostics of documents, found once for each content: every open page asks after each edit.

Validating 200 nodes takes 10 ms of the interpreter that all pages share. What rests on the document alone
is kept by its hash (so moving a node costs nothing), with what was looked up for it; what depends on keys,
models and grants is looked at each time, for those change without the document.
"""

import threading
from typing import Final

from graphs.diagnostics import Diagnostic
from graphs.document import Document, content_hash
from graphs.rules.subject import Subject, Workspace
from graphs.validate import of_document, with_workspace
from nodes.registry import KINDS
from ui.kept import Kept

KEPT: Final = 8
"""Documents whose findings are kept."""


class Findings:
    """Thread-safe. Who asks while another's answer for the same document is being found waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: Kept[str, tuple[Subject, list[Diagnostic]]] = Kept(KEPT)

    def of(self, document: Document, workspace: Workspace) -> list[Diagnostic]:
        """All findings, errors first; the same as ``graphs.validate.validate``."""
        subject, findings = self._of_document(document)
        return with_workspace(findings, subject, workspace)

    def _of_document(self, document: Document) -> tuple[Subject, list[Diagnostic]]:
        key = content_hash(document)
        with self._lock:
            found = self._kept.find(key)
            if found is None:
                subject = Subject(document, KINDS)
                found = self._kept.put(key, (subject, of_document(subject)))
            return found
