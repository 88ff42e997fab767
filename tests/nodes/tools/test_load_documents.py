"""tools.load_documents and tools.retrieve_documents: from files to passages that can be cited"""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodes.contract import NodeError, Route
from nodes.tools.document_text import chunks_of, document_text
from nodes.tools.load_documents import load_documents
from nodes.tools.retrieve_documents import retrieve_documents
from tests.fakes import FakeContext, FakeServices, ListMemory, run_node

GUIDE = "Pandas eat bamboo.\n\nThey sleep in trees.\n\nRed pandas are smaller than giant pandas.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "docs"
    (root / "sub").mkdir(parents=True)
    (root / "guide.md").write_text(GUIDE)
    (root / "sub" / "page.html").write_text("<title>Foxes</title><p>Foxes dig dens.</p><script>x()</script>")
    (root / "prices.csv").write_text("animal;price\nfox;5\npanda;9\n")
    (root / "data.json").write_text(json.dumps({"zoo": {"name": "North", "animals": [{"kind": "bear", "n": 2}]}}))
    (root / "report.pdf").write_bytes(b"%PDF-1.7")
    (root / "image.txt").write_bytes(b"\x89\0\0")
    (root / "empty.txt").write_text("  \n")
    (root / ".hidden.txt").write_text("secret")
    (root / "code.py").write_text("x = 1")
    return root


def load(root: Path, memory: ListMemory, only: str = "", **config: Any) -> tuple[dict[str, Any], FakeContext]:
    services = FakeServices(folders={"docs": root}, own_folder=root)
    ctx = FakeContext(memory=memory, services=services)
    return run_node(load_documents, {"only": only}, ctx, **{"folder": "docs", **config}), ctx


def find(memory: ListMemory, query: str, **config: Any) -> Route:
    return run_node(retrieve_documents, {"query": query}, FakeContext(memory=memory), **config)


def test_a_folder_becomes_chunks_with_provenance(folder: Path):
    """Each readable file is read, each chunk knows its file, line and number, and what was not read is said."""
    memory = ListMemory()
    outputs, ctx = load(folder, memory)
    assert outputs["files"] == ["data.json", "guide.md", "prices.csv", "sub/page.html"]
    assert outputs["chunks"] == len(memory.hits) == 4
    assert outputs["skipped"] == [
        "empty.txt: it is empty", "image.txt: it is not a text file",
        "report.pdf: PDF files are not read; save it as text or HTML",
    ]  # fmt: skip
    texts = {hit.data["file"]: hit for hit in memory.hits.values()}
    assert texts["guide.md"].data == {"folder": "docs", "file": "guide.md", "of": 1, "chunk": 1, "line": 1}
    assert texts["sub/page.html"].text == "Foxes\n\nFoxes dig dens."
    assert texts["prices.csv"].text == "animal: fox\nprice: 5\n\nanimal: panda\nprice: 9"
    assert texts["data.json"].text == "zoo.name: North\nzoo.animals.kind: bear\nzoo.animals.n: 2"
    assert {hit.kind for hit in memory.hits.values()} == {"document"}
    assert not any(hit.trusted for hit in memory.hits.values())
    assert len(ctx.views[-1]["rows"]) == 7


def test_loading_again_forgets_what_is_gone(folder: Path):
    """A changed file's old chunks are forgotten; other files and other records stay."""
    memory = ListMemory()
    load(folder, memory)
    asyncio.run(memory.add("a note", kind="note"))
    (folder / "guide.md").write_text("Pandas are bears.")
    outputs, _ = load(folder, memory, only="guide")
    assert outputs["files"] == ["guide.md"]
    texts = [hit.text for hit in memory.hits.values()]
    assert "Pandas are bears." in texts and "a note" in texts and len(texts) == 5
    assert not any("bamboo" in text for text in texts)


def test_limits(folder: Path):
    """Files, chunks and sizes are bounded, and what was left out is said."""
    assert load(folder, ListMemory(), max_files=1)[0]["skipped"] == ["empty.txt: the most files or chunks are reached"]
    outputs, _ = load(folder, ListMemory(), "guide", chunk_size=100, overlap=0, max_chunks=1)
    assert outputs["chunks"] == 1
    (folder / "guide.md").write_text(GUIDE * 50)
    outputs, _ = load(folder, ListMemory(), "guide", chunk_size=100, overlap=0, max_chunks=3)
    assert outputs["skipped"][0].startswith("guide.md: only 3 of its ")
    assert "guide.md: it is larger than 1 kB" in load(folder, ListMemory(), max_file_kb=1)[0]["skipped"]
    with pytest.raises(ValueError, match="an overlap of 80 is more than half of a chunk of 100"):
        load(folder, ListMemory(), chunk_size=100, overlap=80)


