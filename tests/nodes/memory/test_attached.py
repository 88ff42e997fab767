"""nodes.memory.attached"""

import asyncio

from nodes.memory.attached import alike, evened, same_text
from tests.fakes import ListMemory
from tests.nodes.memory.spaces import put


def test_an_empty_query_is_like_nothing():
    """Nothing is searched for."""
    memory = ListMemory()
    assert asyncio.run(alike(memory, " ", top_k=3, kinds=())) == []
    assert memory.searches == []


def test_equal_texts_are_found_whatever_their_spaces_and_case():
    """Only of the kind that is asked for."""
    memory = ListMemory()
    id = put(memory, "Ann leads", kind="entity", data={"facts": []})
    found = asyncio.run(same_text(memory, " ann  LEADS", kind="entity"))
    assert found is not None and found.id == id
    assert asyncio.run(same_text(memory, "Ann leads", kind="fact")) is None
    assert asyncio.run(same_text(memory, "Ann", kind="entity")) is None
    assert evened(" A  b\n") == "a b"


def test_records_that_carry_nothing_are_passed_over():
    """A record that a person gave the kind of a case is no case; other kinds need carry nothing."""
    memory = ListMemory()
    put(memory, "sort numbers", kind="case")
    put(memory, "sort words", kind="lesson")
    found = asyncio.run(alike(memory, "sort", top_k=3, kinds=("case", "lesson")))
    assert [hit.text for hit in found] == ["sort words"]
