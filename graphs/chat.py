"""One model call: streamed, counted, priced and traced.

LangChain does the talking; every failure comes out as a NodeError in our words.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from langchain_core.messages import AIMessage, BaseMessage, message_to_dict, messages_from_dict
from pydantic import BaseModel

from graphs.active import ActiveRun
from graphs.events import OfVisit
from graphs.journal import Journal
from graphs.messages import plain, without_call_ids
from graphs.model_calls import ModelChoice, finish_reason, fitting, reply_of, sent, streamed
from graphs.models.errors import model_error
from graphs.models.prices import usd as list_price
from graphs.tracer import Span
from nodes.contract import AnswerError, NodeError, Reply

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

TOKEN_SECONDS: Final = 0.05
"""Tokens are told in batches of this length."""

Spend = Callable[[int, int, float], None]
T = TypeVar("T")


@dataclass(frozen=True)
class Caller:
    """Who calls: the visit of a node."""

    run: ActiveRun
    place: OfVisit
    parent: Span
    spend: Spend
    role: str = ""
    """Name of the role that calls; '' for the node itself."""
    journal: Journal | None = None
    """Where answers are kept for when the node starts again."""

    @property
    def marks(self) -> dict[str, Any]:
        """What the spans of its calls say about it."""
        return {"role": self.role} if self.role else {}


class TracedModel:
    """``nodes.contract.ChatModel`` over a LangChain chat model."""

    def __init__(self, choice: ModelChoice, caller: Caller) -> None:
        self._choice = choice
        self._caller = caller

    @property
    def reference(self) -> str:
        return self._choice.reference

    def call(self, temperature: float | None = None, max_tokens: int | None = None) -> "Call":
        """A request with the model's own settings where none are given."""
        return Call(self.reference, self._caller, self._choice.settings(temperature, max_tokens))

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
            return reply_of(await call.text(sent(messages), watch=stream), None, call.reference)
        return reply_of(*await call.structured(sent(messages), schema), call.reference)


