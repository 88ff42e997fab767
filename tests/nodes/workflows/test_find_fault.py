"""workflows.find_fault"""

from typing import Any

import pytest

from nodes.contract import NodeError, WorkflowResult
from nodes.workflows.find_fault import find_fault
from tests.fakes import FakeContext, ScriptedModel, run_node
from tests.nodes.workflows.shop import Shop, workflow


def step(number: int, node: str, text: Any, **more: Any) -> dict[str, Any]:
    kind = {"start": "start", "finish": "finish"}.get(node, "prompt")
    return {
        "number": number,
        "node": node,
        "kind": kind,
        "inputs": {},
        "outputs": {"answer": text},
        "error": "",
        **more,
    }


STEPS = [step(1, "start", "6 x 7"), step(2, "read", "6 x 8"), step(3, "solve", "48"), step(4, "finish", "48")]


def suspect(number: int, correction: str) -> dict[str, Any]:
    return {"reason": "It misread.", "step": number, "correction": correction}


def find(
    *answers: Any, runner: Any, steps: list[dict[str, Any]] = STEPS, **config: Any
) -> tuple[Any, Shop, FakeContext]:
    shop = Shop(runner)
    ctx = FakeContext(model=ScriptedModel(*answers), shop=shop)
    inputs = {"workflow": workflow(), "inputs": {"task": "6 x 7"}, "steps": steps, "expected": "42"}
    return run_node(find_fault, inputs, ctx, **config), shop, ctx


def test_the_step_whose_correction_mends_the_run_is_at_fault():
    """A first suspicion does not mend it and is told; the second does: everything before it is taken over."""
    answers = iter(["48", "It is 42."])
    out, shop, ctx = find(suspect(3, "48!"), suspect(2, "6 x 7"), runner=lambda document, inputs: next(answers))
    assert out.outcome == "found" and out.outputs["step"]["node"] == "read" and out.outputs["correction"] == "6 x 7"
    assert [(each["number"], each["right"]) for each in out.outputs["tries"]] == [(3, False), (2, True)]
    assert [(each["node"], each["outputs"]["answer"]) for each in shop.kept[1]] == [
        ("start", "6 x 7"),
        ("read", "6 x 7"),
    ]
    assert [each["node"] for each in shop.kept[0]] == ["start", "read", "solve"]
    assert "step 3: 48!" in ctx.model.calls[1].text and "Expected: 42" in ctx.model.calls[0].text


def test_where_nothing_mends_it_the_first_suspect_stands():
    """The tries are spent, or every step was tried; a run that fails is no proof."""
    out, _, _ = find(
        suspect(2, "x"), suspect(3, "y"), runner=lambda d, i: WorkflowResult("failed", {}, "no"), max_tries=9
    )
    assert out.outcome == "not_found" and out.outputs["step"]["node"] == "read" and len(out.outputs["tries"]) == 2


@pytest.mark.parametrize("odd", [step(2, "read", 5), step(2, "read", "x", within="part"), step(2, "finish", "x")])
def test_only_steps_that_gave_a_text_can_be_corrected(odd: dict[str, Any]):
    """Numbers, steps of sub-workflows, start and finish are no suspects."""
    with pytest.raises(NodeError, match="No step gave a text"):
        find(runner=lambda document, inputs: "", steps=[odd])
