"""tools.create_tool and tool.kept: a tool is made, tested, kept and used again"""

import asyncio
from typing import Any

import pytest

from nodes.contract import AnswerError, NodeError, Route, ToolResult
from nodes.tools.create_tool import create_tool
from nodes.tools.kept import kept, make_kept
from nodes.tools.snippet_tool import kept_tools, parameters_of
from tests.fakes import FakeContext, FakeServices, ListMemory, ScriptedModel, run_node

DESIGN = {
    "name": "vowel_count",
    "description": "Counts the vowels of a text.",
    "tests": ['assert vowel_count("banana") == 3', 'assert vowel_count("sky") == 0', "it should work"],
}
GOOD = """```python
def vowel_count(text: str, extra: str = '') -> int:
    return sum(c in 'aeiou' + extra for c in text)
```"""
WRONG = "```python\ndef vowel_count(text):\n    return 3\n```"


def make(model: ScriptedModel, memory: ListMemory, tests: Any = None, **config: Any) -> tuple[Route, FakeContext]:
    ctx = FakeContext(model, memory=memory)
    inputs = {"need": "count vowels"} | ({} if tests is None else {"tests": tests})
    return run_node(create_tool, inputs, ctx, **config), ctx


def use(memory: ListMemory, name: str = "", arguments: dict[str, Any] | None = None, **config: Any) -> ToolResult:
    tool = make_kept(kept.config.model_validate(config), FakeServices(memory=memory))
    return asyncio.run(tool.call({"name": name, "arguments": arguments or {}}))


def test_a_tool_that_passes_is_kept_and_used():
    """From a need to a tested tool that an agent can list and call."""
    memory = ListMemory()
    route, ctx = make(ScriptedModel(DESIGN, GOOD), memory)
    assert (route.outcome, route.outputs["passed"], route.outputs["failures"]) == ("kept", 2, [])
    (record,) = memory.hits.values()
    assert (record.kind, record.text, record.trusted) == ("tool", "vowel_count: Counts the vowels of a text.", True)
    assert use(memory).text == "vowel_count(text: str, extra: str = ...) - Counts the vowels of a text."
    assert use(memory, "vowel_count", {"text": "banana", "extra": "n"}).data == 5
    assert ctx.views[-1]["versions"][0]["score"] == 1


def test_a_failing_tool_is_mended():
    """A function that fails is written again, told the test and its error; the versions are shown."""
    model = ScriptedModel(DESIGN, WRONG, GOOD)
    route, ctx = make(model, ListMemory())
    assert route.outcome == "kept"
    assert 'assert vowel_count("sky") == 0 -> AssertionError' in model.calls[2].text
    assert [each["score"] for each in ctx.views[-1]["versions"]] == [0.5, 1]


def test_what_never_passes_is_not_kept():
    """After the last attempt the node ends with failed, the best function in hand, and nothing kept."""
    memory = ListMemory()
    route, _ = make(ScriptedModel(DESIGN, WRONG, "no code at all"), memory, max_attempts=2)
    assert (route.outcome, route.outputs["passed"], memory.hits) == ("failed", 1, {})
    assert "return 3" in route.outputs["code"]


def test_hostile_tools_end_in_their_limit():
    """A function that never ends, or reaches outside, fails its tests and harms nobody."""
    endless = "```python\ndef vowel_count(text):\n    while True: pass\n```"
    thief = "```python\ndef vowel_count(text):\n    return len(open('/etc/passwd').read())\n```"
    route, _ = make(ScriptedModel(DESIGN, endless, thief), ListMemory(), max_attempts=2, seconds=0.3)
    assert route.outcome == "failed"
    first, _ = make(ScriptedModel(DESIGN, endless), ListMemory(), max_attempts=1, seconds=0.3)
    assert "took longer than 0.3 s" in first.outputs["failures"][0]


