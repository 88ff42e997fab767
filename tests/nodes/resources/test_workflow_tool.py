import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from nodes.contract import NodeError, ToolResult, WorkflowResult
from nodes.resources.workflow_tool import tool_name, workflow_tool
from tests.fakes import FakeServices

INPUTS = {
    "q": {"type": "text", "description": "What to ask."}, "n": {"type": "number", "default": 3},
    "rows": {"type": "list[text]", "required": False},
}  # fmt: skip


class Shop:
    def __init__(self, result: WorkflowResult | NodeError) -> None:
        self.result = result
        self.given: list[Any] = []

    def load(self, name: str) -> Any:
        return {"title": "Daily digest!", "summary": "Reads the news.", "inputs": INPUTS}

    async def run(self, document: Any, inputs: Mapping[str, Any], *, max_steps: int = 100) -> WorkflowResult:
        self.given.append(dict(inputs))
        if isinstance(self.result, NodeError):
            raise self.result
        return self.result


def made(result: Any, **config: Any) -> Any:
    assert workflow_tool.make_tool is not None
    shop: Any = Shop(result)
    return workflow_tool.make_tool(workflow_tool.config.model_validate(config), FakeServices(shop=shop))


def called(result: Any) -> ToolResult:
    return asyncio.run(made(result, workflow="d").call({"q": "tea"}))


def test_its_face_is_the_workflows() -> None:
    """Name, description and arguments come from the workflow; settings go before."""
    tool = made(WorkflowResult("done", {}), workflow="d", hint="Once a day.")
    assert (tool.name, tool.description) == ("daily_digest", "Reads the news. Once a day.")
    assert tool.parameters == {
        "type": "object", "required": ["q"],
        "properties": {"q": {"type": "string", "description": "What to ask."}, "n": {"type": "number"}, "rows": {}},
    }  # fmt: skip
    assert made(WorkflowResult("done", {}), workflow="d", tool_name="news").name == "news"


def test_one_output_is_the_text_several_are_a_record() -> None:
    """So that a model reads what it needs."""
    assert called(WorkflowResult("done", {"a": "tea"})) == ToolResult("tea", data={"a": "tea"})
    assert called(WorkflowResult("done", {"a": 1, "b": "x"})).text == '{"a": 1, "b": "x"}'


@pytest.mark.parametrize(
    ("result", "text"),
    [
        (WorkflowResult("failed", {}, "no tea"), "ended as failed: no tea"),
        (NodeError("no input 'q'", mend="Give it."), "no input 'q'. Give it."),
    ],
)
def test_what_went_wrong_is_in_the_result(result: Any, text: str) -> None:
    """The model can mend it."""
    said = called(result)
    assert said.failed and text in said.text


def test_without_a_workflow_it_cannot_be_made() -> None:
    """The node that uses it says so."""
    with pytest.raises(NodeError, match="names no workflow"):
        made(WorkflowResult("done", {}))


def test_names_are_words() -> None:
    """Whatever the title is."""
    assert [tool_name(title) for title in ("7 wonders", "Éa", "!!")] == ["workflow_7_wonders", "a", "workflow"]
