"""A chat model as a mechanism sees it: LangChain does the talking, the ledger counts."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from langchain_core.messages import AIMessage, BaseMessage
from pydantic import BaseModel

from graphs.model_calls import ModelChoice, first_line, fitting, reply_of, sent, streamed
from nodes.contract import NodeError, Reply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from graphs.export.runtime.visit import Visit

PASSING: Final = (408, 409, 429)
"""HTTP statuses that may pass, besides those from 500."""
_PASSING: Final = ("Timeout", "Connect", "RemoteProtocol", "ReadError", "RateLimit", "InternalServer")
"""In the names of exceptions that may pass."""


class Model:
    """``mechanisms.contract.ChatModel``."""

    def __init__(self, choice: ModelChoice, visit: "Visit") -> None:
        self._choice = choice
        self._visit = visit

    @property
    def reference(self) -> str:
        """``provider:model``."""
        return self._choice.reference or str(self._visit.workspace.model)

    def call(self, temperature: float | None = None, max_tokens: int | None = None) -> "Call":
        """A request with the model's own settings where none are given."""
        return Call(self._choice.reference, self._visit, self._choice.settings(temperature, max_tokens))

    async def chat(
        self,
        messages: Sequence[Mapping[str, Any]],
        *,
        schema: type[BaseModel] | None = None,
        temperature: float | None = None,
        max_tokens: int | None = None,
        stream: bool = True,
    ) -> Reply:
        """Send ``messages``. Raises NodeError, AnswerError where the answer does not fit ``schema``."""
        call = self.call(temperature, max_tokens)
        if schema is None:
            return reply_of(await call.text(sent(messages)), None, self.reference)
        return reply_of(*await call.structured(sent(messages), schema), self.reference)


class Call:
    """One request to a model."""

    def __init__(self, reference: str, visit: "Visit", settings: Mapping[str, Any]) -> None:
        self._reference = reference
        self._visit = visit
        self._settings = settings

    def chat_model(self) -> "BaseChatModel":
        """The LangChain model. Raises NodeError where it cannot be opened."""
        return self._visit.workspace.chat_model(self._reference, **self._settings)

    async def text(self, messages: Sequence[BaseMessage], *, tools: Sequence[Any] = ()) -> AIMessage:
        """The answer. Raises NodeError, LimitReached."""
        self._visit.ledger.check()
        model = self.chat_model()
        bound: Any = model.bind_tools(tools) if tools else model
        try:
            answer = await streamed(bound, messages, self._config, of=self._name)
        except NodeError:
            raise
        except Exception as error:
            raise _failure(self._name, error) from error
        self._count(answer)
        return answer

    async def structured(self, messages: Sequence[BaseMessage], schema: type[BaseModel]) -> tuple[AIMessage, BaseModel]:
        """The answer and the object in it. Raises AnswerError where it does not fit, NodeError, LimitReached."""
        self._visit.ledger.check()
        model = self.chat_model()
        try:
            return await fitting(model, messages, schema, self._config, of=self._name, spent=self._count)
        except NodeError:
            raise
        except Exception as error:
            raise _failure(self._name, error) from error

    @property
    def _name(self) -> str:
        return self._reference or "the model"

    @property
    def _config(self) -> Any:
        return {"metadata": dict(self._visit.place)}

    def _count(self, answer: AIMessage) -> None:
        usage = answer.usage_metadata
        if usage is not None:
            price = self._visit.workspace.price
            sent, written = usage["input_tokens"], usage["output_tokens"]
            self._visit.ledger.spend(sent + written, price(self._reference, sent, written) if price else 0.0)


def _failure(reference: str, error: Exception) -> NodeError:
    """A failure of the model in words; one that may pass is tried again."""
    status = getattr(error, "status_code", None)
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    passing = isinstance(status, int) and (status >= 500 or status in PASSING)
    return NodeError(
        f"The call of {reference} failed: {type(error).__name__}: {first_line(error)}",
        mend="Check the model's name, address and key.",
        retryable=passing or any(name in kinds for name in _PASSING),
    )
