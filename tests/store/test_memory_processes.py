"""Several processes of one home remember and search together: nothing is lost, twice, or seen by one alone."""

import os
import signal
import subprocess
import threading
import time
from typing import Any

import pytest

from store.errors import StoreError
from store.home import Home
from store.memories import Draft, Memories, SpacePolicy
from tests.store.fakes import child, embed
from tests.store.other_process import OPEN, Other, assert_whole, indexed, owns, texts

WRITER = OPEN + (
    "print('ready', flush=True); sys.stdin.readline()\n"
    "name, count = sys.argv[3], int(sys.argv[4])\n"
    "for n in range(count):\n"
    "    print(memories.add('s', f'{name}{n} common'), flush=True)\n"
    "    if n % 10 == 0: assert memories.search('s', f'{name}{n}', top_k=1)[0].text == f'{name}{n} common'\n"
    "print('done', len(memories.search('s', 'common', top_k=5)), flush=True); sys.stdin.readline()\n"
)
DIES = OPEN + (
    "from store.memory_sync import SyncedIndex\n"
    "memories.search('s', 'red')\n"
    "SyncedIndex.follow = lambda *given: os.kill(os.getpid(), signal.SIGKILL)\n"
    "exec(sys.argv[3])\n"
)


def test_two_processes_find_what_either_wrote(memories: Memories, other: Other) -> None:
    """Both write the same space in turn; each finds the other's record at once, by both kinds of search."""
    for number in range(10):
        memories.add("s", f"mine{number} apple")
        assert other.found(f"mine{number}") == [f"mine{number} apple"]
        other.ask(f"memories.add('s', 'theirs{number} pear')")
        assert texts(memories, f"theirs{number}") == [f"theirs{number} pear"]
    assert owns(memories)
    assert not other.owns()
    assert indexed(memories) == other.ask("memories._index.count(1)") == 20
    assert sorted(texts(memories, "apple pear", 20)) == sorted(other.found("apple pear", 20))


def test_changes_and_removals_are_seen_at_once(memories: Memories, other: Other) -> None:
    """What another process rewrites or forgets is found no more, whichever of the two has the index."""
    ids = memories.add_all("s", [Draft("red apple"), Draft("green pear"), Draft("blue plum")])
    assert other.found("apple") == ["red apple"]
    other.ask(f"memories.update({ids[0]!r}, text='yellow melon').text")
    other.ask(f"memories.forget({ids[1]!r})")
    assert texts(memories, "melon") == ["yellow melon"]
    memories.forget(ids[2])
    assert other.found("plum pear apple", 5) == ["yellow melon"]
    assert indexed(memories) == 1


def test_rows_given_anew_to_another_space_are_noticed(memories: Memories, other: Other) -> None:
    """The words' index does not take a row for one of the space that had it before."""
    memories.add("s", "red apple")
    memories.add("t", "green pear")
    assert other.ask("[hit.text for hit in memories.search('t', 'pear')]") == ["green pear"]
    memories.delete_space("t")
    memories.add("s", "brown pear")
    parts = "[(hit.text, hit.keyword > 0) for hit in memories.search('s', 'pear', top_k=1)]"
    assert other.ask(parts) == [("brown pear", True)]


def test_counts_of_records_never_grow_stale(home: Home, memories: Memories, other: Other) -> None:
    """After writes of either a search scores words as one that counts the space anew."""
    query, scores = (
        "apple note1 word2",
        "[(hit.text, round(hit.keyword, 6)) for hit in memories.search('s', {!r}, top_k=9)]",
    )
    for number in range(6):
        memories.add("s", f"note{number} apple" if number % 2 else f"note{number}")
        other.ask(f"memories.add('s', 'word{number}')")
        fresh = Memories(memories.database, home.memory, embed, embedding_model="words")
        expected = [(hit.text, round(hit.keyword, 6)) for hit in fresh.search("s", query, top_k=9)]
        assert other.ask(scores.format(query)) == expected
        assert [(hit.text, round(hit.keyword, 6)) for hit in memories.search("s", query, top_k=9)] == expected
        fresh.close()


