"""Memory spaces: adding, searching, forgetting, the index that follows, and who may open it."""

import asyncio
import math
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from store.database import Database
from store.errors import NotFound, StoreError
from store.home import Home
from store.memories import Draft, Memories
from store.memory_scoring import PARTS, Hit, Weights
from tests.store.fakes import ROOT, child, embed, lines_until_killed

SIMILAR = Weights(similarity=1, recency=0, importance=0, keyword=0)
FRUIT = ["red apple", "green apple", "yellow banana", "ripe cherry on the tree", "blue sky over the sea"]


AGELESS = Weights(similarity=0.6, recency=0, importance=0.2, keyword=0.2)  # scores that do not change with time


def ranking(hits: Sequence[Hit]) -> list[tuple[str, float]]:
    """Texts and scores."""
    return [(hit.text, round(hit.score, 6)) for hit in hits]


def test_added_text_is_found_with_where_it_came_from(memories: Memories) -> None:
    """A hit has the record's fields and parts that sum to its score."""
    id = memories.add("fruit", "red apple", kind="fact", importance=9, source={"run": "r-1", "node": "remember"})
    memories.add("fruit", "blue sky")
    best = memories.search("fruit", "red apple", top_k=1)[0]
    assert (best.id, best.text, best.kind, best.source) == (id, "red apple", "fact", {"run": "r-1", "node": "remember"})
    assert math.isclose(best.score, best.similarity + best.recency + best.importance + best.keyword)
    assert math.isclose(best.importance, 0.9 * 0.2)
    assert math.isclose(best.keyword, 0.1)


def test_equal_text_updates_its_record(memories: Memories) -> None:
    """Spaces and Unicode form do not make another record; the newer fields count, the first time stays."""
    first = memories.add("s", "a  café\n", importance=2)
    created = memories.record(first).created_at
    assert memories.add("s", "a cafe\u0301", importance=7, source={"run": "2"}) == first
    record = memories.record(first)
    assert (record.importance, record.source, record.created_at) == (7, {"run": "2"}, created)
    assert memories.add("other", "a café") != first
    assert [(space.name, space.records) for space in memories.spaces()] == [("other", 1), ("s", 1)]


def test_recall_counts_as_use_only_when_it_is_one(memories: Memories) -> None:
    """A recalled record knows when and how often; a look at it from the memory page does not count."""
    id = memories.add("s", "red apple")
    memories.search("s", "apple", mark=False)
    assert (memories.record(id).uses, memories.record(id).last_used_at) == (0, None)
    before = time.time()
    memories.search("s", "apple")
    memories.search("s", "apple")
    record = memories.record(id)
    assert record.uses == 2
    assert record.last_used_at is not None
    assert record.last_used_at >= before


def test_weights_change_the_order(memories: Memories, database: Database) -> None:
    """Each part alone puts its own record first."""
    for draft in (
        Draft("apple apple apple pie", importance=1),
        Draft("vital secret", importance=10),
        Draft("fresh news", importance=1),
        Draft("apple tart recipe with zest and much else besides", importance=1),
    ):
        memories.add_all("s", [draft])
    with database.connection() as connection:
        connection.exec_driver_sql("UPDATE memory SET updated_at = updated_at - 864000 WHERE text != 'fresh news'")
    nothing = Weights(similarity=0, recency=0, importance=0, keyword=0)
    orders = {
        part: memories.search("s", "apple zest", weights=replace(nothing, **{part: 1.0}))[0].text for part in PARTS
    }
    assert orders == {
        "similarity": "apple apple apple pie",
        "recency": "fresh news",
        "importance": "vital secret",
        "keyword": "apple tart recipe with zest and much else besides",
    }


def test_keyword_finds_what_the_vectors_miss(memories: Memories) -> None:
    """A record far from the query by meaning is a candidate when it holds the query's rare word."""
    memories.add_all("s", [Draft(f"alpha beta {number}") for number in range(120)])
    memories.add("s", "gamma delta epsilon zeta eta theta QX17 " + "omega " * 40)
    texts = [hit.text for hit in memories.search("s", "alpha beta QX17", top_k=3, weights=Weights(0.2, 0, 0, 0.8))]
    assert "QX17" in texts[0]


def test_kinds_narrow_the_search(memories: Memories) -> None:
    """Only records of the kinds named come back, from both indexes."""
    memories.add_all("s", [Draft(text, kind="fact" if "apple" in text else "note") for text in FRUIT])
    assert {hit.text for hit in memories.search("s", "apple banana", kinds=["note"], top_k=9)} == set(FRUIT[2:])
    assert {hit.text for hit in memories.search("s", "banana", kinds=["fact"], top_k=9)} == set(FRUIT[:2])
    assert memories.search("s", "banana", kinds=["nothing"]) == []


