"""Reads, writes and lists files in the run's own folder.

Attach it where an agent keeps notes, tables or drafts between steps, or hands several files over. The folder
belongs to the run: it begins empty, several nodes of the run share it, and it goes with the run. Nothing
outside it can be reached: paths that lead out, and links, are refused. Number and size of files are bounded.
What was appended is not appended again when a crash makes its node start anew (``nodes.tools.files_appended``).

Source: Nodeloom.
"""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from nodes.contract import NodeSpec, Services, Tool, ToolResult
from nodes.idempotency import idempotency_key
from nodes.snippet_text import clipped
from nodes.tools.files_appended import JOURNAL, append_once
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = (
    "Work with text files in a folder of your own. action: list, read, write (replaces the file), append."
)
READ_ONLY: Final = "Look at the text files in the folder of this run. action: list, read."
MAX_PART: Final = 120  # characters of a name between two slashes
MAX_LEVELS: Final = 8


class FilesConfig(ToolConfig):
    """What may be written, and how much."""

    read_only: bool = Field(default=False, title="Read only", description="The model may list and read, not write.")
    max_files: int = Field(
        default=100, ge=1, le=10_000, title="Files", description="The most the folder may hold.",
        json_schema_extra={"unit": "files", "advanced": True},
    )  # fmt: skip
    max_file_kb: int = Field(
        default=512, ge=1, le=20_480, title="Largest file", description="Writing more is refused.",
        json_schema_extra={"unit": "kB", "advanced": True},
    )  # fmt: skip
    max_total_kb: int = Field(
        default=8_192, ge=1, le=204_800, title="Largest folder", description="All files together.",
        json_schema_extra={"unit": "kB", "advanced": True},
    )  # fmt: skip
    max_characters: int = Field(
        default=8_000, ge=100, le=200_000, title="Longest text", description="What is read is cut there.",
        json_schema_extra={"unit": "characters", "advanced": True},
    )  # fmt: skip


class FilesArguments(BaseModel):
    """What the model sends."""

    action: Literal["list", "read", "write", "append"] = Field(description="what to do")
    path: str = Field(default="", description="like notes/plan.md; empty only for list", max_length=500)
    text: str = Field(default="", description="what to write", max_length=20_000_000)


class Refused(Exception):
    """Why a file cannot be had, in words."""


def make_files(config: Any, services: Services) -> Tool:
    """The tool; the folder is made when it is first used."""

    async def work(arguments: FilesArguments) -> ToolResult:
        return await asyncio.to_thread(_done, services.run_folder(), arguments, config)

    return built(config, "files", READ_ONLY if config.read_only else DESCRIPTION, FilesArguments, work)


def _done(root: Path, arguments: FilesArguments, config: FilesConfig) -> ToolResult:
    try:
        if arguments.action == "list":
            return _listed(root, arguments.path)
        if arguments.action == "read":
            return _read(inside(root, arguments.path), arguments.path, config)
        return _written(root, arguments, config)
    except Refused as refused:
        return failure(str(refused))
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        return failure(f"{arguments.action} {arguments.path!r}: {reason}")


def inside(root: Path, path: str) -> Path:
    """The file at ``path`` below ``root``. Raises Refused for one that leads out, or along a link."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or "\0" in path or ":" in parts[0]:
        raise Refused(f"{path!r} is not a path in this folder; write one like notes/plan.md")
    if parts[0] == JOURNAL:
        raise Refused(f"{path!r} is Nodeloom's own; choose another name")
    if len(parts) > MAX_LEVELS or any(len(part) > MAX_PART for part in parts):
        raise Refused(f"{path[:100]!r} is too long; at most {MAX_LEVELS} levels of {MAX_PART} characters")
    at = root
    for part in parts:
        at = at / part
        if at.is_symlink():
            raise Refused(f"{path!r} goes along a link, which is not followed")
    return at


def _listed(root: Path, path: str) -> ToolResult:
    below = inside(root, path) if path.strip("./ ") else root
    sizes = {file.relative_to(root).as_posix(): file.stat().st_size for file in _files(below)}
    lines = [f"{name} ({size:,} bytes)" for name, size in sizes.items()]
    return ToolResult("\n".join(lines) or "There are no files.", [{"path": n, "bytes": s} for n, s in sizes.items()])


def _files(below: Path) -> Iterator[Path]:
    """Files, sorted; links are not followed and not told."""
    for folder, inner, names in os.walk(below):
        inner.sort()
        files = (Path(folder, name) for name in sorted(names) if name != JOURNAL)
        yield from (file for file in files if not file.is_symlink())


def _read(file: Path, path: str, config: FilesConfig) -> ToolResult:
    if not file.is_file():
        raise Refused(f"There is no file {path!r}; list shows what there is")
    with os.fdopen(os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)), "rb") as opened:
        content = opened.read(config.max_file_kb * 1_024)
    if b"\0" in content[:1_024]:
        raise Refused(f"{path!r} is not a text file")
    return ToolResult(clipped(content.decode("utf-8", errors="replace"), config.max_characters))


def _written(root: Path, arguments: FilesArguments, config: FilesConfig) -> ToolResult:
    if config.read_only:
        raise Refused("This folder can only be read")
    file, content = inside(root, arguments.path), arguments.text.encode()
    adding = arguments.action == "append"
    key = idempotency_key() if adding else ""
    if not key:
        _check_room(root, file, len(content), adding, config)
    file.parent.mkdir(parents=True, exist_ok=True)
    if key:
        append_once(root, file, content, key, lambda: _check_room(root, file, len(content), adding, config))
    else:
        flags = os.O_WRONLY | os.O_CREAT | (os.O_APPEND if adding else os.O_TRUNC) | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(file, flags, 0o600), "wb") as opened:
            opened.write(content)
    return ToolResult(f"{arguments.path}: {file.stat().st_size:,} bytes", {"path": arguments.path})


def _check_room(root: Path, file: Path, size: int, adding: bool, config: FilesConfig) -> None:
    sizes = {each: each.stat().st_size for each in _files(root)}
    had = sizes.pop(file, None)
    after = size + (had or 0 if adding else 0)
    if after > config.max_file_kb * 1_024:
        raise Refused(f"The file would have {after:,} bytes; at most {config.max_file_kb} kB are written")
    if after + sum(sizes.values()) > config.max_total_kb * 1_024:
        raise Refused(f"The folder is full: at most {config.max_total_kb} kB")
    if had is None and len(sizes) >= config.max_files:
        raise Refused(f"The folder is full: at most {config.max_files} files")


files = NodeSpec(
    kind="tool.files", family="resources", title="Files", summary="Reads and writes files in the run's own folder",
    config=FilesConfig, outcomes=(), provides="tool", make_tool=make_files, side_effects=True, icon="folder-pen",
    doc=__doc__ or "", source="Nodeloom",
)  # fmt: skip