def test_one_process_writes_at_a_time(memories: Memories, other: Other) -> None:
    """While another is between SQL and the index a write waits, and a search does not."""
    memories.add("s", "red apple")
    assert other.ask("memories._index.guard.__enter__() is not None")
    written = threading.Event()
    thread = threading.Thread(target=lambda: (memories.add("s", "green pear"), written.set()))
    thread.start()
    assert texts(memories, "apple") == ["red apple"]
    assert not written.wait(0.5)
    other.ask("memories._index.guard.__exit__(None, None, None)")
    assert written.wait(30)
    thread.join(30)
    assert other.found("pear") == ["green pear"]


def test_the_next_takes_over_when_the_owner_closes(home: Home, memories: Memories, other: Other) -> None:
    """Closing gives the folder over; who closed may come back, and then asks the new owner."""
    memories.add("s", "red apple")
    assert other.found("apple") == ["red apple"]
    memories.close()
    assert other.found("apple") == ["red apple"]
    assert other.owns()
    assert texts(memories, "apple") == ["red apple"]
    assert not owns(memories)
    other.end()
    assert texts(memories, "apple") == ["red apple"]
    assert owns(memories)
    assert_whole(home, memories)
    assert not list(home.memory.glob("index.*"))


def test_the_owners_death_is_not_noticed(home: Home, memories: Memories, other: Other) -> None:
    """After kill -9 of the owner the next search or write is answered all the same."""
    other.ask("memories.add('s', 'red apple')")
    assert other.owns()
    assert texts(memories, "apple") == ["red apple"]
    other.kill()
    memories.add("s", "green pear")
    assert sorted(texts(memories, "apple pear", 5)) == ["green pear", "red apple"]
    assert owns(memories)
    assert_whole(home, memories)


@pytest.mark.parametrize("dies_as_owner", [True, False])
@pytest.mark.parametrize("last", ["add('s', 'green pear')", "forget(memories.records('s')[0].id)"])
def test_a_write_that_died_before_the_index_is_mended(
    home: Home, memories: Memories, dies_as_owner: bool, last: str
) -> None:
    """A process killed after SQL took its write and before the index did: the others finish it."""
    memories.add_all("s", [Draft("red apple"), Draft("red melon"), Draft("red cherry")])
    if dies_as_owner:
        memories.close()
    else:
        assert texts(memories, "apple") == ["red apple"]
    died = child(DIES, home.database, home.memory, f"memories.{last}")
    died.communicate()
    assert died.returncode == -signal.SIGKILL
    left = {record.text for record in memories.records("s")}
    assert len(left) == (4 if "add" in last else 2)
    assert set(texts(memories, "red green", 9)) == left
    assert indexed(memories) >= len(left)  # the search has indexed what was not; what is gone may wait
    memories.add("s", "blue plum")
    assert indexed(memories) == len(left) + 1
    assert_whole(home, memories)


def test_killed_while_writing_loses_nothing_that_others_need(home: Home, memories: Memories) -> None:
    """The owner and another write; the owner dies in the middle: the other goes on, every id given is there."""
    owner, second = _writers(home, ["a", "b"], 60)
    assert _lines(owner, 1) + _lines(second, 1) == ["ready"] * 2
    _begin(owner)
    given = _lines(owner, 15)
    _begin(second)
    given += _lines(second, 10)
    os.kill(owner.pid, signal.SIGKILL)
    rest, _ = second.communicate("\n\n", timeout=60)
    owner_rest, _ = owner.communicate()
    given += [line for line in (rest + owner_rest).splitlines() if len(line) == 32]
    assert "done 5" in rest
    assert second.returncode == 0
    known = {record.id for record in memories.records("s", limit=1_000)}
    assert set(given) <= known
    assert len(given) >= 75
    for name, number in (("a", 0), ("b", 59)):
        assert texts(memories, f"{name}{number}") == [f"{name}{number} common"]
    assert_whole(home, memories)


