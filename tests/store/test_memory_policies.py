"""Layers, trust, ends, near-duplicates and limits: what a space's policy and a record's fields do."""

import asyncio
import time
from dataclasses import replace

import pytest

from store.database import Database
from store.errors import NotFound, StoreError
from store.memories import Draft, Listing, Memories, SpacePolicy
from store.memory_scoring import Weights

DAY = 86_400.0
RECENT = Weights(similarity=0, recency=1, importance=0, keyword=0)


def age(database: Database, days: float) -> None:
    """Make every record that many days older."""
    with database.connection() as connection:
        connection.exec_driver_sql("UPDATE memory SET updated_at = updated_at - ?", (days * DAY,))


def test_layers_fade_at_their_own_half_life(memories: Memories, database: Database) -> None:
    """Only the layers named are found, each scored by its own half-life."""
    memories.add_all(
        "s", [Draft("apple one", layer="daily"), Draft("apple two", layer="lasting"), Draft("apple three")]
    )
    age(database, 10)
    hits = memories.search("s", "apple", weights=RECENT, layers={"daily": 5.0, "lasting": 10.0})
    assert {hit.layer: round(hit.recency, 3) for hit in hits} == {"lasting": 0.5, "daily": 0.25}
    with pytest.raises(StoreError, match="half-life of 0 days"):
        memories.search("s", "apple", layers={"daily": 0.0})


def test_only_trusted_records_are_found_when_asked_or_when_the_policy_says(memories: Memories) -> None:
    """The caller can narrow to trusted records, and the space can for every caller."""
    memories.add_all("s", [Draft("apple good"), Draft("apple strange", trusted=False)])
    assert len(memories.search("s", "apple")) == 2
    assert [hit.text for hit in memories.search("s", "apple", only_trusted=True)] == ["apple good"]
    memories.set_policy("s", SpacePolicy(only_trusted=True))
    assert [hit.text for hit in memories.search("s", "apple")] == ["apple good"]
    memories.update(memories.records("s", trusted=False)[0].id, trusted=True)
    assert len(memories.search("s", "apple")) == 2


def test_expired_records_are_never_found_and_are_swept(memories: Memories, database: Database) -> None:
    """From its end on a record is in no answer, and the next search removes it from SQL and the index."""
    kept = memories.add("s", "apple kept")
    gone = memories.add("s", "apple brief", ttl_days=1)
    assert memories.record(gone).expires_at == pytest.approx(time.time() + DAY, abs=5)
    with database.connection() as connection:
        connection.exec_driver_sql("UPDATE memory SET expires_at = ? WHERE id = ?", (time.time() - 1, gone))
    assert [record.id for record in memories.records("s")] == [kept]
    assert memories.spaces()[0].records == 1
    with pytest.raises(NotFound, match="no memory record"):
        memories.record(gone)
    assert [hit.id for hit in memories.search("s", "apple")] == [kept]
    with database.session() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM memory").scalar() == 1
    assert memories._index.count(1) == 1  # pyright: ignore[reportPrivateUsage]


def test_policy_gives_records_an_end_where_they_have_none(memories: Memories) -> None:
    """The space's time to live counts for records without one; written again, it starts anew."""
    memories.create_space("s")
    memories.set_policy("s", SpacePolicy(ttl_days=2))
    by_policy, own = memories.add("s", "apple"), memories.add("s", "pear", ttl_days=30)
    ends = [memories.record(id).expires_at or 0 for id in (by_policy, own)]
    assert ends == [pytest.approx(time.time() + days * DAY, abs=5) for days in (2, 30)]


