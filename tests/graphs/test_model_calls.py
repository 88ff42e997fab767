"""What chat models answer, as the engine and exported programs read it."""

import asyncio
from collections.abc import Iterator

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from graphs.model_calls import fitting
from nodes.contract import AnswerError
from tests.graphs.models.fake_provider import FakeProvider


class Word(BaseModel):
    """The shape asked for."""

    word: str


@pytest.fixture
def endless() -> Iterator[FakeProvider]:
    """A provider whose model does not come to an end."""
    provider = FakeProvider("endless")
    yield provider
    provider.close()


def test_an_answer_without_an_end_is_one_that_does_not_fit(endless: FakeProvider):
    """It is counted, and told as an answer that can be asked for again, with the beginning of what was said."""
    model, bill = ChatOpenAI(model="m", base_url=endless.url, api_key="none"), list[AIMessage]()  # pyright: ignore[reportArgumentType]
    with pytest.raises(AnswerError, match="did not come to an end") as raised:
        asyncio.run(fitting(model, [HumanMessage("One word")], Word, None, of="openai:m", spent=bill.append))
    assert raised.value.text.startswith("na na") and len(raised.value.text) == 400
    usage = bill[0].usage_metadata
    assert usage and (usage["input_tokens"], usage["output_tokens"]) == (7, 500)
