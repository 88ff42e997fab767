"""What was asked cannot be done: what, where, and how to mend it."""

from collections.abc import Sequence

from graphs.diagnostics import Diagnostic


class Refusal(Exception):
    """Bad input or a missing means. The terminal shows it in red, without a traceback, and exits with 2."""

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend


class NotRunnable(Exception):
    """The workflow has errors; ``diagnostics`` holds all findings, errors first."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = list(diagnostics)
