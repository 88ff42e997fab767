"""A chat model as a mechanism sees it: LangChain does the talking, the ledger counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from langchain_core.exceptions import OutputParserException
from langchain_core.messages import AIMessage, BaseMessage, convert_to_messages
from pydantic import BaseModel, ValidationError

from graphs.messages import for_langchain
from nodes.contract import AnswerError, NodeError, Reply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from graphs.export.runtime.visit import Visit

PASSING: Final = (408, 409, 429)
"""HTTP statuses that may pass, besides those from 500."""
_PASSING: Final = ("Timeout", "Connect", "RemoteProtocol", "ReadError", "RateLimit", "InternalServer")
"""In the names of exceptions that may pass."""


@dataclass(frozen=True)
class Choice:
    """Which model, '' for the default one, and how it is asked where a mechanism does not say."""

    reference: str = ""
    temperature: float | None = None
    max_tokens: int | None = None


class Model:
    """``mechanisms.contract.ChatModel``."""

    def __init__(self, choice: Choice, visit: "Visit") -> None:
        self._choice = choice
        self._visit = visit

    @property
    def reference(self) -> str:
        """``provider:model``."""
        return self._choice.reference or str(self._visit.workspace.model)

    def call(self, temperature: float | None = None, max_tokens: int | None = None) -> "Call":
        """A request with the model's own settings where none are given."""
        choice = self._choice
        return Call(
            choice.reference, self._visit,
            {
                "temperature": choice.temperature if temperature is None else temperature,
                "max_tokens": choice.max_tokens if max_tokens is None else max_tokens,
            },
        )  # fmt: skip

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
        sent = convert_to_messages([for_langchain(message) for message in messages])
        call = self.call(temperature, max_tokens)
        if schema is None:
            return _reply(await call.text(sent), None, self.reference)
        answer, data = await call.structured(sent, schema)
        return _reply(answer, data, self.reference)


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
        total: Any = None
        try:
            async for chunk in bound.astream(list(messages), self._config):
                total = chunk if total is None else total + chunk
        except Exception as error:
            raise _failure(self._reference, error) from error
        if total is None:
            raise NodeError("The model gave no answer", mend="Try again.", retryable=True)
        self._count(total)
        return total

    async def structured(self, messages: Sequence[BaseMessage], schema: type[BaseModel]) -> tuple[AIMessage, BaseModel]:
        """The answer and the object in it. Raises AnswerError where it does not fit, NodeError, LimitReached."""
        self._visit.ledger.check()
        bound = self.chat_model().with_structured_output(schema, method="json_schema", include_raw=True)
        try:
            result: Any = await bound.ainvoke(list(messages), self._config)
        except (ValidationError, OutputParserException) as error:
            raise AnswerError(f"The answer does not fit: {_first_line(error)}") from error
        except Exception as error:
            raise _failure(self._reference, error) from error
        answer, data = result["raw"], result["parsed"]
        self._count(answer)
        if data is None:
            raise AnswerError(f"The answer does not fit: {_first_line(result['parsing_error'])}", text=str(answer.text))
        return answer, data if isinstance(data, schema) else schema.model_validate(data)

    @property
    def _config(self) -> Any:
        return {"metadata": dict(self._visit.place)}

    def _count(self, answer: AIMessage) -> None:
        usage = answer.usage_metadata
        if usage is not None:
            price = self._visit.workspace.price
            sent, written = usage["input_tokens"], usage["output_tokens"]
            self._visit.ledger.spend(sent + written, price(self._reference, sent, written) if price else 0.0)


def _reply(answer: AIMessage, data: BaseModel | None, reference: str) -> Reply:
    usage = answer.usage_metadata
    said = answer.response_metadata
    reason = said.get("finish_reason") or said.get("stop_reason") or said.get("done_reason") or "stop"
    return Reply(
        text=str(answer.text),
        data=data,
        input_tokens=usage["input_tokens"] if usage else 0,
        output_tokens=usage["output_tokens"] if usage else 0,
        model=reference,
        finish_reason=str(reason),
    )


def _failure(reference: str, error: Exception) -> NodeError:
    """A failure of the model in words; one that may pass is tried again."""
    if isinstance(error, NodeError):
        return error
    status = getattr(error, "status_code", None)
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__)
    passing = isinstance(status, int) and (status >= 500 or status in PASSING)
    return NodeError(
        f"The call of {reference or 'the model'} failed: {type(error).__name__}: {_first_line(error)}",
        mend="Check the model's name, address and key.",
        retryable=passing or any(name in kinds for name in _PASSING),
    )


def _first_line(error: Any) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
