"""tools.take_back, and the versions tools.create_tool leaves behind"""

from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.tools.snippet_tool import VERSIONS
from nodes.tools.take_back import take_back
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node
from tests.nodes.tools.test_create_tool import DESIGN, GOOD, make, use


def back(memory: ListMemory | None, name: str = "vowel_count") -> Any:
    return run_node(take_back, {"name": name}, FakeContext(memory=memory))


def test_a_change_that_does_harm_is_undone():
    """The tool is what it was before its last change; taken back once more, the new tool is gone."""
    memory = ListMemory()
    make(ScriptedModel(DESIGN, GOOD), memory)
    worse = {**DESIGN, "description": "Counts in capitals too."}
    make(ScriptedModel(worse, GOOD.replace("'aeiou'", "'aeiouAEIOU'")), memory)
    assert use(memory, "vowel_count", {"text": "AEI"}).data == 3
    restored = back(memory)
    assert (restored.outcome, restored.outputs["left"]) == ("restored", 0)
    assert use(memory, "vowel_count", {"text": "AEI"}).data == 0
    (record,) = memory.hits.values()
    assert record.text == f"vowel_count: {DESIGN['description']}"
    assert back(memory).outcome == "removed" and not memory.hits


def test_only_so_many_versions_are_kept():
    """The oldest goes first."""
    memory = ListMemory()
    for number in range(VERSIONS + 3):
        code = GOOD.replace("sum(", f"{number} * 0 + sum(")
        make(ScriptedModel(DESIGN, code), memory)
    assert back(memory).outputs["left"] == VERSIONS - 1
    (record,) = memory.hits.values()
    assert f"{VERSIONS + 1} * 0" in record.data["code"]


def test_unknown_tools_and_no_memory():
    """A name that is not kept leads on; without a memory there is nothing to take back."""
    assert back(ListMemory()).outcome == "unknown"
    with pytest.raises(NodeError, match="no memory with tools"):
        back(None)
