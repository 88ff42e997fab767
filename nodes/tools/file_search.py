"""Searches the text files of a folder the user granted.

Attach it where answers stand in documents on this computer. The workflow names the folder; which folder
that is, the user defines in Settings, and nothing outside it can be read: links that lead out are
skipped. It returns the passages in which the most of the sought words stand, each with file and line.

Source: Nodeloom; ranking by distinct words matched (coordination level, Salton & McGill 1983).
"""

import asyncio
import heapq
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, Field

from nodes.contract import NodeError, NodeSpec, Services, Tool, ToolResult
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = "Search the text files of the folder {folder!r} for words; gives passages with file and line."
SUFFIXES: Final = (".txt", ".md", ".rst", ".csv", ".tsv", ".json", ".yaml", ".yml", ".html", ".log", ".py")
MAX_TOTAL: Final = 100 * 2**20  # bytes read in one search
_WORD: Final = re.compile(r"\w+")


class FileSearchConfig(ToolConfig):
    """Where, and how much."""

    folder: str = Field(
        default="", title="Folder", description="Name of a folder granted in Settings.", max_length=64,
        json_schema_extra={"widget": "folder"},
    )  # fmt: skip
    max_results: int = Field(
        default=5,
        ge=1,
        le=50,
        title="Passages",
        description="The most one search returns.",
        json_schema_extra={"unit": "passages"},
    )
    suffixes: tuple[str, ...] = Field(
        default=SUFFIXES, title="File types", description="Endings of the files that are searched.",
        min_length=1, max_length=40, json_schema_extra={"advanced": True},
    )  # fmt: skip
    max_files: int = Field(
        default=2_000, ge=1, le=50_000, title="Files", description="The most that are opened in one search.",
        json_schema_extra={"unit": "files", "advanced": True},
    )  # fmt: skip
    max_file_kb: int = Field(
        default=1_024, ge=1, le=20_480, title="Largest file", description="Larger ones are skipped.",
        json_schema_extra={"unit": "kB", "advanced": True},
    )  # fmt: skip


class FileSearchArguments(BaseModel):
    """What the model sends."""

    query: str = Field(description="words to look for", min_length=1, max_length=500)
    file: str = Field(default="", description="only files whose path contains this")


@dataclass(frozen=True)
class Passage:
    """A line that matched, with its neighbours."""

    file: str
    line: int
    text: str
    matched: int


def make_file_search(config: Any, services: Services) -> Tool:
    """The tool. Raises NodeError when no folder is chosen or the user granted none of that name."""
    if not config.folder:
        raise NodeError(
            "File search has no folder", mend="Choose a folder in its settings; grant one under Settings first."
        )
    root = services.folder(config.folder)

    async def work(arguments: FileSearchArguments) -> ToolResult:
        words = sorted({word.lower() for word in _WORD.findall(arguments.query)})
        if not words:
            return failure(f"{arguments.query!r} has no words to look for")
        # In a thread, since it reads many files.
        found, opened = await asyncio.to_thread(search, root, words, arguments.file, config)
        if not found:
            return ToolResult(text=f"Nothing found in {opened} files for {arguments.query!r}.", data=[])
        return ToolResult(text="\n\n".join(map(_written, found)), data=[vars(passage) for passage in found])

    return built(config, "file_search", DESCRIPTION.format(folder=config.folder), FileSearchArguments, work)


def search(root: Path, words: Sequence[str], part: str, config: FileSearchConfig) -> tuple[list[Passage], int]:
    """``(passages, files opened)``: those with the most of ``words``, then in the order of files and lines."""
    found: list[Passage] = []
    opened, left = 0, MAX_TOTAL
    for path in _files(root, part, config):
        if opened >= config.max_files or left <= 0:
            break
        text = path.read_text(encoding="utf-8", errors="replace")
        opened, left = opened + 1, left - len(text)
        found.extend(_passages(path.relative_to(root).as_posix(), text, words))
        found = heapq.nsmallest(config.max_results, found, key=lambda each: (-each.matched, each.file, each.line))
    return found, opened


def safe_join(root: Path, path: Path) -> Path | None:
    """``path`` with its links followed, when it is still inside ``root``; else None."""
    real = path.resolve()
    return real if real.is_relative_to(root.resolve()) else None


def _files(root: Path, part: str, config: FileSearchConfig) -> Iterator[Path]:
    """Files of the chosen types below ``root``, hidden ones and links that lead out left out."""
    for folder, inner, names in os.walk(root):  # does not follow linked folders
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            fits = path.suffix.lower() in config.suffixes and part.lower() in path.relative_to(root).as_posix().lower()
            if fits and not name.startswith(".") and _readable(root, path, config.max_file_kb * 1_024):
                yield path


def _readable(root: Path, path: Path, limit: int) -> bool:
    real = safe_join(root, path)
    return real is not None and real.is_file() and real.stat().st_size <= limit and os.access(real, os.R_OK)


def _passages(file: str, text: str, words: Sequence[str]) -> Iterator[Passage]:
    """One passage for each line with a sought word that is not the neighbour of a better one."""
    lines = text.splitlines()
    matched = [sum(word in line.lower() for word in words) for line in lines]
    for index, count in enumerate(matched):
        around = range(max(index - 1, 0), min(index + 2, len(lines)))
        better = any(matched[near] > count or (near < index and matched[near] == count) for near in around)
        if count and not better:
            whole = "\n".join(lines[near][:400] for near in around)
            yield Passage(file, index + 1, whole, sum(word in whole.lower() for word in words))


def _written(passage: Passage) -> str:
    return f"{passage.file}:{passage.line}\n{passage.text}"


file_search = NodeSpec(
    kind="tool.file_search", family="resources", title="File search", summary="Searches text files in a granted folder",
    config=FileSearchConfig, outcomes=(), provides="tool", make_tool=make_file_search,
    icon="folder-search", doc=__doc__ or "",
    source="Nodeloom; Salton & McGill 1983, Introduction to Modern Information Retrieval",
)  # fmt: skip