def test_spaces_are_apart(memories: Memories) -> None:
    """A search sees its own space; an unknown one is empty."""
    memories.add("a", "red apple")
    memories.add("b", "red apple pie")
    assert [hit.text for hit in memories.search("a", "apple", top_k=9)] == ["red apple"]
    assert memories.search("never used", "apple") == []


def test_changed_and_forgotten_records(memories: Memories) -> None:
    """An update is found by its new text; a forgotten record not at all."""
    id, other = memories.add_all("s", [Draft("red apple"), Draft("blue sky")])
    changed = memories.update(id, text="yellow banana", importance=8)
    assert (changed.text, changed.importance, changed.kind) == ("yellow banana", 8, "note")
    assert memories.search("s", "yellow banana", top_k=1, weights=SIMILAR)[0].similarity > 0.99
    with pytest.raises(StoreError, match="already holds this text"):
        memories.update(id, text="blue  sky")
    memories.forget(id)
    assert [hit.id for hit in memories.search("s", "yellow banana", top_k=9)] == [other]
    for call in (memories.forget, memories.record, memories.update):
        with pytest.raises(NotFound, match="no memory record"):
            call(id)


def test_records_are_listed_filtered_and_paged(memories: Memories) -> None:
    """The last written first; text and kind narrow the list."""
    memories.add_all("s", [Draft(text, kind="fact" if "apple" in text else "note") for text in FRUIT])
    assert [record.text for record in memories.records("s")] == FRUIT[::-1]
    assert [record.text for record in memories.records("s", limit=2, offset=1)] == FRUIT[3:1:-1]
    assert [record.text for record in memories.records("s", kind="fact")] == ["green apple", "red apple"]
    assert [record.text for record in memories.records("s", q="APPLE")] == ["green apple", "red apple"]
    assert memories.records("s", q="%") == []
    with pytest.raises(NotFound, match="no memory space 'x'"):
        memories.records("x")


def test_deleted_space_is_empty_when_made_again(memories: Memories) -> None:
    """Neither index remembers what a space of the same name held."""
    memories.create_space("s", "what we learned")
    assert memories.spaces()[0].description == "what we learned"
    memories.add("s", "red apple")
    memories.delete_space("s")
    assert memories.spaces() == []
    memories.add("s", "blue sky")
    assert [hit.text for hit in memories.search("s", "red apple", top_k=9)] == ["blue sky"]


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        (Draft(" \n"), "no text to remember"),
        (Draft("x", importance=0), "Importance 0 is out of range"),
        (Draft("x", importance=float("nan")), "out of range"),
        (Draft("x", kind=""), "needs a kind"),
    ],
)
def test_what_cannot_be_a_record_is_refused(memories: Memories, draft: Draft, message: str) -> None:
    """The error shows the value, and nothing of the batch is kept."""
    with pytest.raises(StoreError, match=message):
        memories.add_all("s", [Draft("good"), draft])
    assert memories.spaces() == []


@pytest.mark.parametrize(("query", "top_k"), [("", 4), ("  ", 4), ("x", 0)])
def test_search_for_nothing_is_refused(memories: Memories, query: str, top_k: int) -> None:
    """An empty query or no hits wanted is a mistake, not an empty answer."""
    with pytest.raises(StoreError, match="Cannot search for"):
        memories.search("s", query, top_k=top_k)


def test_nodes_use_a_space_without_holding_up_the_loop(memories: Memories) -> None:
    """The space fits the node contract: async search and add, marked with source and owner."""

    async def use() -> list[Hit]:
        space = memories.space("s", source={"run": "r", "node": "n"}, owner="ada")
        assert space.space == "s"
        await asyncio.gather(*(space.add(text, kind="fact", importance=7) for text in FRUIT))
        return await space.search("apple", top_k=2, weights=Weights(), half_life_days=7, kinds=["fact"])

    hits = asyncio.run(use())
    assert {hit.text for hit in hits} == {"red apple", "green apple"}
    assert hits[0].source == {"run": "r", "node": "n"}
    assert memories.record(hits[0].id).owner == "ada"


def test_threads_add_and_search_at_once(memories: Memories) -> None:
    """Nothing is lost and nothing fails when several threads write and read."""
    failures: list[Exception] = []

    def work(thread: int) -> None:
        try:
            for number in range(8):
                memories.add("s", f"thread {thread} number {number}")
                memories.search("s", f"thread {thread}")
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert memories.spaces()[0].records == 32
    for thread in range(4):
        hits = memories.search("s", f"thread {thread} number 7", top_k=1, weights=SIMILAR)
        assert hits[0].text == f"thread {thread} number 7"