def test_a_kept_tool_only_gets_better():
    """A tool of the same name must also pass the tests of the one before; else that one stays."""
    memory = ListMemory()
    make(ScriptedModel(DESIGN, GOOD), memory)
    lax = {**DESIGN, "tests": ['assert vowel_count("aaa") == 3']}
    route, _ = make(ScriptedModel(lax, WRONG), memory, max_attempts=1)
    assert route.outcome == "failed"
    assert use(memory, "vowel_count", {"text": "sky"}).data == 0
    better = GOOD.replace("'aeiou'", "'aeiouAEIOU'")
    route, _ = make(ScriptedModel(lax, better), memory)
    assert route.outcome == "kept" and len(memory.hits) == 1
    assert use(memory, "vowel_count", {"text": "AEI"}).data == 3
    (record,) = memory.hits.values()
    assert record.data["tests"] == [*DESIGN["tests"][:2], lax["tests"][0]]


def test_tests_of_the_user_count():
    """Tests handed in are run too, and refused where they cannot fail."""
    route, _ = make(ScriptedModel(DESIGN, GOOD), ListMemory(), tests='assert vowel_count("AEI") == 3\n', max_attempts=1)
    assert route.outcome == "failed" and 'assert vowel_count("AEI") == 3' in route.outputs["failures"][0]
    with pytest.raises(NodeError, match="'it works' is no test"):
        make(ScriptedModel(DESIGN), ListMemory(), tests=["it works"])


def test_a_tool_without_tests_is_not_kept():
    """A model that writes no test of its tool is asked once more, then the node fails."""
    untested = {**DESIGN, "tests": ["assert True", "works"]}
    with pytest.raises(AnswerError, match="no test is one line like: assert vowel_count"):
        make(ScriptedModel(untested, untested), ListMemory())


def test_approval_comes_first_where_wanted():
    """A tool that waits for approval is kept but not offered."""
    memory = ListMemory()
    make(ScriptedModel(DESIGN, GOOD), memory, approve=True)
    assert use(memory).text == "No tool has been kept yet."
    assert use(memory, "vowel_count", {"text": "a"}, only_trusted=False).data == 1


def test_need_and_memory_are_needed():
    """Without a need or a memory it fails before the model is asked."""
    with pytest.raises(NodeError, match="no memory to keep the tool in"):
        run_node(create_tool, {"need": "x"}, FakeContext())
    with pytest.raises(NodeError, match="The need is empty"):
        run_node(create_tool, {"need": " "}, FakeContext(memory=ListMemory()))
    with pytest.raises(NodeError, match="have no memory space"):
        make_kept(kept.config(), FakeServices())


def test_what_is_wrong_with_a_call_is_said():
    """Unknown tools, wrong arguments and errors inside are failures in words."""
    memory = ListMemory()
    make(ScriptedModel(DESIGN, GOOD), memory)
    assert "did you mean 'vowel_count'?" in use(memory, "vowels_count").text
    assert "call without a name to list them" in use(memory, "zzz").text
    assert "'text' is missing" in use(memory, "vowel_count").text
    boom = {"name": "boom", "code": "def boom(n):\n    return 1 / n", "parameters": {"properties": {"n": {}}}}
    asyncio.run(memory.add("boom: x", kind="tool", data=boom))
    assert use(memory, "boom", {"n": 0}).text == "boom: ZeroDivisionError: division by zero"
    assert use(memory, "boom", {"n": 2}).text == "0.5"


def test_records_that_hold_no_tool_are_passed_over():
    """A record of the kind with other data, or an older one of the same name, is not offered."""
    memory = ListMemory()

    async def keep() -> list[str]:
        for text, name in (("a", "f"), ("b", "not a name"), ("c", "f")):
            data = {"name": name, "code": f"def f(): return {text!r}", "parameters": {}}
            await memory.add(text, kind="tool", data=data)
        await memory.add("d", kind="tool", data={"name": "g"})
        return [tool.code for tool in await kept_tools(memory, only_trusted=True)]

    assert asyncio.run(keep()) == ["def f(): return 'c'"]


def test_parameters_are_read_from_the_function():
    """Types and required arguments come from the signature; what is not known is left open."""
    code = "def f(a: int, b: list[str], c, d: dict = {}, *, e: bool, g: 'x' = 1): pass"
    assert parameters_of(code, "f") == {
        "type": "object",
        "properties": {
            "a": {"type": "integer"}, "b": {"type": "array"}, "c": {}, "d": {"type": "object"},
            "e": {"type": "boolean"}, "g": {},
        },
        "required": ["a", "b", "c", "e"],
    }  # fmt: skip
    assert parameters_of("def f(: pass", "f") is None
    assert parameters_of("x = 1", "f") is None