@pytest.mark.parametrize("threshold", [None, 0.9])
def test_near_duplicate_takes_the_old_ones_place_only_where_asked(memories: Memories, threshold: float | None) -> None:
    """With a threshold a text that says the same keeps the record's id and its higher importance; else both stay."""
    memories.create_space("s")
    memories.set_policy("s", SpacePolicy(near_duplicate=threshold))
    old = memories.add("s", "the red apple is on the table", importance=9)
    new = memories.add("s", "the red apple is on the table today", importance=3)
    other = memories.add("s", "the red apple is on the table now", kind="other")
    stranger = memories.add("s", "the red apple is on the table again", trusted=False)
    assert (new == old) == (threshold is not None)
    assert other not in (old, new)
    assert stranger not in (old, new), "what is not trusted must not replace what is"
    if threshold:
        record = memories.record(old)
        assert (record.text, record.importance) == ("the red apple is on the table today", 9)


def test_near_duplicates_within_one_batch_become_one(memories: Memories) -> None:
    """The index does not hold a batch yet while it is written; its own records are compared all the same."""
    memories.create_space("s")
    memories.set_policy("s", SpacePolicy(near_duplicate=0.9))
    ids = memories.add_all("s", [Draft("a long text about red apples here"), Draft("a long text about red apples")])
    assert ids[0] == ids[1]
    assert [record.text for record in memories.records("s")] == ["a long text about red apples"]


def test_limit_forgets_the_least_important_and_of_these_the_oldest(memories: Memories) -> None:
    """A record just written stays, however unimportant; a lower limit holds at once."""
    memories.create_space("s")
    memories.set_policy("s", SpacePolicy(max_records=3))
    for text, importance in (("vital", 9), ("old trifle", 2), ("new trifle", 2), ("newest", 1)):
        memories.add("s", text, importance=importance)
    assert {record.text for record in memories.records("s")} == {"vital", "new trifle", "newest"}
    memories.set_policy("s", SpacePolicy(max_records=1))
    assert [record.text for record in memories.records("s")] == ["vital"]
    assert [hit.text for hit in memories.search("s", "newest trifle")] == ["vital"]


def test_search_takes_from_the_policy_what_it_is_not_given(memories: Memories, database: Database) -> None:
    """Weights and half-life of the space count; those of the caller go before."""
    memories.add("s", "apple")
    age(database, 4)
    memories.set_policy("s", SpacePolicy(weights=RECENT, half_life_days=4))
    assert memories.search("s", "apple")[0].score == pytest.approx(0.5, abs=1e-3)
    assert memories.search("s", "apple", half_life_days=2)[0].score == pytest.approx(0.25, abs=1e-3)
    assert memories.search("s", "apple", weights=replace(RECENT, recency=0, importance=1))[0].score == 0.5


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (SpacePolicy(half_life_days=0), "half_life_days 0 is out of range"),
        (SpacePolicy(ttl_days=-1), "ttl_days -1 is out of range"),
        (SpacePolicy(near_duplicate=0.2), "near_duplicate 0.2 is out of range"),
        (SpacePolicy(max_records=0), "max_records 0 is out of range"),
        (SpacePolicy(weights=Weights(0, 0, 0, 0)), "cannot rank"),
    ],
)
def test_policies_that_cannot_be_are_refused(memories: Memories, policy: SpacePolicy, message: str) -> None:
    """The error names the field and its value, and the policy stays as it was."""
    memories.create_space("s")
    with pytest.raises(StoreError, match=message):
        memories.set_policy("s", policy)
    assert memories.policy("s") == SpacePolicy()
    with pytest.raises(NotFound, match="no memory space 'x'"):
        memories.set_policy("x", SpacePolicy())


def test_narrow_search_finds_the_nearest_that_pass(memories: Memories) -> None:
    """A kind that none of the nearest records has is found all the same: by vectors, without the index."""
    memories.add_all("s", [Draft(f"apple apple apple {number}") for number in range(60)])
    memories.add_all("s", [Draft(f"apple and pear {number}", kind="rare") for number in range(3)])
    assert {hit.kind for hit in memories.search("s", "apple apple apple", kinds=["rare"], top_k=3)} == {"rare"}
    assert len(memories.search("s", "apple apple apple", kinds=["rare"], top_k=9)) == 3