def test_links_that_lead_out_are_not_read(folder: Path, tmp_path: Path):
    """A link to a file outside is listed as such, a linked folder passed over."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.txt").write_text("hidden")
    (folder / "link.txt").symlink_to(tmp_path / "outside" / "secret.txt")
    (folder / "linked").symlink_to(tmp_path / "outside")
    memory = ListMemory()
    outputs, _ = load(folder, memory)
    assert "link.txt: it is a link that leads out of the folder" in outputs["skipped"]
    assert not any("hidden" in hit.text for hit in memory.hits.values())


def test_the_run_folder_is_the_default(folder: Path):
    """Without a granted folder the run's own is read; trusted where the settings say so."""
    memory = ListMemory()
    load(folder, memory, folder="", trusted=True)
    assert all(hit.trusted and hit.data["folder"] == "" for hit in memory.hits.values())


def test_nothing_to_load_is_an_error(folder: Path, tmp_path: Path):
    """An empty folder, one with nothing readable, and a missing memory are told apart."""
    (tmp_path / "none").mkdir()
    with pytest.raises(NodeError, match=r"Nothing to load in 'docs': no \.txt"):
        load(tmp_path / "none", ListMemory())
    with pytest.raises(NodeError, match=r"report\.pdf: PDF files are not read"):
        load(folder, ListMemory(), only="report")
    with pytest.raises(NodeError, match="no memory to load into"):
        run_node(load_documents, {}, FakeContext())


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("a.json", "{broken", "it is not JSON"),
        ("a.jsonl", '{"a": 1}\n\n{"a": 2}\n', "a: 1\n\na: 2"),
        ("a.csv", "one\ntwo\n", "one: two"),
        ("a.csv", "", ""),
        ("a.json", "[" * 30 + "]" * 30, ": ..."),
        ("a.txt", "\ufeffplain", "plain"),
    ],
)
def test_each_form_is_read(tmp_path: Path, name: str, content: str, text: str):
    """Broken JSON is said, lines of JSON are paragraphs, a byte-order mark is left out."""
    (tmp_path / name).write_text(content)
    try:
        assert document_text(tmp_path / name) == text
    except Exception as problem:
        assert text in str(problem)


@given(st.text(alphabet="ab .\n", max_size=2_000), st.integers(20, 300), st.integers(0, 10))
def test_chunks_cover_the_text(text: str, size: int, overlap: int):
    """No chunk is too long, all are numbered in order, and no word of the text is lost."""
    chunks = list(chunks_of(text, size, overlap))
    assert all(0 < len(chunk.text) <= size for chunk in chunks)
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    letters = [each for each in text if not each.isspace()]
    told = [each for chunk in chunks for each in chunk.text if not each.isspace()]
    assert len(told) >= len(letters)
    if overlap == 0:
        assert told == letters


def test_chunks_end_at_sentences_and_overlap():
    """A chunk ends where a paragraph or sentence does, and begins with the end of the one before."""
    text = "One two three. Four five six. Seven eight nine. Ten eleven twelve."
    chunks = [chunk.text for chunk in chunks_of(text, 40, 12)]
    assert chunks[0] == "One two three. Four five six."
    assert chunks[1].startswith("five six. Seven") or chunks[1].startswith("six. Seven")
    assert [chunk.line for chunk in chunks_of("a\n\nb\n\nc", 3, 0)] == [1, 3, 5]


def test_passages_come_numbered_with_citations(folder: Path):
    """What bears on the question is found, numbered for the prompt, with file and line to cite."""
    memory = ListMemory()
    load(folder, memory, chunk_size=100, overlap=0, trusted=True)
    route = find(memory, "foxes dig")
    assert route.outcome == "found"
    assert route.outputs["citations"] == ["[1] sub/page.html, line 1"]
    assert route.outputs["context"] == "[1] sub/page.html, line 1\nFoxes\n\nFoxes dig dens."
    assert route.outputs["documents"][0]["file"] == "sub/page.html" and route.outputs["trusted"] is True
    assert memory.searches[-1]["kinds"] == ("document",)


def test_nothing_near_leaves_by_none(folder: Path):
    """Passages that are too far are not handed on; untrusted ones can be left out."""
    memory = ListMemory()
    load(folder, memory)
    assert find(memory, "quantum chromodynamics").outcome == "none"
    assert find(memory, "quantum chromodynamics", min_score=0).outcome == "found"
    assert find(memory, "foxes dig").outputs["trusted"] is False
    assert find(memory, "foxes dig", only_trusted=True).outcome == "none"
    assert "[cut:" in find(memory, "foxes panda bear", min_score=0, max_characters=200).outputs["context"]


def test_a_query_and_a_memory_are_needed():
    """Neither is guessed; a record without a file is cited by its id."""
    with pytest.raises(NodeError, match="The query is empty"):
        find(ListMemory(), " ")
    with pytest.raises(NodeError, match="no memory to look in"):
        run_node(retrieve_documents, {"query": "x"}, FakeContext())
    memory = ListMemory()
    asyncio.run(memory.add("old text", kind="document"))
    assert find(memory, "old text").outputs["citations"] == ["[1] record m1"]
