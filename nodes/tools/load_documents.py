"""Read the documents of a folder into memory, cut into chunks that overlap.

Use it once before "Find in documents", or again when files have changed: chunks of a file that are no longer in
it are forgotten. The folder is one the user granted, or, where none is named, the run's own. Each chunk keeps
where it comes from (file, line, number) and whether it is trusted; what others wrote should not be, so that a
guard can tell. Reads text, Markdown, HTML, CSV, JSON; what cannot be read is listed with the reason.

Source: Lewis et al. 2020, Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks
(https://arxiv.org/abs/2005.11401), its indexing. We deviate: chunks overlap and end at paragraphs or sentences;
the paper cuts Wikipedia into 100 words.
"""

import asyncio
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import Field, model_validator

from nodes.contract import Attach, Config, Context, Inputs, Memory, NodeError, Outputs, Port, node
from nodes.tools.document_text import READERS, UNREADABLE, Chunk, Unreadable, chunks_of, document_text
from nodes.tools.file_search import safe_join
from nodes.views import table_view

DOCUMENT: Final = "document"
"""The kind of record a chunk is."""
MAX_KEPT: Final = 10_000  # records looked through for chunks that are gone


class LoadDocumentsConfig(Config):
    """Which files, and how they are cut."""

    folder: str = Field(
        default="", title="Folder", description="Name of a folder granted in Settings; empty: the run's own folder.",
        max_length=64, json_schema_extra={"widget": "folder"},
    )  # fmt: skip
    suffixes: tuple[str, ...] = Field(
        default=READERS, title="File types", description="Endings of the files that are read.", min_length=1,
        max_length=20, json_schema_extra={"advanced": True},
    )  # fmt: skip
    chunk_size: int = Field(
        default=1_000, ge=100, le=20_000, title="Chunk", description="Longest piece a document is cut into.",
        json_schema_extra={"unit": "characters"},
    )  # fmt: skip
    overlap: int = Field(
        default=150, ge=0, le=5_000, title="Overlap", description="What a piece repeats of the one before.",
        json_schema_extra={"unit": "characters"},
    )  # fmt: skip
    trusted: bool = Field(
        default=False, title="Trusted", description="Whether the documents are your own words, not a stranger's."
    )
    max_files: int = Field(
        default=200, ge=1, le=10_000, title="Files", description="The most that are read.",
        json_schema_extra={"unit": "files", "advanced": True},
    )  # fmt: skip
    max_file_kb: int = Field(
        default=2_048, ge=1, le=51_200, title="Largest file", description="Larger ones are left out.",
        json_schema_extra={"unit": "kB", "advanced": True},
    )  # fmt: skip
    max_chunks: int = Field(
        default=2_000, ge=1, le=50_000, title="Chunks", description="The most that are written; then it stops.",
        json_schema_extra={"unit": "chunks", "advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _overlap_is_less(self) -> "LoadDocumentsConfig":
        if self.overlap * 2 > self.chunk_size:
            raise ValueError(f"an overlap of {self.overlap} is more than half of a chunk of {self.chunk_size}")
        return self


@dataclass(frozen=True)
class Loaded:
    """A file as read: its chunks, or why there are none."""

    file: str
    chunks: Sequence[Chunk]
    problem: str = ""


@node(
    kind="tools.load_documents", family="tools", title="Load documents",
    summary="Read a folder's documents into memory",
    config=LoadDocumentsConfig,
    inputs=(Port("only", "text", "Only files whose path contains this.", required=False),),
    outputs=(
        Port("chunks", "number", "How many pieces were written."),
        Port("files", "list[text]", "The files that were read."),
        Port("skipped", "list[text]", "The files that were not, each with the reason."),
    ),
    attaches=(Attach("memory", "memory", required=True),), side_effects=True, icon="book-down",
    source="Lewis et al. 2020, Retrieval-Augmented Generation, https://arxiv.org/abs/2005.11401",
)  # fmt: skip
async def load_documents(inputs: Inputs, config: LoadDocumentsConfig, ctx: Context) -> Outputs:
    """Read the files, write their chunks, forget what is no longer in them."""
    memory = ctx.memory
    if memory is None:
        raise NodeError("There is no memory to load into", mend="Attach a memory space below this node.")
    root = ctx.services.folder(config.folder) if config.folder else ctx.services.run_folder()
    loaded = await asyncio.to_thread(lambda: list(read_folder(root, inputs.get("only") or "", config)))
    if not any(each.chunks for each in loaded):
        why = "; ".join(f"{each.file}: {each.problem}" for each in loaded[:5]) or f"no {', '.join(config.suffixes)}"
        raise NodeError(f"Nothing to load in {config.folder or 'the run folder'!r}: {why}", mend="Check the folder.")
    written: dict[str, list[str]] = {}
    for each in loaded:
        if each.chunks:
            written[each.file] = await _write(each, config, memory)
            ctx.progress(f"{each.file}: {len(each.chunks)} chunks")
    await _forget_gone(written, config.folder, memory)
    rows = [[each.file, len(each.chunks), each.problem] for each in loaded]
    ctx.show(table_view(("file", "chunks", "problem"), rows, title="Documents"))
    return {
        "chunks": sum(map(len, written.values())), "files": list(written),
        "skipped": [f"{each.file}: {each.problem}" for each in loaded if each.problem],
    }  # fmt: skip


async def _write(loaded: Loaded, config: LoadDocumentsConfig, memory: Memory) -> list[str]:
    """The ids of the file's records."""
    where: dict[str, Any] = {"folder": config.folder, "file": loaded.file, "of": len(loaded.chunks)}
    return [
        await memory.add(
            chunk.text, kind=DOCUMENT, trusted=config.trusted,
            data={**where, "chunk": chunk.index + 1, "line": chunk.line},
        )
        for chunk in loaded.chunks
    ]  # fmt: skip


async def _forget_gone(written: dict[str, list[str]], folder: str, memory: Memory) -> None:
    now = {id for ids in written.values() for id in ids}
    known = await memory.records(kinds=(DOCUMENT,), limit=MAX_KEPT)
    gone = [
        hit.id
        for hit in known
        if hit.data.get("folder") == folder and hit.data.get("file") in written and hit.id not in now
    ]
    if gone:
        await memory.forget(gone)


def read_folder(root: Path, only: str, config: LoadDocumentsConfig) -> Iterator[Loaded]:
    """Each document below ``root``, in order; hidden files and links that lead out are passed over."""
    files, chunks = 0, 0
    for path in _documents(root):
        name = path.relative_to(root).as_posix()
        if only.lower() not in name.lower() or path.suffix.lower() not in (*config.suffixes, *UNREADABLE):
            continue
        if files >= config.max_files or chunks >= config.max_chunks:
            yield Loaded(name, (), "the most files or chunks are reached")
            return
        loaded = _read(root, path, name, config)
        room = config.max_chunks - chunks
        if len(loaded.chunks) > room:
            loaded = Loaded(name, loaded.chunks[:room], f"only {room} of its {len(loaded.chunks)} chunks")
        files, chunks = files + 1, chunks + len(loaded.chunks)
        yield loaded


def _documents(root: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(root):  # does not follow linked folders
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _read(root: Path, path: Path, name: str, config: LoadDocumentsConfig) -> Loaded:
    real = safe_join(root, path)
    if real is None:
        return Loaded(name, (), "it is a link that leads out of the folder")
    if path.suffix.lower() in UNREADABLE and path.suffix.lower() not in config.suffixes:
        return Loaded(name, (), UNREADABLE[path.suffix.lower()])
    try:
        if real.stat().st_size > config.max_file_kb * 1_024:
            return Loaded(name, (), f"it is larger than {config.max_file_kb} kB")
        chunks = list(chunks_of(document_text(real), config.chunk_size, config.overlap))
    except Unreadable as reason:
        return Loaded(name, (), str(reason))
    except OSError as error:
        return Loaded(name, (), error.strerror or type(error).__name__)
    return Loaded(name, chunks, "" if chunks else "it is empty")
