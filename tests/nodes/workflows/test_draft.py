"""workflows.draft and the bricks it builds of"""

import asyncio
import itertools
from typing import Any

import pytest

from nodes.contract import NodeError
from nodes.workflows.bricks import BRICKS, Outline, document_of_outline
from nodes.workflows.documents import errors_of
from nodes.workflows.draft import draft
from tests.fakes import FakeContext, ListMemory, ScriptedModel, run_node
from tests.nodes.workflows.shop import Shop, workflow

PAIRS = [*([name] for name in BRICKS), *map(list, itertools.product(BRICKS, repeat=2))]


def outline(*bricks: str, instruction: str = "Work {{carefully}} on it.") -> dict[str, Any]:
    steps = [{"does": brick, "instruction": instruction} for brick in bricks]
    return {"idea": "Think, then check.", "title": "Careful solver", "steps": steps}


def run(*answers: Any, ctx: FakeContext | None = None, **config: Any) -> Any:
    ctx = ctx or FakeContext(model=ScriptedModel(*answers), shop=Shop())
    return run_node(draft, {"task": "What is 6 x 7?"}, ctx, **config)


@pytest.mark.parametrize("bricks", PAIRS, ids="-".join)
def test_every_outline_is_a_valid_workflow(bricks: list[str]):
    """Whatever bricks stand side by side, and whatever braces a model writes, the document can run."""
    document = document_of_outline(Outline.model_validate(outline(*bricks)))
    assert errors_of(document, FakeContext(shop=Shop())) == []
    assert document["nodes"]["start"] and document["edges"]["data"][-1].endswith("-> finish.answer")


def test_empty_outline_is_one_prompt():
    """An outline without steps still makes a workflow that does the task."""
    document = document_of_outline(Outline.model_validate(outline()))
    assert [node["kind"] for node in document["nodes"].values()] == ["start", "prompt", "finish"]


def test_critique_revises_the_step_before_it():
    """The critique sends back to the writer, whose prompt hears the feedback."""
    document = document_of_outline(Outline.model_validate(outline("think", "critique")))
    assert "step_2.revise -> step_1" in document["edges"]["flow"]
    assert "{{#feedback}}" in document["nodes"]["step_1"]["config"]["prompt"]


def test_draft_from_an_outline():
    """The model's outline becomes a document and YAML; a longer one is cut; the graph is shown."""
    ctx = FakeContext(model=ScriptedModel(outline("think", "panel", "critique")), shop=Shop())
    result = run_node(draft, {"task": "Sum", "known": "- score 0.4: Plain"}, ctx, max_steps=2)
    assert result.outcome == "done"
    assert "step_3" not in result.outputs["workflow"]["nodes"]
    assert result.outputs["yaml"].startswith("nodeloom: 1") and result.outputs["problems"] == ""
    assert "score 0.4" in ctx.model.calls[0].text and ctx.views[-1]["type"] == "graph"


def test_yaml_is_mended_with_the_problems():
    """A document with an error is given back with what is wrong, and the mended one is taken."""
    shop = Shop()
    good, bad = workflow(), workflow()
    bad["nodes"]["solve"]["kind"] = "promt"
    ctx = FakeContext(model=ScriptedModel(*({"yaml": shop.text(each)} for each in (bad, good))), shop=shop)
    result = run(ctx=ctx, form="yaml")
    assert result.outcome == "done" and result.outputs["workflow"]["title"] == "Solver"
    assert "promt" in ctx.model.calls[1].text and "reflection.critique:" in ctx.model.calls[0].text


def test_repairs_end():
    """A model that writes no workflow within its repairs leads to invalid, with the problems."""
    result = run({"yaml": "nodes: ["}, {"yaml": "still: not"}, form="yaml", max_repairs=1)
    assert (result.outcome, result.outputs["workflow"]) == ("invalid", {})
    assert result.outputs["problems"]


def test_task_is_needed():
    """There is nothing to design for an empty task."""
    with pytest.raises(NodeError, match="task is empty"):
        run_node(draft, {"task": ""}, FakeContext(shop=Shop()))


def test_agents_of_a_draft_get_the_tools_made_before():
    """With a memory the designer hears of the kept tools, and the agents of its outline are given them."""
    memory = ListMemory(space="tools")
    data = {"name": "area", "code": "def area(a, b):\n    return a * b", "description": "Area of a field.",
            "parameters": {"type": "object", "properties": {"a": {}, "b": {}}}}  # fmt: skip
    asyncio.run(memory.add("area: Area of a field.", kind="tool", data=data))
    ctx = FakeContext(model=ScriptedModel(outline("tools")), shop=Shop(), memory=memory)
    document = run(ctx=ctx).outputs["workflow"]
    assert "Area of a field." in ctx.model.calls[0].text
    assert document["nodes"]["step_1_space"]["config"] == {"space": "tools"}
    assert set(document["edges"]["attach"]) >= {"step_1_kept -> step_1.tools", "step_1_space -> step_1_kept.memory"}
    assert errors_of(document, ctx) == []
