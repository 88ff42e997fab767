"""What a workflow has to beat: a single prompt and a lean agent made from it."""

from collections import Counter
from pathlib import Path

import pytest

from graphs.document import Document
from graphs.permissions import permissions_of
from graphs.validate import validate
from nodes.registry import KINDS
from templates import catalogue
from templates.baselines import baselines, lean_agent, single_prompt, tools_of
from tests.templates.running import Lab, calls, said

TASK = "A shop sells pens at 3 for 2 euros. What do 12 pens cost?"


def kinds(document: Document) -> Counter[str]:
    """How many nodes of each kind."""
    return Counter(node.kind for node in document.nodes.values())


@pytest.mark.parametrize("slug", catalogue.slugs())
def test_every_template_has_baselines_that_run_as_they_are(slug: str):
    """No diagnostic, the workflow's own limits, one model at work, and its first output under its name."""
    document = catalogue.load(slug).document
    for made in baselines(document).values():
        assert validate(made) == []
        assert made.limits == document.limits
        assert next(iter(made.outputs)) == next(iter(document.outputs))
        assert sum(KINDS[node.kind].run is not None for node in made.nodes.values()) == 3
        assert set(made.inputs) <= set(document.inputs)


@pytest.mark.parametrize("slug", catalogue.slugs())
def test_a_baseline_may_do_no_more_than_its_workflow(slug: str):
    """Its tools are the workflow's; a calculator and Python, which reach nothing outside, where that has none."""
    document = catalogue.load(slug).document
    allowed = {each.key for each in permissions_of(document)} | {"model:default", "snippet:written"}
    for made in baselines(document).values():
        assert {each.key for each in permissions_of(made)} <= allowed


def test_the_single_prompt_asks_once_by_the_titles_of_the_inputs(tmp_path: Path):
    """One call, told the inputs under their titles and asked for the first output."""
    made = single_prompt(catalogue.load("efficient_agents").document)
    assert kinds(made) == {"start": 1, "prompt": 1, "finish": 1}
    ran = _lab(made, tmp_path).run(said("answer", "Answer: 8"), task=TASK)
    assert ran.outputs == {"answer": "Answer: 8"}
    assert ran.prompts("answer") == [f"What shall be solved?\n{TASK}\n\nGive: Answer."]


def test_the_lean_agent_works_with_the_tools_of_the_workflow(tmp_path: Path):
    """It calls the workflow's calculator in a loop until it answers."""
    made = lean_agent(catalogue.load("efficient_agents").document)
    assert tools_of(made) == ["Calculator"]
    replies = (calls("answer", "calculator", expression="12 / 3 * 2"), said("answer", "Answer: 8"))
    ran = _lab(made, tmp_path).run(*replies, task=TASK)
    assert ran.outputs == {"answer": "Answer: 8"}
    assert ran.tool_results("calculator")


def test_a_workflow_without_tools_lends_the_agent_generic_ones():
    """A calculator and Python."""
    assert tools_of(lean_agent(catalogue.load("agent_forest").document)) == ["Calculator", "Python"]


def test_policies_stay_around_the_tools():
    """What the workflow keeps its tools from, the lean agent is kept from too."""
    document = catalogue.load("progent").document
    made = lean_agent(document)
    policies = [id for id, node in document.nodes.items() if KINDS[node.kind].provides == "policy"]
    assert policies
    assert {f"{id} -> answer.policies" for id in policies} <= set(made.edges.attach)


def test_a_tool_that_is_wrapped_is_not_handed_over_by_itself():
    """Of a tool that stands for another only the outer one is the agent's."""
    document = Document.model_validate({
        "inputs": {"task": {}}, "outputs": {"answer": {"type": "text"}},
        "nodes": {
            "start": {"kind": "start"}, "work": {"kind": "agent"}, "finish": {"kind": "finish"},
            "inner": {"kind": "tool.calculator"}, "outer": {"kind": "tool.faulty"},
        },
        "edges": {
            "flow": ["start -> work", "work -> finish"], "data": ["start.task -> work.task"],
            "attach": ["inner -> outer", "outer -> work.tools"],
        },
    })  # fmt: skip
    attach = lean_agent(document).edges.attach
    assert "outer -> answer.tools" in attach
    assert "inner -> answer.tools" not in attach
    assert any(edge.startswith("inner -> outer") for edge in attach)


def test_an_optional_input_is_told_where_it_is_given(tmp_path: Path):
    """An empty one leaves no title behind; switches and numbers of the workflow itself are not told."""
    document = Document.model_validate({
        "title": "Odd", "outputs": {"plan": {"type": "plan", "title": "A {{plan}}"}},
        "inputs": {
            "task": {"title": "Task"}, "hint": {"title": "Hint", "required": False},
            "rounds": {"type": "number", "required": False, "default": 3},
        },
    })  # fmt: skip
    made = single_prompt(document)
    assert set(made.inputs) == {"task", "hint"}
    lab = _lab(made, tmp_path)
    assert lab.run(said("answer", "x"), task="a").prompts("answer") == ["Task\na\n\nGive: A { {plan}}."]
    assert "Hint\nb" in lab.run(said("answer", "x"), task="a", hint="b").prompts("answer")[0]


def test_a_workflow_without_outputs_has_no_baseline():
    """There is nothing that could be answered."""
    with pytest.raises(ValueError, match="'Untitled workflow' has no output"):
        single_prompt(Document())


def _lab(document: Document, folder: Path) -> Lab:
    """A lab for a document that is no template."""

    class Own(Lab):
        @property
        def document(self) -> Document:
            return document

    return Own("", folder)
