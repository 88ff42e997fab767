"""workflows.mutate and its changes"""

import random
from typing import Any

import pytest

from nodes.workflows.documents import errors_of, prompts_of
from nodes.workflows.mutate import mutate
from nodes.workflows.mutations import MECHANICAL, Place
from tests.fakes import FakeContext, ScriptedModel, run_node
from tests.nodes.workflows.shop import Shop, workflow

MODELS = ("openai:gpt-5-mini", "ollama:llama3")


def run(*answers: Any, other: Any = None, visit: int = 1, document: Any = None, **config: Any) -> Any:
    ctx = FakeContext(model=ScriptedModel(*answers), shop=Shop(), visit=visit)
    inputs = {"workflow": document or workflow(), "feedback": "It forgot the unit."}
    result = run_node(mutate, {**inputs, **({"other": other} if other else {})}, ctx, **config)
    return result, ctx


@pytest.mark.parametrize("name", [name for name in MECHANICAL if name not in ("remove_step", "cross")])
def test_mechanical_changes_make_valid_workflows(name: str):
    """Each change applies to the smallest workflow and leaves one that can run, and says what it did."""
    result, ctx = run(changes=[name], models=MODELS)
    assert result.outcome == "done" and result.outputs["change"]
    assert result.outputs["workflow"] != workflow() and errors_of(result.outputs["workflow"], ctx) == []


def test_many_changes_in_a_row_stay_valid():
    """Twenty changes of all sorts, one upon the other, never break the workflow."""
    document = workflow()
    for visit in range(1, 21):
        names = [name for name in MECHANICAL if name != "cross"]
        result, ctx = run(visit=visit, document=document, changes=names, models=MODELS, max_tries=20)
        document = result.outputs["workflow"]
        assert errors_of(document, ctx) == []
    assert len(document["nodes"]) > 3


def test_inserted_step_can_be_removed():
    """What one change puts in another takes out, with its wires."""
    grown = run(changes=["insert_step"])[0].outputs["workflow"]
    assert "step_1.answer -> finish.answer" in grown["edges"]["data"]
    for seed in range(20):
        back = run(document=grown, changes=["remove_step"], seed=seed)[0].outputs["workflow"]
        if "step_1" not in back["nodes"]:
            assert set(back["edges"]["data"]) == set(workflow()["edges"]["data"])
            return
    raise AssertionError("the step was never taken out")


def test_the_seed_decides():
    """Equal seeds give equal changes; another visit another choice among many."""
    config: dict[str, Any] = {
        "changes": ["change_temperature", "insert_step", "insert_critique", "swap_model"],
        "models": MODELS,
    }
    assert run(seed=3, **config)[0] == run(seed=3, **config)[0]
    assert len({run(visit=visit, **config)[0].outputs["change"] for visit in range(1, 9)}) > 2


def test_reword_asks_the_model():
    """The new prompt stands in the workflow; the feedback stood before the model; a lost variable is put back."""
    result, ctx = run({"why": "clearer", "prompt": "Give the unit."}, changes=["reword"])
    (place,) = prompts_of(result.outputs["workflow"])
    assert place.text == "Give the unit.\n\n{{task}}"
    assert "forgot the unit" in ctx.model.calls[0].text


def test_unusable_prompts_are_refused():
    """A new variable, a broken tag, the same prompt: none is taken, and the tries end."""
    bad = [{"why": "", "prompt": p} for p in ("{{task}} {{secret}}", "{{task}} {{#open}}", "Solve:\n{{task}}")]
    result, _ = run(*bad, changes=["reword"], max_tries=3)
    assert (result.outcome, result.outputs["workflow"]) == ("unchanged", workflow())


def test_cross_takes_a_prompt_of_the_other():
    """Only a prompt with the same variables is taken over."""
    other = workflow("Think twice: {{task}}")
    assert prompts_of(run(changes=["cross"], other=other)[0].outputs["workflow"])[0].text == "Think twice: {{task}}"
    assert run(changes=["cross"], other=workflow("{{question}}"), max_tries=2)[0].outcome == "unchanged"
    assert run(changes=["cross"], max_tries=2)[0].outcome == "unchanged"


def test_changes_that_find_no_place():
    """A workflow without writers cannot be changed by them; without models none is swapped."""
    bare = workflow()
    bare["nodes"]["solve"] = {"kind": "planning.plan"}
    place = Place(bare, random.Random(1))
    assert [name for name, change in MECHANICAL.items() if change(place)] == []
    assert run(changes=["swap_model"], max_tries=1)[0].outcome == "unchanged"
    assert run(document=bare, changes=["reword"], max_tries=1)[0].outcome == "unchanged"


def test_attached_model_is_swapped_in_place():
    """A model node that is there gets the other reference instead of a second node."""
    document = workflow()
    document["nodes"]["model_1"] = {"kind": "resource.model", "config": {"reference": MODELS[0]}}
    document["edges"]["attach"] = ["model_1 -> solve.model"]
    changed = run(document=document, changes=["swap_model"], models=MODELS)[0].outputs["workflow"]
    assert changed["nodes"]["model_1"]["config"]["reference"] == MODELS[1]


def test_a_change_that_does_not_apply_is_told():
    """A batch that is refused is another try, not an error."""

    class Refusing(Shop):
        def apply(self, document: Any, operations: Any) -> Any:
            return super().apply(document, [{"op": "remove_node", "id": "nobody"}])

    ctx = FakeContext(shop=Refusing())
    result = run_node(mutate, {"workflow": workflow()}, ctx, changes=["change_temperature"], max_tries=1)
    assert result.outcome == "unchanged" and any("nobody" in line for line in ctx.lines)


def test_the_model_chooses_by_the_feedback():
    """It is told the steps, what went wrong and the changes; the change is made at the step it names."""
    choice = {"reason": "Units.", "change": "insert_critique", "step": "solve"}
    result, ctx = run(choice, choose="model")
    assert result.outcome == "done" and result.outputs["change"] == "a critique after solve"
    asked = ctx.model.calls[0].text
    assert "It forgot the unit." in asked and "- solve: Solve:" in asked and "- insert_critique:" in asked


def test_what_did_not_hold_is_not_chosen_again():
    """A change that finds no place is told, and another is chosen."""
    first = {"reason": "", "change": "remove_step", "step": "solve"}
    document = workflow()
    document["edges"]["attach"] = ["m -> solve.model"]
    document["nodes"]["m"] = {"kind": "resource.model", "config": {"reference": "openai:gpt-5-mini"}}
    result, ctx = run(first, {**first, "change": "insert_critique"}, document=document, choose="model")
    assert result.outcome == "done" and "critique" in result.outputs["change"]
    assert "These were tried and did not hold: remove_step at solve" in ctx.model.calls[1].text


def test_without_steps_chance_chooses():
    """A workflow without a prompt has nothing to choose from: no model is asked."""
    empty = {
        "nodeloom": 1, "title": "Empty", "inputs": {"task": {}}, "outputs": {"answer": {}},
        "nodes": {"start": {"kind": "start"}, "finish": {"kind": "finish"}},
        "edges": {"flow": ["start -> finish"], "data": ["start.task -> finish.answer"]},
    }  # fmt: skip
    result, ctx = run(document=empty, choose="model", max_tries=2)
    assert result.outcome == "unchanged" and not ctx.model.calls
