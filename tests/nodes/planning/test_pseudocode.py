"""planning.pseudocode"""

import pytest

from nodes.contract import NodeError
from nodes.planning.pseudocode import pseudocode
from nodes.planning.pseudocode_check import read
from nodes.planning.steps import problems_of
from tests.fakes import FakeContext, FakeTool, ScriptedModel, run_node

TOOLS = [FakeTool("search")]
CODE = """
page = search(q="price of the pump")
price: number = ask("Read the price", page)
other = ask("Find a rival", context)
if price > 100:
    price = ask("Take 5 % off", price)
    pass
else:
    note = ask("Say it is cheap")
for offer in other:
    mail = ask(f"Write to {offer}", offer)
return ask("Say what it costs", price)
"""


def test_data_flow_becomes_needs():
    """What reads a value waits for the step that defines it; branches hold their steps."""
    out = run_node(pseudocode, {"goal": "g", "code": CODE}, FakeContext(tools=TOOLS))
    steps = {step["id"]: step for step in out["plan"]["steps"]}
    assert {id: step["needs"] for id, step in steps.items()} == {
        "1": [], "2": ["1"], "3": [], "4": ["2"], "5": ["2", "4"], "6": ["4"], "7": ["6"], "8": ["3"],
        "9": ["8"], "10": ["2", "5"],
    }  # fmt: skip
    assert [steps[id].get("parent") for id in ("4", "5", "7", "9")] == [None, "4", "6", "8"]
    assert (steps["4"]["title"], steps["6"]["title"]) == ("if price > 100", "otherwise, if not: price > 100")
    assert steps["8"]["title"] == "for each offer in other" and steps["2"]["title"].startswith("price: number = ask(")
    assert problems_of(out["plan"]) == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("x = find(q=1)", "line 1: there is no function 'find'; there are: ask, search"),
        ("x = 1\nx = search(query=1)", "line 2: search is written search(q=...)"),
        ("x = search()", "search is written search(q=...)"),
        ("x = search('a')", "search is written search(q=...)"),
        ("ask('a', b)", "'b' is read before it is defined"),
        ("ask(what='a')", "ask is written"),
        ("x: money = ask('a')", "there is no type 'money'; there are: text, number"),
        ("x: text = ask('a')\nif x > 3:\n    ask('b')", "line 2: 'x' is a text, and 'x > 3' needs a number"),
        ("x = ['a']\ny = x + 1", "'x' is a list"),
        ("y = (1 == 1) + 1", "'1 == 1' is a boolean"),
        ("x = not 1\ny = x * 2", "'x' is a boolean"),
        ("x = f'{goal}'\ny = 2 * x", "line 1: 'goal' is read before it is defined"),
        ("y = 2 * 'x'", "is a text, and"),
        ("import os", "'import os' is not allowed here"),
        ("x = [y for y in context]", "is not allowed"),
        ("context.read()", "is not allowed"),
        ("while True:\n    ask('a')", "'while True:' is not allowed here"),
        ("x = (", "line 1: cannot be read"),
        ("pass", "there are no steps"),
    ],
)
def test_faults_are_found_with_their_line(code: str, problem: str):
    """Unknown functions and arguments, names before their definition, types that do not fit, and other code."""
    assert problem in "\n".join(read(code, TOOLS, ["context"]).problems)


def test_the_model_writes_and_mends():
    """Faulty code goes back with its faults; the mended code, without its fence, becomes the plan."""
    model = ScriptedModel("x = fetch(1)", "Here:\n```python\nx = search(q=goal)\nreturn ask('Sum up', x)\n```")
    ctx = FakeContext(model=model, tools=TOOLS)
    out = run_node(pseudocode, {"goal": "Price?", "context": "a pump"}, ctx)
    assert out["code"] == "x = search(q=goal)\nreturn ask('Sum up', x)"
    assert [step["needs"] for step in out["plan"]["steps"]] == [[], ["1"]]
    assert "search(q=...): a fake tool" in model.calls[0].text and "a pump" in model.calls[0].text
    assert "there is no function 'fetch'" in model.calls[1].text
    assert ctx.lines == ["repair 1 of 2: line 1: there is no function 'fetch'; there are: ask, search"]
    assert ctx.views[-1]["type"] == "plan"


def test_faults_that_stay_are_an_error():
    """Out of repairs the node fails with every fault."""
    with pytest.raises(NodeError, match="faults: line 1: there is no function 'fetch'"):
        run_node(pseudocode, {"goal": "g"}, FakeContext(model=ScriptedModel("fetch()")), max_repairs=0)


def test_length_and_goal_are_checked():
    """Too many steps, and no goal, are said."""
    with pytest.raises(NodeError, match="has 2 steps; at most 1"):
        run_node(pseudocode, {"goal": "g", "code": "ask('a')\nask('b')"}, FakeContext(), max_steps=1)
    with pytest.raises(NodeError, match="goal is empty"):
        run_node(pseudocode, {"goal": " "})