class Call:
    """One request to a model inside a ``chat`` span."""

    def __init__(self, reference: str, caller: Caller, settings: Mapping[str, Any]) -> None:
        self.reference = reference
        self._caller = caller
        self._settings = {name: value for name, value in settings.items() if value is not None}

    async def chat_model(self) -> "BaseChatModel":
        """The model itself. Raises NodeError where the reference cannot be used."""
        return await self._caller.run.providers.chat_model(self.reference, self._settings)

    async def text(
        self,
        messages: Sequence[BaseMessage],
        *,
        watch: bool = True,
        tools: Sequence[Any] = (),
    ) -> AIMessage:
        """The answer, its tokens told while they come."""

        async def ask(model: "BaseChatModel", span: Span) -> AIMessage:
            bound = model.bind_tools(tools) if tools else model
            return await self._streamed(bound, messages, watch)

        named = {"tools": [tool.name for tool in tools]} if tools else {}
        return await self._once(messages, named, lambda: self._traced(messages, ask, named), message_to_dict, _message)

    async def structured(self, messages: Sequence[BaseMessage], schema: type[BaseModel]) -> tuple[AIMessage, BaseModel]:
        """The answer and the object in it. Raises AnswerError where it does not fit."""
        shape = {"schema": schema.model_json_schema()}

        def pack(given: tuple[AIMessage, BaseModel]) -> Any:
            return [message_to_dict(given[0]), given[1].model_dump(mode="json")]

        def unpack(kept: Any) -> tuple[AIMessage, BaseModel]:
            return _message(kept[0]), schema.model_validate(kept[1])

        return await self._once(messages, shape, lambda: self._fitting(messages, schema, shape), pack, unpack)

    async def _fitting(
        self, messages: Sequence[BaseMessage], schema: type[BaseModel], shape: Mapping[str, Any]
    ) -> tuple[AIMessage, BaseModel]:
        found: list[BaseModel] = []

        async def ask(model: "BaseChatModel", span: Span) -> AIMessage:
            answer, data = await fitting(
                model, messages, schema, self._config(), of=self.reference, spent=lambda each: self._spent(each, span)
            )
            found.append(data)
            return answer

        answer = await self._traced(messages, ask, shape, spends=True)
        return answer, found[0]

    async def _once(
        self,
        messages: Sequence[BaseMessage],
        shape: Mapping[str, Any],
        work: Callable[[], Awaitable[T]],
        pack: Callable[[T], Any],
        unpack: Callable[[Any], T],
    ) -> T:
        """What ``work`` gives; where the node has started again, what it gave the first time."""
        journal = self._caller.journal
        if journal is None:
            return await work()
        asked = [self.reference, self._settings, shape, self._caller.role, without_call_ids(plain(messages))]
        return await journal.answer(journal.turn("chat", asked), work, pack, unpack)

    async def _traced(
        self,
        messages: Sequence[BaseMessage],
        ask: "Callable[[BaseChatModel, Span], Awaitable[AIMessage]]",
        attributes: Mapping[str, Any],
        *,
        spends: bool = False,
    ) -> AIMessage:
        """Run ``ask`` in a span. Raises NodeError and LimitReached."""
        run = self._caller.run
        run.meter.check()
        provider, _, name = self.reference.partition(":")
        span = run.tracer.start(
            "chat", self.reference, self._caller.parent.id, **self._columns(),
            provider=provider, request_model=name, input=plain(messages),
            attributes={**self._settings, **attributes, **self._caller.marks},
        )  # fmt: skip
        try:
            model = await self.chat_model()
            answer = await ask(model, span)
        except NodeError as error:
            said = {"output": {"role": "assistant", "content": error.text}} if isinstance(error, AnswerError) else {}
            span.end("error", error={"what": error.what, "mend": error.mend, "type": type(error).__name__}, **said)
            raise
        except Exception as error:
            failure = model_error(self.reference, error, secrets=run.providers.secret_values())
            kind = type(error).__name__
            span.end("error", error={"what": failure.what, "mend": failure.mend, "type": kind})
            raise failure from error
        except BaseException:
            span.end("cancelled")
            raise
        if not spends:
            self._spent(answer, span)
        span.end("ok", output=plain([answer])[0])
        self._tell(span)
        return answer

    def _columns(self) -> dict[str, Any]:
        place = self._caller.place
        return {"node_id": place["node"], "visit": place["visit"], "item": place.get("item")}

    async def _streamed(self, model: Any, messages: Sequence[BaseMessage], watch: bool) -> AIMessage:
        tokens = TokenBatch(self._caller)
        answer = await streamed(model, messages, self._config(), of=self.reference, tell=tokens.add if watch else None)
        tokens.flush()
        return answer

    def _config(self) -> Any:
        place = self._caller.place
        metadata = {
            "nodeloom_run": self._caller.run.id,
            "nodeloom_node": place["node"],
            "nodeloom_visit": place["visit"],
        }
        return {"metadata": metadata | ({"nodeloom_item": place["item"]} if "item" in place else {})}

    def _spent(self, answer: AIMessage, span: Span) -> None:
        """Count and price what the model reports; without a report nothing can be counted."""
        usage = answer.usage_metadata
        sent, written = (usage["input_tokens"], usage["output_tokens"]) if usage else (0, 0)
        provider, _, name = self.reference.partition(":")
        price = list_price(provider, name, sent, written)
        span.note(
            input_tokens=sent, output_tokens=written, usd=price, finish_reason=finish_reason(answer),
            response_model=str(answer.response_metadata.get("model_name") or name),
        )  # fmt: skip
        if usage is None:
            span.row["attributes"] = {**span.row["attributes"], "usage": "not reported by the provider"}
        self._caller.spend(sent, written, price or 0.0)

    def _tell(self, span: Span) -> None:
        row = span.row
        self._caller.run.emit({
            "type": "model.finished", **self._caller.place, "model": self.reference,
            "input_tokens": row["input_tokens"], "output_tokens": row["output_tokens"], "usd": row["usd"] or 0.0,
            "seconds": round(span.seconds, 3),
        })  # fmt: skip
        self._caller.run.emit_spent()


class TokenBatch:
    """Tokens on their way to whoever watches, told every ``TOKEN_SECONDS``."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._text: list[str] = []
        self._last = 0.0

    def add(self, text: str) -> None:
        if not text:
            return
        self._text.append(text)
        if time.monotonic() - self._last >= TOKEN_SECONDS:
            self.flush()

    def flush(self) -> None:
        if self._text:
            self._caller.run.emit({"type": "node.token", **self._caller.place, "text": "".join(self._text)})
            self._text.clear()
            self._last = time.monotonic()


def _message(kept: dict[str, Any]) -> AIMessage:
    """What ``message_to_dict`` made of an answer."""
    return cast(AIMessage, messages_from_dict([kept])[0])
