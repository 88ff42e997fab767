"""Keyword match."""

import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import memory_keywords, memory_rows
from store.database import Database
from store.memories import Memories


def match(database: Database, space_id: int, query: str) -> dict[str, float]:
    """Text -> keyword match."""
    with memory_rows.reading(database) as connection:
        records = connection.execute("SELECT number, text FROM memory WHERE space_id = ?", (space_id,)).fetchall()
        found = memory_keywords.matches(connection, memory_keywords.Rows(), space_id, len(records), query)
    texts = {row[0]: row[1] for row in records}
    return {texts[number]: share for number, share in zip(found.numbers, found.shares, strict=True)}


def test_rare_words_count_more(database: Database, memories: Memories) -> None:
    """All words found is 1; a rare word weighs more than a common one; other records have none."""
    for text in ("the price of a bolt", "the price of silk", "the price of tea", "a walk in rain"):
        memories.add("s", text)
    found = match(database, 1, "bolt price")
    assert found["the price of a bolt"] == 1.0
    assert 0 < found["the price of silk"] == found["the price of tea"] < 0.5
    assert "a walk in rain" not in found


def test_words_are_stemmed_and_accents_do_not_matter(database: Database, memories: Memories) -> None:
    """Plural and singular, capitals and accents meet."""
    memories.add("s", "Les élèves running")
    assert match(database, 1, "ELEVES")["Les élèves running"] == 1.0
    assert match(database, 1, "run")["Les élèves running"] == 1.0


def test_words_nobody_has_do_not_lower_the_match(database: Database, memories: Memories) -> None:
    """Only words that some record holds are weighed."""
    memories.add("s", "copper wire")
    assert match(database, 1, "zirconium copper") == {"copper wire": 1.0}
    assert match(database, 1, "zirconium") == {}
    assert match(database, 1, "?!") == {}


def test_other_spaces_are_not_seen(database: Database, memories: Memories) -> None:
    """Neither records nor word counts of another space come in, also for spaces with like numbers."""
    for number in range(12):
        memories.add(f"space{number}", f"shared word in {number}")
    assert list(match(database, 1, "shared")) == ["shared word in 0"]
    assert list(match(database, 11, "shared word s1")) == ["shared word in 10"]


def test_index_follows_changes(database: Database, memories: Memories) -> None:
    """A changed text is found by its new words only; a forgotten one by none."""
    id = memories.add("s", "old apple")
    memories.update(id, text="new pear")
    assert match(database, 1, "apple") == {}
    assert list(match(database, 1, "pear")) == ["new pear"]
    memories.forget(id)
    assert match(database, 1, "pear") == {}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_any_query_is_safe(database: Database, query: str) -> None:
    """No query is read as FTS5's language; every match is above 0 and at most 1."""
    assert all(0 < share <= 1 and math.isfinite(share) for share in match(database, 1, query).values())
