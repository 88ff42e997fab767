"""The real built-in model, where its file is: set NODELOOM_TEST_MODELS to its folder."""

import asyncio
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.tools import tool
from pydantic import BaseModel

from graphs.models.builtin.manifest import DEFAULT
from graphs.models.builtin.server import ModelServer
from graphs.models.errors import model_error
from tests.graphs.models.conftest import Workspace

FOLDER = Path(os.environ.get("NODELOOM_TEST_MODELS", "no-such-folder"))
REFERENCE = f"builtin:{DEFAULT.name}"
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.model,
    pytest.mark.skipif(not (FOLDER / DEFAULT.filename).exists(), reason="NODELOOM_TEST_MODELS has no built-in model"),
]


class Label(BaseModel):
    """Where a request goes."""

    label: Literal["billing", "tech", "sales"]


@tool
def calculator(expression: str) -> str:
    """Compute an arithmetic expression, e.g. 17*24."""
    return str(eval(expression, {"__builtins__": {}}))


@tool
def weather(city: str) -> str:
    """Current weather of a city."""
    return f"{city}: rain"


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    one = ModelServer(FOLDER)
    yield one
    one.close()


@pytest.fixture
def model(server: ModelServer, workspace: Workspace) -> BaseChatModel:
    return workspace.registry(server=server).chat_model(REFERENCE, temperature=0, max_tokens=120)


async def test_it_streams_and_counts(model: BaseChatModel):
    """Many chunks, and the usage at the end."""
    chunks: list[Any] = [chunk async for chunk in model.astream("Name three rivers.")]
    assert len(chunks) > 5
    usage = [chunk.usage_metadata for chunk in chunks if chunk.usage_metadata]
    assert usage[-1]["output_tokens"] > 3


async def test_it_answers_to_a_schema(model: BaseChatModel):
    """The grammar keeps it to the three labels, and it takes the right one."""
    ask = model.with_structured_output(Label, method="json_schema")
    answer: Any = await ask.ainvoke("Route to billing, tech or sales: my invoice is wrong.")
    assert isinstance(answer, Label) and answer.label == "billing"


@pytest.mark.parametrize(
    ("question", "name"), [("What is 17 * 24?", "calculator"), ("Is it raining in Oslo?", "weather")]
)
async def test_it_calls_the_right_tool(model: BaseChatModel, question: str, name: str):
    """Of two tools, by a native tool call."""
    answer: Any = await model.bind_tools([calculator, weather]).ainvoke(question)
    assert [call["name"] for call in answer.tool_calls] == [name]


async def test_the_agent_loop_ends_with_an_answer(model: BaseChatModel):
    """It uses the result of the tool instead of calling again."""
    agent: Any = create_agent(model, [calculator])
    done = await agent.ainvoke({"messages": [("user", "What is 128/4 plus 10?")]}, {"recursion_limit": 12})
    assert "42" in done["messages"][-1].text


async def test_a_cancelled_request_frees_its_slot(server: ModelServer, workspace: Workspace, model: BaseChatModel):
    """Both slots busy with long stories, both cancelled: the next request is answered at once."""
    long = workspace.registry(server=server).chat_model(REFERENCE, temperature=0, max_tokens=3000)
    stories = [asyncio.create_task(long.ainvoke(f"Write a very long story {n}. Do not stop.")) for n in (1, 2)]
    await asyncio.sleep(3)
    for story in stories:
        story.cancel()
    await asyncio.gather(*stories, return_exceptions=True)
    begin = time.monotonic()
    await model.ainvoke("Say OK.")
    assert time.monotonic() - begin < 20


async def test_too_long_a_prompt_is_told(model: BaseChatModel):
    """The context holds 8192 tokens."""
    with pytest.raises(Exception, match="exceeds the available context") as caught:
        await model.ainvoke("word " * 9000)
    assert model_error(REFERENCE, caught.value).what.startswith("The messages are too long")
