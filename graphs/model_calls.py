"""Requests to a LangChain chat model, and what they answer; shared by the engine and exported programs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from langchain_core.exceptions import OutputParserException
from langchain_core.messages import AIMessage, BaseMessage, convert_to_messages
from langchain_core.messages.ai import UsageMetadata
from pydantic import BaseModel, ValidationError

from graphs.messages import for_langchain
from nodes.contract import AnswerError, NodeError, Reply

_CUT: Final = "LengthFinishReasonError"
"""How OpenAI's client calls an answer by schema that reached its limit of tokens: it raises it."""
_SAID: Final = 400
"""Characters of such an answer that are kept: a small model that has begun to repeat itself reads on from them."""
Schema = TypeVar("Schema", bound=BaseModel)


@dataclass(frozen=True)
class ModelChoice:
    """Which model, '' for the default one where there is such, and how it is asked where a node does not say."""

    reference: str = ""
    temperature: float | None = None
    max_tokens: int | None = None

    def settings(self, temperature: float | None, max_tokens: int | None) -> dict[str, Any]:
        """Those given, else its own; None where neither says."""
        return {
            "temperature": self.temperature if temperature is None else temperature,
            "max_tokens": self.max_tokens if max_tokens is None else max_tokens,
        }  # fmt: skip


def sent(messages: Sequence[Mapping[str, Any]]) -> list[BaseMessage]:
    """Our messages as LangChain takes them."""
    return convert_to_messages([for_langchain(message) for message in messages])


async def streamed(
    model: Any, messages: Sequence[BaseMessage], config: Any, *, of: str, tell: Callable[[str], None] | None = None
) -> AIMessage:
    """The answer of the model ``of`` that name, its pieces told while they come. Raises what the model raises."""
    total: Any = None
    async for chunk in model.astream(list(messages), config):
        total = chunk if total is None else total + chunk
        if tell is not None:
            tell(str(chunk.text))
    if total is None:
        raise NodeError(f"{of} gave no answer", mend="Try again.", retryable=True)
    return total


async def fitting(
    model: Any,
    messages: Sequence[BaseMessage],
    schema: type[Schema],
    config: Any,
    *,
    of: str,
    spent: Callable[[AIMessage], None],
) -> tuple[AIMessage, Schema]:
    """The answer and the object in it; ``spent`` is told of an answer that does not fit, too.

    Raises AnswerError where it does not fit, and what the model raises.
    """
    bound = model.with_structured_output(schema, method="json_schema", include_raw=True)
    try:
        result: Any = await bound.ainvoke(list(messages), config)
    except (ValidationError, OutputParserException) as error:
        raise AnswerError(f"The answer of {of} does not fit: {first_line(error)}") from error
    except Exception as error:
        if type(error).__name__ != _CUT:
            raise
        cut = _cut_answer(error)
        spent(cut)
        raise AnswerError(
            f"The answer of {of} did not come to an end within the tokens it may have; be brief",
            text=str(cut.text)[:_SAID],
            mend="Ask for something simpler, let the node write more tokens, or use a stronger model.",
        ) from error
    answer, parsed = result["raw"], result["parsed"]
    spent(answer)
    if parsed is None:
        problem = first_line(result["parsing_error"])
        raise AnswerError(f"The answer of {of} does not fit: {problem}", text=str(answer.text))
    return answer, parsed if isinstance(parsed, schema) else schema.model_validate(parsed)


def _cut_answer(error: Any) -> AIMessage:
    """What was said and what it cost, out of the error of OpenAI's client."""
    completion = error.completion
    said = completion.choices[0].message.content if completion.choices else ""
    usage = completion.usage
    counted = usage and UsageMetadata(
        input_tokens=usage.prompt_tokens, output_tokens=usage.completion_tokens, total_tokens=usage.total_tokens
    )
    return AIMessage(said or "", usage_metadata=counted)


def reply_of(answer: AIMessage, data: BaseModel | None, reference: str) -> Reply:
    """The answer as a node is given it; without a report of the model, no tokens are counted."""
    usage = answer.usage_metadata
    return Reply(
        text=str(answer.text),
        data=data,
        input_tokens=usage["input_tokens"] if usage else 0,
        output_tokens=usage["output_tokens"] if usage else 0,
        model=reference,
        finish_reason=finish_reason(answer),
    )


def finish_reason(answer: AIMessage) -> str:
    """Why the model stopped, whatever its provider calls the field."""
    metadata = answer.response_metadata
    return str(metadata.get("finish_reason") or metadata.get("stop_reason") or metadata.get("done_reason") or "stop")


def first_line(error: Any) -> str:
    """The first line of an error, 200 characters of it; its type where it says nothing."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
