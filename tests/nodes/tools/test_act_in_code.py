"""tools.act_in_code: programs are run, their output looked at, and the answer found"""

from typing import Any

import pytest

from nodes.contract import NodeError, ToolResult
from nodes.tools.act_in_code import act_in_code
from nodes.tools.as_functions import named, signatures
from tests.fakes import FakeContext, FakeTool, ScriptedModel, run_node

SCHEMA = {
    "type": "object",
    "properties": {"limit": {"type": "integer", "default": 3}, "query": {"type": "string"}},
    "required": ["query"],
}


def fence(code: str) -> str:
    return f"Let me compute.\n```python\n{code}\n```\nOutput: 999 (made up)"


def act(ctx: FakeContext, **config: Any) -> dict[str, Any]:
    return run_node(act_in_code, {"task": "Add the first ten squares"}, ctx, **config)


def test_a_program_gives_the_answer():
    """One program that calls final_answer ends the work with the value it computed."""
    ctx = FakeContext(ScriptedModel(fence("final_answer(sum(n * n for n in range(1, 11)))")))
    outputs = act(ctx)
    assert (outputs["answer"], outputs["value"]) == ("385", 385)
    assert outputs["code"] == "final_answer(sum(n * n for n in range(1, 11)))"
    assert "made up" not in outputs["messages"][-1]["content"]
    assert ctx.views[-1]["messages"][0]["speaker"] == "model"


def test_output_is_observed_and_names_live_on():
    """The model sees what its program printed, writes the next with the same names, and answers in words."""
    model = ScriptedModel(fence("x = 6 * 7\nprint(x)"), fence("x + 1"), "It is 43.")
    outputs = act(FakeContext(model))
    assert outputs["answer"] == outputs["value"] == "It is 43."
    assert "Output:\n42\n" in model.calls[1].text
    assert "Output:\n43\n" in model.calls[2].text


def test_one_program_works_several_tools():
    """The attached tools are functions: one program calls one for each item and combines what comes back."""
    prices = {"apple": 3, "pear": 4}
    tool = FakeTool("price-of", lambda given: ToolResult("text", prices[given["query"]]), "price of a fruit", SCHEMA)
    model = ScriptedModel(fence("final_answer(price_of('apple') + price_of(query='pear', limit=1))"))
    ctx = FakeContext(model, tools=[tool])
    assert act(ctx)["value"] == 7
    assert [call[1] for call in ctx.tool_calls] == [{"query": "apple"}, {"query": "pear", "limit": 1}]
    assert "price_of(query: str, limit: int = 3) - price of a fruit" in model.calls[0].text


def test_a_mistake_is_told_and_mended():
    """A program that fails is told its error and line, and the next one counts."""
    model = ScriptedModel(fence("x = 1\ny = x / 0"), fence("final_answer(x)"))
    assert act(FakeContext(model))["value"] == 1
    assert "Error on line 2: ZeroDivisionError" in model.calls[1].text


def test_a_failed_tool_is_an_error_in_the_program():
    """What a tool refuses can be caught by the program, or is told to the model."""
    tool = FakeTool("search", ToolResult("no such page", failed=True), parameters=SCHEMA)
    model = ScriptedModel(
        fence("search('a')"), fence("search(1, 2, 3)"),
        fence("try:\n    search('a')\nexcept RuntimeError as e:\n    final_answer(str(e))"),
    )  # fmt: skip
    assert act(FakeContext(model, tools=[tool]))["value"] == "no such page"
    assert "RuntimeError: no such page" in model.calls[1].text
    assert "search() takes 2 arguments (query, limit), not 3" in model.calls[2].text


def test_a_tool_cannot_be_played_by_the_program():
    """A function of the program's own with a tool's name is refused, and the model writes again and calls the tool."""
    tool = FakeTool("search", ToolResult("Paris"), parameters=SCHEMA)
    model = ScriptedModel(
        fence("def search(query):\n    return 'Lyon'\nfinal_answer(search('capital of France'))"),
        fence("def final_answer(x):\n    print(x)\nfinal_answer('Lyon')"),
        fence("final_answer(search('capital of France'))"),
    )
    ctx = FakeContext(model, tools=[tool])
    assert act(ctx)["answer"] == "Paris"
    assert [call[1] for call in ctx.tool_calls] == [{"query": "capital of France"}]
    assert "Error on line 1: NameError: search is a function you are given" in model.calls[1].text
    assert "NameError: final_answer is a function you are given" in model.calls[2].text


def test_a_limit_is_told_with_what_it_cost():
    """A program stopped at a limit loses the names, and the model is told so."""
    model = ScriptedModel(fence("x = 1\nwhile True: pass"), "I give up.")
    act(FakeContext(model), seconds=0.3)
    assert "took longer than 0.3 s" in model.calls[1].text
    assert "Names from earlier programs are gone." in model.calls[1].text


def test_the_same_program_twice_is_the_end():
    """A model that writes its program again instead of answering is not asked for ever: its output is the answer."""
    program = fence("print(385)")
    model = ScriptedModel(program, program)
    assert act(FakeContext(model))["answer"] == "385"
    assert len(model.calls) == 2


def test_output_can_be_the_answer():
    """Where the settings say so, the first program that prints ends the work."""
    model = ScriptedModel(fence("1 / 0"), fence("x = 385"), fence("print(x)"))
    assert act(FakeContext(model), output_is_answer=True)["answer"] == "385"
    assert "It printed nothing." in model.calls[2].text


def test_turns_are_bounded():
    """After the last turn the last output is the answer; without one the node fails with a word of advice."""
    model = ScriptedModel(fence("print(1)"), fence("print(2)"))
    assert act(FakeContext(model), max_turns=2)["answer"] == "2"
    with pytest.raises(NodeError, match="No answer after 2 turns; the last program: Error on line 1: ZeroDivision"):
        act(FakeContext(ScriptedModel(fence("print(1)"), fence("1 / 0"))), max_turns=2)


def test_answers_need_no_program():
    """A model that knows the answer may say it at once; one that says nothing is asked again."""
    assert act(FakeContext(ScriptedModel("Paris.")))["answer"] == "Paris."
    model = ScriptedModel("  ", "print(5)", fence("final_answer(1, 'a')"))
    assert act(FakeContext(model))["value"] == [1, "a"]
    assert "Write a program in a ```python block" in model.calls[1].text
    assert "Output:\n5" in model.calls[2].text
    assert act(FakeContext(ScriptedModel(fence("final_answer(None)"))))["answer"] == ""


def test_a_task_is_needed():
    """An empty task is refused before the model is asked."""
    with pytest.raises(NodeError, match="The task is empty"):
        run_node(act_in_code, {"task": " "}, FakeContext())


def test_functions_have_names_of_their_own():
    """Tools of the same name are told apart, and names that Python does not allow are mended."""
    tools = [FakeTool("web.fetch"), FakeTool("web.fetch"), FakeTool("x", parameters={})]
    assert list(named(tools)) == ["web_fetch", "web_fetch_2", "x"]
    assert signatures(tools).splitlines()[-1] == "x() - a fake tool"