def test_rebuilt_index_gives_the_same_answers(memories: Memories) -> None:
    """After a rebuild every search gives the same records with the same scores."""
    memories.add_all("s", [Draft(f"word{number % 17} thing{number % 23} item{number}") for number in range(300)])
    queries = [f"word{number} thing{number}" for number in range(12)]
    before = [ranking(memories.search("s", query, top_k=8, weights=AGELESS)) for query in queries]
    assert memories.rebuild("s") == 300
    assert [ranking(memories.search("s", query, top_k=8, weights=AGELESS)) for query in queries] == before
    with pytest.raises(NotFound, match="no memory space 'x'"):
        memories.rebuild("x")


def again(home: Home, database: Database, **more: str) -> Memories:
    """The memories of the same home, opened anew."""
    return Memories(database, home.memory, embed, embedding_model=more.get("model", "words"))


def test_lost_index_is_made_again_by_itself(home: Home, database: Database, memories: Memories) -> None:
    """With Chroma's folder gone the next search finds everything again."""
    memories.add_all("s", [Draft(text) for text in FRUIT])
    before = ranking(memories.search("s", "red apple", top_k=5, weights=AGELESS))
    memories.close()
    shutil.rmtree(home.memory)
    code = (
        "import sys; from pathlib import Path; from store.database import Database; from store.memories import *\n"
        "from tests.store.fakes import embed; from tests.store.test_memories import AGELESS, ranking\n"
        "memories = Memories(Database(Path(sys.argv[1])), Path(sys.argv[2]), embed, embedding_model='words')\n"
        "print(ranking(memories.search('s', 'red apple', top_k=5, weights=AGELESS)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, home.database, home.memory], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(before)


@pytest.mark.parametrize("change", ["DELETE FROM memory WHERE text = 'red apple'", "UPDATE memory SET indexed = 0"])
def test_index_that_fell_behind_catches_up(home: Home, database: Database, memories: Memories, change: str) -> None:
    """A write that reached SQL alone (the process died) is noticed when the space is next used."""
    memories.add_all("s", [Draft(text) for text in FRUIT])
    memories.close()
    with sqlite3.connect(home.database) as connection:
        connection.execute(change)
    opened = again(home, database)
    left = {record.text for record in opened.records("s")}
    assert {hit.text for hit in opened.search("s", "red apple", top_k=9)} == left
    assert opened._index.count(1) == len(left)  # pyright: ignore[reportPrivateUsage]
    opened.close()


def test_other_embedding_makes_the_vectors_anew(home: Home, database: Database, memories: Memories) -> None:
    """Where the embedding's name changed, even its length, the space is embedded and indexed again."""
    memories.add_all("s", [Draft(text) for text in FRUIT])
    memories.close()

    def letters(texts: Sequence[str]) -> list[list[float]]:
        return [[float(text.count(letter)) + 0.01 for letter in "abcdefghij"] for text in texts]

    opened = Memories(database, home.memory, letters, embedding_model="letters")
    best = opened.search("s", "banana", top_k=1, weights=SIMILAR)[0]
    assert best.text == "yellow banana"
    opened.close()


REMEMBERER = """
import sys
from pathlib import Path
from store.database import Database
from store.memories import Memories
from tests.store.fakes import embed
memories = Memories(Database(Path(sys.argv[1])), Path(sys.argv[2]), embed, embedding_model="words")
for n in range(100_000):
    print(memories.add("s", f"text{n} of number{n}"), flush=True)
"""


def test_kill_loses_no_acknowledged_memory(home: Home) -> None:
    """A process killed while remembering has lost nothing it gave an id for, and a search finds it."""
    ids = lines_until_killed(child(REMEMBERER, home.database, home.memory), 40)
    database = Database(home.database)
    opened = again(home, database)
    for number, id in enumerate(ids):
        assert opened.record(id).text == f"text{number} of number{number}"
    for number in (0, len(ids) // 2, len(ids) - 1):
        hits = opened.search("s", f"text{number} number{number}", top_k=1)
        assert hits[0].id == ids[number]
    opened.close()


def test_folder_that_cannot_be_made_is_said(database: Database, tmp_path: Path) -> None:
    """A file in the place of the folder gives an error, not a traceback of the library."""
    (tmp_path / "memory").write_text("x")
    with pytest.raises(StoreError, match="memory") as caught:
        Memories(database, tmp_path / "memory", embed).add("s", "x")
    assert caught.value.mend
