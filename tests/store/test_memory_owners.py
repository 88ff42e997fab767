"""Owners and kinds: equal texts of two are two records, and an owner's part of a space is theirs alone."""

import asyncio
import sqlite3
import struct

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from store.database import MIGRATIONS, Database
from store.errors import StoreError
from store.home import Home
from store.memories import Draft, Memories
from store.memory_scoring import Weights
from store.memory_transfer import export, take_in
from tests.store.fakes import embed

WEIGHTS = Weights()
COLUMNS = (
    "id, space_id, text, kind, importance, owner, source, content_hash, created_at, updated_at, uses, vector,"
    " embedding_model, indexed"
)


def test_equal_texts_of_two_kinds_or_owners_are_two(memories: Memories) -> None:
    """A lesson and a note of the same words both stay; the same of one kind and owner is one."""
    ids = [
        memories.add("s", "check the units", kind=kind, owner=owner)
        for kind, owner in (("note", None), ("lesson", None), ("note", "Ann"), ("note", "Ben"))
    ]
    assert len(set(ids)) == 4
    assert memories.add("s", "check  the units\n", kind="lesson", importance=9) == ids[1]
    assert memories.record(ids[1]).importance == 9 and memories.record(ids[0]).importance == 5
    assert len(memories.search("s", "units", top_k=9)) == 4


def test_a_changed_text_or_kind_must_be_free(memories: Memories) -> None:
    """A record cannot become another of its kind and owner; of another it can."""
    first, second = memories.add("s", "one"), memories.add("s", "two")
    with pytest.raises(StoreError, match=f"already holds this text, as record {first}"):
        memories.update(second, text="one")
    memories.update(second, kind="fact")
    memories.update(second, text="one")
    with pytest.raises(StoreError, match="already holds this text"):
        memories.update(second, kind="note")


def test_a_near_duplicate_of_anothers_stays(memories: Memories) -> None:
    """Saying nearly the same replaces one's own words only."""
    memories.create_space("s")
    memories.set_policy("s", memories.policy("s").__class__(near_duplicate=0.9))
    ann = memories.add("s", "the red apple fell from the tree", owner="Ann")
    assert memories.add("s", "the red apple fell from the tree .", owner="Ben") != ann
    assert memories.add("s", "the red apple fell from the tree .", owner="Ann") == ann


def test_an_owner_finds_and_changes_their_own_alone(memories: Memories) -> None:
    """Search, listing, look-up, change and forgetting keep to the owner; without one all is found."""

    async def work() -> None:
        space = memories.space("s", source={"run": "r"})
        ann, ben = space.owned_by("Ann"), space.owned_by(" Ben ")
        mine, other, none = await ann.add("my apple"), await ben.add("his apple"), await space.add("an apple")
        found = {
            name: {hit.id for hit in await each.search("apple", top_k=9, weights=WEIGHTS, half_life_days=9)}
            for name, each in (("Ann", ann), ("Ben", ben), ("all", space))
        }
        assert found == {"Ann": {mine}, "Ben": {other}, "all": {mine, other, none}}
        assert [hit.id for hit in await ann.records()] == [mine] and len(await space.records()) == 3
        assert await ann.get(other) is None and await space.get(other) is not None
        with pytest.raises(StoreError, match="no record"):
            await ann.update(other, text="mine now")
        assert await ann.forget([other, mine]) == 1 and await space.get(other) is not None
        assert memories.record(other).owner == "Ben" and memories.record(other).source == {"run": "r"}

    asyncio.run(work())


def test_a_wide_search_of_an_owner_is_exact(memories: Memories) -> None:
    """Among many of others, the few of one owner are found whatever lies nearer."""
    memories.add_all("s", [Draft(f"apple number {number}", owner="many") for number in range(300)])
    id = memories.add("s", "a pear and an apple far away", owner="Ann")
    assert [hit.id for hit in memories.search("s", "apple number", top_k=3, owner="Ann")] == [id]


@pytest.mark.parametrize("owner", ["", "  ", "x" * 101])
def test_an_owner_has_a_name(memories: Memories, owner: str) -> None:
    """Nobody owns nothing."""
    with pytest.raises(StoreError, match="cannot own memories"):
        memories.space("s").owned_by(owner)


def test_owners_go_along_in_files(memories: Memories) -> None:
    """Equal texts of two owners are exported and imported as two."""
    memories.add_all("s", [Draft("tea", owner="Ann"), Draft("tea", owner="Ben"), Draft("tea", kind="fact")])
    lines = [line.encode() for line in export(memories, "s")]
    assert take_in(memories, "t", "file", lines).added == 3
    assert take_in(memories, "t", "file", lines).known == 3
    assert {record.owner for record in memories.records("t")} == {"Ann", "Ben", None}


def test_records_of_before_keep_their_place(home: Home) -> None:
    """An old database is brought along: equal texts are found again under the new rule, and new ones may be added."""
    vector = struct.pack("<64f", *([0.125] * 64))
    with sqlite3.connect(home.database) as connection:
        _at_version("0005", connection)
        connection.execute("INSERT INTO memory_space (id, name, description, created_at) VALUES (1, 's', '', 1)")
        for number, (text, kind) in enumerate([("red  apple", "note"), ("green apple", "fact")]):
            row = (str(number), 1, text, kind, 5, None, "{}", f"old{number}", 1, 1, 0, vector, "words", 0)
            connection.execute(f"INSERT INTO memory ({COLUMNS}) VALUES ({', '.join('?' * len(row))})", row)
    connection.close()
    database = Database(home.database)
    memories = Memories(database, home.memory, embed, embedding_model="words")
    assert memories.add("s", "red apple") == "0"
    assert memories.add("s", "green apple", kind="fact") == "1"
    assert memories.add("s", "green apple") not in ("0", "1")
    memories.close()
    database.close()


def _at_version(version: str, connection: sqlite3.Connection) -> None:
    """Make the tables as they were at a version."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
    with engine.begin() as opened:
        config.attributes["connection"] = opened
        command.upgrade(config, version)
