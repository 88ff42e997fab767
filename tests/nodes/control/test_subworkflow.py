import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from nodes.contract import NodeError, WorkflowResult
from nodes.control.subworkflow import subworkflow
from tests.fakes import FakeContext, run_node

DOCUMENT = {"inputs": {"n": {"type": "number"}, "yes": {"type": "boolean"}, "t": {}}, "outputs": {"a": {}, "b": {}}}


class Shop:
    def __init__(self, result: WorkflowResult) -> None:
        self.result = result
        self.given: list[Any] = []

    def load(self, name: str) -> Any:
        return {"title": name, **DOCUMENT}

    async def run(self, document: Any, inputs: Mapping[str, Any], *, max_steps: int = 100) -> WorkflowResult:
        self.given.append((document["title"], dict(inputs), max_steps))
        return self.result


def run(result: WorkflowResult, wired: dict[str, Any], **config: Any) -> tuple[Any, Shop]:
    shop: Any = Shop(result)
    settings: Any = subworkflow.config.model_validate({"workflow": "Inner", **config})
    assert subworkflow.run is not None
    work: Any = subworkflow.run(wired, settings, FakeContext(shop=shop))
    return asyncio.run(work), shop


def test_inputs_are_filled_and_the_first_output_is_the_answer() -> None:
    """Wired values go in as they are, written ones as their input wants them."""
    outputs, shop = run(
        WorkflowResult("done", {"b": 2, "a": [1]}), {"x": {"k": 1}},
        inputs={"n": "7", "yes": "True", "t": "{{x}}"}, max_steps=9,
    )  # fmt: skip
    assert shop.given == [("Inner", {"n": 7, "yes": True, "t": {"k": 1}}, 9)]
    assert outputs["outputs"] == {"b": 2, "a": [1]} and "1" in outputs["answer"]


def test_what_does_not_fit_is_left_to_the_engine() -> None:
    """A text that is no number stays as it is, and is refused where inputs are checked."""
    outputs, shop = run(WorkflowResult("done", {}), {}, inputs={"n": "7.5x", "yes": "maybe", "t": "7"})
    assert shop.given[0][1] == {"n": "7.5x", "yes": "maybe", "t": "7"} and outputs["answer"] == ""


@pytest.mark.parametrize("status", ["failed", "limit"])
def test_a_workflow_that_does_not_finish_fails_the_node(status: Any) -> None:
    """With what went wrong in it."""
    with pytest.raises(NodeError, match=f"'Inner' ended as {status}: no tea"):
        run(WorkflowResult(status, {}, "no tea"), {})


def test_without_a_workflow_it_says_so() -> None:
    """A fresh node asks to be set."""
    with pytest.raises(NodeError, match="No workflow is chosen"):
        run_node(subworkflow, {})
