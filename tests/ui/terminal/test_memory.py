"""``nodeloom memory``."""

import json
from pathlib import Path

from store.database import Database
from store.home import Home
from store.memories import Draft, Memories
from tests.store.fakes import embed
from tests.ui.terminal.conftest import Command


def fill(home: Path) -> None:
    """Two records in a space."""
    opened = Home(home).create()
    database = Database(opened.database)
    memories = Memories(database, opened.memory, embed, embedding_model="words")
    memories.add_all("notes", [Draft("Say the unit.", "rule", 8), Draft("Pandas eat bamboo.")])
    memories.close()
    database.close()


def test_space_goes_from_one_file_to_another_space(nodeloom: Command, home: Path, tmp_path: Path) -> None:
    """Export writes a file, import reads it; the list shows both spaces."""
    fill(home)
    assert nodeloom("memory", "export", "notes", "--to", "notes.jsonl").returncode == 0
    assert len((tmp_path / "notes.jsonl").read_text().splitlines()) == 3
    done = nodeloom("memory", "import", "copy", "notes.jsonl")
    assert (done.returncode, "2 added, 0 known already" in done.stderr) == (0, True)
    spaces = json.loads(nodeloom("memory", "spaces", "--json").stdout)
    assert {space["name"]: space["records"] for space in spaces} == {"copy": 2, "notes": 2}
    assert "notes" in nodeloom("memory", "spaces").stdout
    piped = nodeloom("memory", "export", "copy").stdout.splitlines()
    assert [json.loads(line)["trusted"] for line in piped[1:]] == [False, False]


def test_export_does_not_write_over_a_file(nodeloom: Command, home: Path, tmp_path: Path) -> None:
    """Unless it is told to."""
    fill(home)
    (tmp_path / "notes.jsonl").write_text("mine")
    refused = nodeloom("memory", "export", "notes", "-o", "notes.jsonl")
    assert (refused.returncode, "is there already" in refused.stderr) == (2, True)
    assert (tmp_path / "notes.jsonl").read_text() == "mine"
    assert nodeloom("memory", "export", "notes", "-o", "notes.jsonl", "--force").returncode == 0


def test_bad_file_is_refused_with_every_line(nodeloom: Command, home: Path, tmp_path: Path) -> None:
    """Each bad line is said with field and value, and nothing is imported."""
    (tmp_path / "bad.jsonl").write_text('{"nodeloom_memory": 1}\n{"text": "ok"}\n{"text": 5}\n{"importance": 0}\n')
    done = nodeloom("memory", "import", "notes", "bad.jsonl")
    assert done.returncode == 2
    for words in ("line 3, text", "(it is 5)", "line 4, text", "line 4, importance", "Nothing was imported"):
        assert words in done.stderr
    assert nodeloom("memory", "spaces").stdout == ""
    assert "There is no file" in nodeloom("memory", "import", "notes", "none.jsonl").stderr


def test_policy_is_shown_and_changed(nodeloom: Command, home: Path) -> None:
    """name=value changes a field, none takes a limit away, and what cannot be is refused with the value."""
    fill(home)
    changed = nodeloom(
        "memory", "policy", "notes", "ttl_days=30", "similarity=0.7", "only_trusted=yes", "max_records=9"
    )
    assert changed.returncode == 0
    policy = json.loads(nodeloom("memory", "policy", "notes", "ttl_days=none", "--json").stdout)
    assert (policy["ttl_days"], policy["weights"]["similarity"], policy["only_trusted"]) == (None, 0.7, True)
    assert "max_records      9" in nodeloom("memory", "policy", "notes").stdout
    for change, words in (
        ("ttl_days=soon", "ttl_days cannot be 'soon'"),
        ("colour=red", "'colour=red' changes nothing"),
        ("near_duplicate=0.1", "near_duplicate 0.1 is out of range"),
        ("ttl_days", "'ttl_days' changes nothing"),
        ("only_trusted=maybe", "Give true or false"),
    ):
        refused = nodeloom("memory", "policy", "notes", change)
        assert (refused.returncode, words in refused.stderr) == (2, True), refused.stderr
    assert "no memory space 'x'" in nodeloom("memory", "policy", "x").stderr


def test_rebuild_says_how_many(nodeloom: Command, home: Path) -> None:
    """The index is made anew; an unknown space is said."""
    fill(home)
    assert "holds 2 records" in nodeloom("memory", "rebuild", "notes").stderr
    assert nodeloom("memory", "rebuild", "x").returncode == 2