def test_wide_filters_ask_the_index_for_more(memories: Memories, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too many records pass to go through, the index's further neighbours are taken; all, where that fails."""
    monkeypatch.setattr("store.memory_candidates._EXACT", 10)
    memories.add_all("s", [Draft(f"apple apple {number}") for number in range(150)])
    memories.add_all("s", [Draft(f"pear number {number} apple", kind="far") for number in range(30)])
    exact = {hit.id for hit in memories.search("s", "apple", kinds=["far"], top_k=30)}
    assert len(exact) == 30
    monkeypatch.setattr("store.memory_candidates._WIDEST", 1)
    assert {hit.id for hit in memories.search("s", "apple", kinds=["far"], top_k=30)} == exact


def test_space_of_a_node_has_the_whole_protocol(memories: Memories) -> None:
    """A node adds with data, layer, trust and an end, lists, reads, changes and forgets, in its own space only."""

    async def use() -> None:
        space, other = memories.space("s", source={"run": "r"}), memories.space("other")
        assert await space.records() == []
        id = await space.add("apple", kind="skill", data={"code": "1 + 1"}, layer="daily", trusted=False, ttl_days=3)
        foreign = await other.add("pear")
        found = await space.get(id)
        assert found is not None
        assert (found.data, found.layer, found.trusted, found.score, found.rated) == (
            {"code": "1 + 1"},
            "daily",
            False,
            0,
            5,
        )
        assert await space.get(foreign) is None
        await space.update(id, importance=8, data={"reward": 1}, layer="lasting", trusted=True)
        (hit,) = await space.search(
            "apple", top_k=3, weights=Weights(), half_life_days=7,
            kinds=["skill"], layers={"lasting": 9}, only_trusted=True,
        )  # fmt: skip
        assert (hit.data, hit.rated, hit.layer, hit.uses, hit.used_at) == ({"reward": 1}, 8, "lasting", 0, None)
        again = await space.get(id)
        assert again is not None
        assert again.uses == 1
        assert [one.id for one in await space.records(kinds=["skill"], layer="lasting", limit=1)] == [id]
        assert await space.records(layer="daily") == []
        with pytest.raises(NotFound, match="no record"):
            await space.update(foreign, importance=1)
        assert await space.forget([id, foreign, "nobody"]) == 1
        assert await other.get(foreign) is not None

    asyncio.run(use())


def test_rating_and_approval_do_not_make_a_memory_younger(memories: Memories, database: Database) -> None:
    """Its age counts from when its text or data were written."""
    id = memories.add("s", "apple")
    age(database, 3)
    before = memories.record(id).updated_at
    memories.update(id, importance=9, trusted=False, layer="daily")
    assert memories.record(id).updated_at == before
    memories.update(id, data={"reward": 1})
    assert memories.record(id).updated_at > before


def test_forgotten_row_numbers_are_not_mixed_up(memories: Memories) -> None:
    """A row number that another space's record gets is looked up anew: words find records of their own space only."""
    memories.add("a", "apple first")
    last = memories.add("a", "zebra last")
    memories.search("a", "zebra")
    memories.forget(last)
    memories.add("b", "zebra other")
    keyword = Weights(0, 0, 0, 1)
    assert [hit.text for hit in memories.search("b", "zebra", weights=keyword) if hit.keyword] == ["zebra other"]
    assert [hit.text for hit in memories.search("a", "zebra", weights=keyword) if hit.keyword] == []


def test_listing_narrows_by_layer_and_trust(memories: Memories) -> None:
    """Kinds, layer and trust each narrow the list; groups name what there is."""
    memories.add_all("s", [Draft("one", layer="daily"), Draft("two", kind="rule", trusted=False)])
    assert memories.groups("s") == (["note", "rule"], ["", "daily"])
    assert [record.text for record in memories.records("s", layer="daily")] == ["one"]
    assert [record.text for record in memories.records("s", trusted=False)] == ["two"]
    assert memories.hits("s", Listing(kinds=("rule",)))[0].text == "two"
