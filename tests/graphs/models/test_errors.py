"""Every way a provider fails, seen through the real client against a server on loopback."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest

from graphs.models import resolve
from graphs.models.errors import model_error
from nodes.contract import NodeError
from tests.graphs.models.conftest import Workspace
from tests.graphs.models.fake_provider import KEY, FakeProvider

pytestmark = pytest.mark.anyio
Start = Callable[[str], FakeProvider]


async def failure(workspace: Workspace, url: str) -> NodeError:
    """What the engine gets when a streamed call to ``url`` fails."""
    workspace.secrets["FAKE_API_KEY"] = KEY
    workspace.endpoint("fake", url, "FAKE_API_KEY")
    registry = workspace.registry()
    model = registry.chat_model("fake:m1", temperature=0, max_tokens=5)
    try:
        text = "".join([chunk.text async for chunk in model.astream("Hi")])
    except Exception as error:
        return model_error("fake:m1", error, secrets=registry.secret_values())
    pytest.fail(f"no failure, but {text!r}")


@pytest.mark.parametrize(
    ("behaviour", "what", "retryable"),
    [
        ("refused key", "fake refused the key for m1", False),
        ("forbidden", "fake refused the key for m1", False),
        ("unknown model", 'fake has no model "m1"', False),
        ("rate limited", "fake limits how often", True),
        ("no quota", "The quota at fake is used up", False),
        ("broken", "fake failed with status 500", True),
        ("too long", "The messages are too long for fake:m1", False),
        ("refused content", "fake:m1 refused to answer", False),
        ("bad request", "fake rejected the request to m1", False),
        ("cut", "The answer of fake:m1 broke off", True),
        ("garbage", "The answer of fake:m1 is not of the form", True),
    ],
)
async def test_failures_are_told_apart(
    workspace: Workspace, provider: Start, behaviour: str, what: str, retryable: bool
):
    """Each has its own words, advice, and whether trying again helps; the key is in none."""
    error = await failure(workspace, provider(behaviour).url)
    assert error.what.startswith(what)
    assert error.retryable is retryable
    assert error.mend
    assert KEY not in error.what + error.mend


async def test_a_refused_connection_is_unreachable(workspace: Workspace):
    """Nobody listens at the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    error = await failure(workspace, f"http://127.0.0.1:{port}/v1")
    assert error.what.startswith("fake cannot be reached")
    assert error.retryable


async def test_a_hanging_server_is_given_up(workspace: Workspace, provider: Start, monkeypatch: pytest.MonkeyPatch):
    """After the timeout the call fails and may be tried again."""
    monkeypatch.setattr(resolve, "TIMEOUT", 0.3)
    error = await failure(workspace, provider("hangs").url)
    assert error.what.startswith("fake:m1 did not answer in time")
    assert error.retryable


async def test_a_good_server_answers(workspace: Workspace, provider: Start):
    """The same path without a fault; the request carries max_tokens under the name all servers know."""
    good = provider("good")
    workspace.endpoint("fake", good.url)
    answer: Any = await workspace.registry().chat_model("fake:m1", max_tokens=5).ainvoke("Hi", stream=True)
    assert answer.text == "Hello"
    assert good.requests[0]["max_tokens"] == 5
    assert "max_completion_tokens" not in good.requests[0]


def test_a_model_outlives_its_event_loop(workspace: Workspace, provider: Start):
    """Runs in loops of their own share one model, and no connection of a closed loop is used again."""
    workspace.endpoint("fake", provider("good").url)
    model = workspace.registry().chat_model("fake:m1")
    for _ in range(3):
        answer: Any = asyncio.run(model.ainvoke("Hi", stream=True))
        assert answer.text == "Hello"


def test_a_node_error_passes_unchanged():
    """What is in our words already stays."""
    error = NodeError("x")
    assert model_error("a:b", error) is error


@pytest.mark.parametrize("text", ["Bearer abcdef123", "key sk-abcdefgh1234", "pass s3cret!"])
def test_keys_are_struck_out(text: str):
    """Known secrets by value, others by their look."""
    told = model_error("a:b", RuntimeError(text), secrets=["s3cret!"]).what
    assert text.split()[1] not in told
    assert "***" in told
