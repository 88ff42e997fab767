"""memory.skill_keep and memory.skill_find"""

import pytest

from nodes.contract import NodeError
from nodes.memory.skill_find import skill_find
from nodes.memory.skill_keep import skill_keep
from tests.fakes import FakeContext, ListMemory, run_node

DOUBLE = '```python\ndef double(n):\n    """Double a number."""\n    return n * 2\n```'
TESTS = "assert double(2) == 4\nassert double(0) == 0"


def test_only_what_passes_is_kept():
    """A snippet that passes its tests is a skill; one that fails is rejected with the failing test."""
    memory = ListMemory()
    ctx = FakeContext(memory=memory)
    kept = run_node(skill_keep, {"code": DOUBLE, "tests": TESTS}, ctx)
    assert kept.outcome == "kept" and kept.outputs["name"] == "double"
    wrong = run_node(skill_keep, {"code": "def triple(n):\n    return n + 3", "tests": ["triple(2) == 6"]}, ctx)
    assert wrong.outcome == "rejected"
    assert wrong.outputs["failed"] == ["triple(2) == 6: its last line is False"]
    assert [hit.text for hit in memory.hits.values()] == ["double: Double a number."]
    assert ctx.views[-1]["rows"] == [["triple(2) == 6", False, "its last line is False"]]


def test_a_kept_skill_is_found_and_runs():
    """The code comes back for a like task, together with the library it calls."""
    memory = ListMemory()
    ctx = FakeContext(memory=memory)
    run_node(skill_keep, {"code": DOUBLE, "tests": TESTS}, ctx)
    library = run_node(skill_find, {"task": "Double a number."}, ctx).outputs["code"]
    quadruple = {
        "code": "def quadruple(n):\n    return double(double(n))", "tests": "assert quadruple(2) == 8",
        "description": "Four times a number.", "library": library,
    }  # fmt: skip
    assert run_node(skill_keep, quadruple, ctx).outcome == "kept"
    found = run_node(skill_find, {"task": "Four times a number."}, ctx)
    assert found.outcome == "found"
    assert found.outputs["code"].count("def double") == 1
    assert found.outputs["code"].index("def double") < found.outputs["code"].index("def quadruple")
    assert found.outputs["text"].splitlines()[0] == "- quadruple: Four times a number."


def test_a_new_version_replaces_the_skill_of_its_name():
    """A name is there once, with the code that passed last."""
    memory = ListMemory()
    ctx = FakeContext(memory=memory)
    first = run_node(skill_keep, {"code": DOUBLE, "tests": TESTS}, ctx)
    better = {"code": "def double(n):\n    return n + n", "tests": TESTS, "description": "Twice."}
    second = run_node(skill_keep, better, ctx)
    assert first.outputs["record"] == second.outputs["record"]
    assert memory.hits["m1"].text == "double: Twice." and "n + n" in memory.hits["m1"].data["code"]


def test_code_that_hangs_is_rejected():
    """A snippet that never ends fails its test within its time."""
    result = run_node(
        skill_keep,
        {"code": "def f():\n    while True: pass", "tests": "f()"},
        FakeContext(memory=ListMemory()),
        seconds=1,
    )
    assert result.outcome == "rejected" and "longer than 1 s" in result.outputs["failed"][0]


def test_code_without_a_function_is_a_snippet():
    """It has no name of its own; what cannot be parsed fails its tests."""
    ctx = FakeContext(memory=ListMemory())
    assert run_node(skill_keep, {"code": "x = 2", "tests": "assert x == 2"}, ctx).outputs["name"] == "snippet"
    assert run_node(skill_keep, {"code": "def (", "tests": "assert True"}, ctx).outcome == "rejected"


def test_tests_are_needed():
    """Nothing is kept on trust."""
    with pytest.raises(NodeError, match="There is no test to run"):
        run_node(skill_keep, {"code": DOUBLE, "tests": " "}, FakeContext(memory=ListMemory()))


def test_untrusted_skills_are_not_handed_out():
    """Code from outside stays in the library until it is approved, unless the setting says otherwise."""
    memory = ListMemory()
    ctx = FakeContext(memory=memory)
    run_node(skill_keep, {"code": DOUBLE, "tests": TESTS}, ctx, trusted=False)
    assert run_node(skill_find, {"task": "Double a number."}, ctx).outcome == "none"
    assert run_node(skill_find, {"task": "Double a number."}, ctx, only_trusted=False).outcome == "found"
