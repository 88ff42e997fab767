"""Answers of the built-in model by schema come to an end."""

import asyncio
from collections.abc import Iterator
from typing import Any, Literal

import pytest
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, Field

from graphs.model_calls import fitting
from graphs.models.builtin.bounds import CHARACTERS, ENTRIES, bounded
from graphs.models.builtin.chat import BuiltinChat
from nodes.contract import AnswerError
from tests.graphs.models.fake_provider import FakeProvider


class Fact(BaseModel):
    """One entry of a list."""

    text: str
    sure: Literal["yes", "no"]


class Answer(BaseModel):
    """Texts, lists and what is bounded already."""

    thought: str
    short: str = Field(max_length=9)
    facts: list[Fact]
    few: list[str] = Field(max_length=2)
    many: list[int] = Field(min_length=300)
    perhaps: str | None


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """It notes what it is sent, and answers something without an end."""
    given = FakeProvider("endless")
    yield given
    given.close()


def test_every_text_and_every_list_has_a_bound():
    """Those a schema has stay, as do choices; a list that must be longer may be."""
    found = bounded(Answer.model_json_schema())
    texts = found["properties"]
    assert (texts["thought"]["maxLength"], texts["short"]["maxLength"]) == (CHARACTERS, 9)
    assert texts["perhaps"]["anyOf"][0]["maxLength"] == CHARACTERS
    assert (texts["facts"]["maxItems"], texts["few"]["maxItems"]) == (ENTRIES["object"], 2)
    assert texts["few"]["items"]["maxLength"] == CHARACTERS and texts["many"]["maxItems"] == 300
    fact = found["$defs"]["Fact"]["properties"]
    assert fact["text"]["maxLength"] == CHARACTERS and "maxLength" not in fact["sure"]


def test_the_schema_it_was_made_of_is_as_before():
    """The node's own schema is what is recorded and what the answer is held to."""
    schema = Answer.model_json_schema()
    bounded(schema)
    assert schema == Answer.model_json_schema()


@pytest.mark.parametrize(("kind", "there"), [(BuiltinChat, True), (ChatOpenAI, False)])
def test_the_built_in_model_is_sent_them(kind: type[Any], there: bool, provider: FakeProvider):
    """Other providers are sent the schema as it is."""
    model = kind(model="m", base_url=provider.url, api_key="none", use_responses_api=False)
    with pytest.raises(AnswerError):
        asyncio.run(fitting(model, [HumanMessage("?")], Answer, None, of="m", spent=lambda _: None))
    sent = provider.requests[0]["response_format"]["json_schema"]["schema"]
    assert ("maxLength" in sent["properties"]["thought"]) is there
