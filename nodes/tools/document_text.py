"""The text of a document file, and how it is cut into chunks that overlap."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nodes.tools.page_text import page_text

READERS: Final = (".txt", ".md", ".html", ".htm", ".csv", ".tsv", ".json", ".jsonl")
UNREADABLE: Final = {
    ".pdf": "PDF files are not read; save it as text or HTML",
    ".docx": "Word files are not read; save it as text or HTML",
}
_ENDS: Final = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?])\s"), re.compile(r"\s"))


class Unreadable(Exception):
    """Why a file has no text, in words."""


@dataclass(frozen=True)
class Chunk:
    """A piece of a document."""

    text: str
    index: int
    """From 0."""
    line: int
    """Of the document's text, where it begins; from 1."""


def document_text(path: Path) -> str:
    """The readable text of a file. Raises Unreadable."""
    content = path.read_bytes()
    if b"\0" in content[:4_096]:
        raise Unreadable("it is not a text file")
    text = content.decode("utf-8-sig", errors="replace")
    match path.suffix.lower():
        case ".html" | ".htm":
            title, body = page_text(text)
            return f"{title}\n\n{body}".strip()
        case ".csv" | ".tsv":
            return _table(text)
        case ".json":
            return _flat(_json(text))
        case ".jsonl":
            return "\n\n".join(_flat(_json(line)) for line in text.splitlines() if line.strip())
        case _:
            return text


def _table(text: str) -> str:
    """A paragraph for each row, ``column: value`` a line, so that a chunk is understood without the head."""
    try:
        dialect = csv.Sniffer().sniff(text[:4_096], delimiters=",;\t|")
        rows = list(csv.reader(io.StringIO(text), dialect))
    except csv.Error:
        rows = list(csv.reader(io.StringIO(text)))
    if not rows:
        return ""
    head, *body = rows
    return "\n\n".join(
        "\n".join(f"{name.strip()}: {value.strip()}" for name, value in zip(head, row, strict=False) if value.strip())
        for row in body
    )


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"it is not JSON: {error}") from error


def _flat(value: Any, name: str = "", depth: int = 0) -> str:
    """``path: value`` a line; a list of records has a paragraph for each."""
    if depth > 20:
        return f"{name}: ..."
    if isinstance(value, dict):
        parts = [_flat(item, f"{name}.{key}" if name else str(key), depth + 1) for key, item in value.items()]
        return "\n".join(part for part in parts if part)
    if isinstance(value, list):
        between = "\n\n" if any(isinstance(item, dict) for item in value) else "\n"
        return between.join(_flat(item, name, depth + 1) for item in value)
    return f"{name}: {value}" if name else str(value)


def chunks_of(text: str, size: int, overlap: int) -> Iterator[Chunk]:
    """Pieces of at most ``size`` characters, each beginning ``overlap`` before the end of the one before.

    A piece ends at the last paragraph, line, sentence or word in its second half, whichever there is first.
    """
    start, index = 0, 0
    while start < len(text):
        end = _end(text, start, size)
        piece = text[start:end]
        if piece.strip():
            begins = start + len(piece) - len(piece.lstrip())
            yield Chunk(piece.strip(), index, text.count("\n", 0, begins) + 1)
            index += 1
        if end >= len(text):
            return
        start = _next_start(text, start, end, overlap)


def _end(text: str, start: int, size: int) -> int:
    end = start + size
    if end >= len(text):
        return len(text)
    for pattern in _ENDS:
        found = [match.end() for match in pattern.finditer(text, start + size // 2, end)]
        if found:
            return found[-1]
    return end


def _next_start(text: str, start: int, end: int, overlap: int) -> int:
    """At the beginning of a word, at most ``overlap`` before ``end``; always further than ``start``."""
    back = max(end - overlap, start + 1)
    if overlap == 0:
        return end
    space = re.compile(r"\s").search(text, back, end)
    return space.end() if space else back