def test_four_processes_write_two_hundred_each(home: Home, memories: Memories) -> None:
    """Eight hundred records, each found by its writer on the way, all there once in the end; none starves."""
    writers = _writers(home, list("abcd"), 200)
    for writer in writers:
        assert _lines(writer, 1) == ["ready"]
    began = time.monotonic()
    for writer in writers:
        _begin(writer)
    ids = [line for writer in writers for line in _lines(writer, 200)]
    last = [_lines(writer, 1) for writer in writers]
    took = time.monotonic() - began
    for writer in writers:
        writer.communicate("\n", timeout=30)
    assert last == [["done 5"]] * 4
    assert [writer.returncode for writer in writers] == [0] * 4
    assert len(set(ids)) == 800
    assert took < 60, f"{took:.1f} s"  # 21 to 24 with nine processes waiting: a bound on starving, not on speed
    assert memories.spaces()[0].records == 800
    assert_whole(home, memories)


def test_policies_hold_across_processes(home: Home, memories: Memories, other: Other) -> None:
    """The limit, near-duplicates and ends count what every process wrote."""
    memories.create_space("s")
    memories.set_policy("s", SpacePolicy(max_records=4, near_duplicate=0.95))
    for number in range(4):
        memories.add("s", f"mine{number}", importance=3)
        other.ask(f"memories.add('s', 'theirs{number}', importance=7)")
    assert {record.text for record in memories.records("s")} == {f"theirs{number}" for number in range(4)}
    assert indexed(memories) == 4
    kept = other.ask("memories.add('s', 'theirs1  theirs1', importance=2)")
    near = memories.record(kept)
    assert (near.text, near.importance) == ("theirs1  theirs1", 7)
    assert len(memories.records("s")) == 4
    other.ask("memories.add('s', 'short lived', importance=10, ttl_days=1e-9)")
    assert "short lived" not in texts(memories, "short lived", 9)
    assert indexed(memories) == 3
    assert_whole(home, memories)


def test_a_rebuild_by_another_is_waited_for(memories: Memories, other: Other) -> None:
    """A search during another process's rebuild sees the whole space, not the part that is done."""
    memories.add_all("s", [Draft(f"word{number} apple") for number in range(1_200)])
    other.found("apple")
    other.tell("memories.rebuild('s')")
    for number in range(0, 1_200, 40):
        assert texts(memories, f"word{number}") == [f"word{number} apple"]
        assert len(texts(memories, "apple", 30)) == 30
    assert other.answer() == 1_200


def test_errors_of_the_owner_arrive_as_themselves(memories: Memories, other: Other) -> None:
    """A fault of the index reaches the other process with what, where and how to mend it, and its own class."""
    memories.add("s", "red apple")
    fault = (
        "next((type(e).__name__, e.what[:25], bool(e.where), 'Rebuild' in e.mend) "
        "for e in [__import__('tests.store.test_memory_processes', fromlist=['x']).raised("
        "lambda: memories._index._index.call('upsert', 1, [('x', b'1234')]))])"
    )
    assert other.ask(fault) == ("IndexFault", "The memory index failed: ", True, True)
    assert other.found("apple") == ["red apple"]


def raised(action: Any) -> StoreError:
    """The error that ``action`` raises."""
    with pytest.raises(StoreError) as caught:
        action()
    return caught.value


def _writers(home: Home, names: list[str], count: int) -> list["subprocess.Popen[str]"]:
    return [child(WRITER, home.database, home.memory, name, count, stdin=subprocess.PIPE) for name in names]


def _begin(writer: "subprocess.Popen[str]") -> None:
    assert writer.stdin is not None
    writer.stdin.write("\n")
    writer.stdin.flush()


def _lines(writer: "subprocess.Popen[str]", count: int) -> list[str]:
    assert writer.stdout is not None
    return [writer.stdout.readline().rstrip("\n") for _ in range(count)]
