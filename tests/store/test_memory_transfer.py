"""Export and import of a space."""

import json
from pathlib import Path
from typing import Any

import pytest

from store import memory_transfer
from store.errors import NotFound, StoreError
from store.memories import Draft, Memories, SpacePolicy
from store.memory_lines import BadLines

HEADER = json.dumps({"nodeloom_memory": 1})


def lines(*records: Any) -> list[bytes]:
    """A file with a header; a record as text stands as it is."""
    return [f"{line if isinstance(line, str) else json.dumps(line)}\n".encode() for line in (HEADER, *records)]


def test_space_goes_out_and_comes_in_again(memories: Memories, tmp_path: Path) -> None:
    """Everything but trust, provenance and figures of use survives; a search gives the same texts and parts."""
    memories.create_space("old", "what was learned")
    memories.set_policy("old", SpacePolicy(half_life_days=3, max_records=100))
    memories.add_all(
        "old",
        [
            Draft("red apple", "fact", 8, {"run": "r-1"}, "ada", {"reward": 0.5}, "daily"),
            Draft("naïve “quotes”\nand a line\u2028more", trusted=False),
        ],
    )
    file = tmp_path / "old.jsonl"
    file.write_text("".join(memory_transfer.export(memories, "old")), encoding="utf-8")
    header, *_ = (json.loads(line) for line in file.read_bytes().split(b"\n") if line)
    assert (header["nodeloom_memory"], header["embedding_model"], header["records"]) == (1, "words", 2)
    with file.open("rb") as opened:
        done = memory_transfer.take_in(memories, "new", file.name, opened)
    assert (done.added, done.known, done.expired) == (2, 0, 0)
    fields = ("text", "kind", "importance", "owner", "data", "layer", "created_at", "updated_at")
    one, other = ({tuple(str(getattr(r, f)) for f in fields) for r in memories.records(s)} for s in ("old", "new"))
    assert one == other
    assert {(record.trusted, str(record.source)) for record in memories.records("new")} == {
        (False, "{'import': 'old.jsonl'}")
    }
    assert memories.policy("new") == memories.policy("old")
    found = [[hit.text for hit in memories.search(space, "red apple", mark=False)] for space in ("old", "new")]
    assert found[0] == found[1]


def test_trust_is_kept_only_where_the_user_says_so(memories: Memories) -> None:
    """And even then a record that was not trusted in the file is not."""
    memory_transfer.take_in(memories, "s", "f", lines({"text": "a"}, {"text": "b", "trusted": False}), trusted=True)
    assert {record.text: record.trusted for record in memories.records("s")} == {"a": True, "b": False}


def test_known_texts_stay_as_they_are(memories: Memories) -> None:
    """A stranger's file neither takes trust from a record nor changes it; a text twice in the file counts once."""
    memories.add("s", "red apple", importance=9)
    done = memory_transfer.take_in(
        memories, "s", "f", lines({"text": "red  apple", "importance": 1}, {"text": "b"}, {"text": "b"})
    )
    assert (done.added, done.known) == (1, 2)
    (record,) = memories.records("s", q="apple")
    assert (record.importance, record.trusted, record.source) == (9, True, {})


def test_every_bad_line_is_named_and_nothing_imported(memories: Memories) -> None:
    """Line number, field and value of each fault, all at once."""
    bad = lines(
        {"text": "good"},
        {"text": "x", "importance": 11},
        "{not json",
        {"kind": "fact"},
        {"text": "y", "surprise": 1, "layer": 5},
        "[1, 2]",
        {"text": "  "},
        {"text": "z", "created_at": -1},
    )
    bad.append(b"\xff\xfe\n")
    with pytest.raises(BadLines, match="Nothing was imported: line 3, importance") as caught:
        memory_transfer.take_in(memories, "s", "f.jsonl", bad)
    places = [(problem.line, problem.field, problem.value) for problem in caught.value.problems]
    assert places == [
        (3, "importance", "11"),
        (4, "", "'{not json\\n'"),
        (5, "text", ""),
        (6, "layer", "5"),
        (6, "surprise", "1"),
        (7, "", "[1, 2]"),
        (8, "text", "'  '"),
        (9, "created_at", "-1"),
        (10, "", "'��\\n'"),
    ]
    assert memories.spaces() == []
    assert "Mend these lines" in caught.value.mend


@pytest.mark.parametrize(
    ("first", "message"),
    [
        ([], "the file is empty"),
        ([b'{"text": "a"}\n'], "line 1, nodeloom_memory"),
        ([b'{"nodeloom_memory": 2}\n'], "this program reads format 1"),
        ([b'{"nodeloom_memory": 1, "records": "many"}\n'], "line 1, records"),
        ([b"[" * 100_000], "nested too deeply|not JSON"),
    ],
)
def test_file_without_a_header_is_refused(memories: Memories, first: list[bytes], message: str) -> None:
    """What is not such a file is said at its first line."""
    with pytest.raises(BadLines, match=message):
        memory_transfer.take_in(memories, "s", "f", first)


def test_import_that_does_not_fit_is_refused(memories: Memories) -> None:
    """A limit would forget what was just imported, or what the space has: said before anything is written."""
    memories.add("s", "mine")
    memories.set_policy("s", SpacePolicy(max_records=2))
    with pytest.raises(StoreError, match="2 new records do not fit: 's' keeps at most 2 and has 1"):
        memory_transfer.take_in(memories, "s", "f", lines({"text": "a"}, {"text": "b"}))
    assert [record.text for record in memories.records("s")] == ["mine"]


def test_import_that_fails_half_way_takes_all_back(memories: Memories, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the first parts wrote is removed again when a later one fails."""
    monkeypatch.setattr("store.memory_transfer._CHUNK", 2)
    write, calls = memories.add_all, 0

    def failing(space: str, drafts: list[Draft]) -> list[str]:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise StoreError("The disk is full")
        return write(space, drafts)

    monkeypatch.setattr(memories, "add_all", failing)
    with pytest.raises(StoreError, match="disk is full"):
        memory_transfer.take_in(memories, "s", "f", lines(*({"text": f"t{n}"} for n in range(5))))
    assert memories.records("s") == []


def test_records_past_their_end_are_left_out(memories: Memories) -> None:
    """An end in the past is counted, not imported."""
    done = memory_transfer.take_in(memories, "s", "f", lines({"text": "a", "expires_at": 5.0}, {"text": "b"}))
    assert (done.added, done.expired) == (1, 1)


def test_space_that_is_not_there_cannot_be_exported(memories: Memories) -> None:
    """The name is said."""
    with pytest.raises(NotFound, match="no memory space 'x'"):
        memory_transfer.export(memories, "x")
