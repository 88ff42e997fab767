"""A chat model outside of a run: asked by schema, counted and priced, every failure in our words.

It fits ``nodes.contract.ChatModel`` by shape, so that answers are asked for as in a node (``nodes.answers``).
"""

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from langchain_core.messages import AIMessage
from pydantic import BaseModel

from graphs.describing.proposal import Spent
from graphs.model_calls import fitting, reply_of, sent
from graphs.models.errors import model_error
from graphs.models.prices import usd as list_price
from nodes.answers import ask_for
from nodes.contract import NodeError, Reply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

MOST_TOKENS: Final = 3_000
"""Of an answer that holds all operations."""
Schema = TypeVar("Schema", bound=BaseModel)


class Models(Protocol):
    """``graphs.models.resolve.ModelRegistry`` by shape."""

    def chat_model(
        self, reference: str, *, temperature: float | None = None, max_tokens: int | None = None
    ) -> "BaseChatModel": ...
    def secret_values(self) -> list[str]: ...


class Asker:
    """One conversation with a model about a wish. ``tell`` hears what was spent after each call."""

    def __init__(self, models: Models, reference: str, tell: Callable[[Spent], None] = lambda _: None) -> None:
        self._models = models
        self._reference = reference
        self._tell = tell
        self._began = time.monotonic()
        self._conversation = uuid.uuid4().hex
        self._decision = ""
        self._spent = Spent()

    @property
    def reference(self) -> str:
        return self._reference

    @property
    def spent(self) -> Spent:
        """All calls so far, and the time since the beginning."""
        counted = self._spent
        seconds = round(time.monotonic() - self._began, 3)
        return Spent(counted.calls, counted.input_tokens, counted.output_tokens, counted.usd, seconds)

    async def decide(self, decision: str, messages: Sequence[Mapping[str, Any]], schema: type[Schema]) -> Schema:
        """An answer of ``schema``, asked once more where the first does not fit; ``decision`` names what is asked.

        Raises NodeError, AnswerError.
        """
        self._decision = decision
        return await ask_for(self, messages, schema, temperature=0)

    async def chat(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float | None = None,
        max_tokens: int | None = MOST_TOKENS,
        stream: bool = False,
    ) -> Reply:
        """Send ``messages``. Raises NodeError, AnswerError where the answer does not fit ``schema``."""
        assert schema is not None, "every question here has a schema"
        try:
            model = await asyncio.to_thread(
                self._models.chat_model, self._reference, temperature=temperature, max_tokens=max_tokens
            )
            answer, data = await fitting(
                model, sent(messages), schema, self._config(), of=self._reference, spent=self._count
            )
        except NodeError:
            raise
        except Exception as error:
            raise model_error(self._reference, error, secrets=self._models.secret_values()) from error
        return reply_of(answer, data, self._reference)

    def _config(self) -> Any:
        """Who asks, by which a script tells its replies apart."""
        return {"metadata": {"nodeloom_run": self._conversation, "nodeloom_node": self._decision}}

    def _count(self, answer: AIMessage) -> None:
        usage = answer.usage_metadata
        read, written = (usage["input_tokens"], usage["output_tokens"]) if usage else (0, 0)
        provider, _, name = self._reference.partition(":")
        price = list_price(provider, name, read, written)
        now = self._spent
        usd = None if price is None or now.usd is None else now.usd + price
        self._spent = Spent(now.calls + 1, now.input_tokens + read, now.output_tokens + written, usd)
        self._tell(self.spent)
