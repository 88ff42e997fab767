"""Reading a workflow file that a person named: every way it can go wrong has its words."""

import sys
from pathlib import Path
from typing import Final

from graphs.diagnostics import Diagnostic, DocumentError
from graphs.document import Document
from graphs.names import nearest
from graphs.yaml_format import parse
from graphs.yaml_tree import MAX_BYTES
from ui.refusal import Refusal

STDIN: Final = Path("-")
SUFFIXES: Final = (".yaml", ".yml", ".json")


class Unreadable(Exception):
    """The file was read but is no workflow; ``diagnostics`` holds every reason."""

    def __init__(self, path: Path, diagnostics: list[Diagnostic]) -> None:
        super().__init__(str(path))
        self.path = path
        self.diagnostics = diagnostics


def read_document(path: Path) -> Document:
    """The workflow in the file at ``path`` (``-``: standard input). Raises Refusal, Unreadable."""
    try:
        return parse(_bytes(path))
    except DocumentError as error:
        raise Unreadable(path, error.diagnostics) from None


def _bytes(path: Path) -> bytes:
    """At most a little more than a document may have: the reader then says that it is too large."""
    if path == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise Refusal(f"There is no file {str(path)!r}.", where=str(path.absolute()), mend=_near(path)) from None
    except IsADirectoryError:
        raise Refusal(f"{str(path)!r} is a folder, not a workflow file.", mend=_inside(path)) from None
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refusal(f"Cannot read {str(path)!r}: {reason}.", mend="Check your right to read it.") from None


def _near(path: Path) -> str:
    names = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
    found = nearest(path.name, [name for name in names if name.endswith(SUFFIXES)])
    return found or "Check the path; `nodeloom templates` shows workflows that come with Nodeloom."


def _inside(folder: Path) -> str:
    found = sorted(each for each in folder.iterdir() if each.name.endswith(SUFFIXES))
    return f"Name a file in it, such as {found[0]}." if found else "Name a workflow file."
