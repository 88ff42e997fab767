"""Diagnostics of documents, found once for each content: every open page asks after each edit.

Validating 200 nodes takes 18 ms of the interpreter that all pages share. What rests on the document alone
is kept by its hash (so moving a node costs nothing); what depends on keys, models and grants is looked at
each time, for those change without the document.
"""

import threading
from collections import OrderedDict
from typing import Final

from graphs.diagnostics import Diagnostic
from graphs.document import Document, content_hash
from graphs.rules.subject import Workspace
from graphs.validate import validate_document, validate_with

KEPT: Final = 64
"""Documents whose findings are kept; the least used go first."""


class Findings:
    """Thread-safe. Who asks while another's answer for the same document is being found waits for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, list[Diagnostic]] = OrderedDict()

    def of(self, document: Document, workspace: Workspace) -> list[Diagnostic]:
        """All findings, errors first; the same as ``graphs.validate.validate``."""
        return validate_with(self._of_document(document), document, workspace)

    def _of_document(self, document: Document) -> list[Diagnostic]:
        key = content_hash(document)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = validate_document(document)
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]
