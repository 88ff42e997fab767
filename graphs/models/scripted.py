"""The scripted model: a LangChain chat model that answers from a script.

It takes the path of every other model: it streams words, reports usage, takes tools, and answers to
a schema. Which node calls is read from the metadata of the RunnableConfig:
``{"nodeloom_run": id, "nodeloom_node": id, "nodeloom_visit": n, "nodeloom_item": n or absent}``.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.language_models.chat_models import agenerate_from_stream
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.output_parsers import JsonOutputParser, PydanticOutputParser
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable, RunnableConfig, RunnableMap, RunnablePassthrough, ensure_config
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import BaseModel, Field, InstanceOf

from graphs.models.script import Call, Player, Script, ScriptedReply
from nodes.contract import AnswerError, NodeError


class ScriptedChat(BaseChatModel):
    """Answers from ``player``'s script. Instances that share a player share what was given."""

    player: InstanceOf[Player]
    model: str = "script"
    max_tokens: int | None = Field(default=None, ge=1)
    """Accepted like every model's; a prepared answer is never cut."""
    pace: float = Field(default=1.0, ge=0)
    """Factor on the script's seconds; 0 answers at once."""

    @classmethod
    def of(cls, script: Script, *, pace: float = 0.0) -> "ScriptedChat":
        """A model with a player of its own."""
        return cls(player=Player(script), model=script.name, pace=pace)

    @property
    def _llm_type(self) -> str:
        return "nodeloom-scripted"

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> Any:
        return super()._get_ls_params(stop, **kwargs) | {"ls_provider": "scripted", "ls_model_name": self.model}

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[LanguageModelInput, AIMessage]:
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], tool_choice=tool_choice, **kwargs)

    def with_structured_output(
        self, schema: dict[str, Any] | type, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[LanguageModelInput, Any]:
        """As ChatOpenAI's ``json_schema`` method: the text of the answer is JSON of ``schema``."""
        named: dict[str, Any] = convert_to_openai_tool(schema)["function"]
        asked = self.bind(response_format={"type": "json_schema", "json_schema": {"schema": named}})
        parser: Runnable[Any, Any] = JsonOutputParser()
        if isinstance(schema, type) and issubclass(schema, BaseModel):
            parser = PydanticOutputParser[BaseModel](pydantic_object=schema)
        if not include_raw:
            return asked | parser
        parsed = RunnablePassthrough.assign(parsed=itemgetter("raw") | parser, parsing_error=lambda _: None)
        failed = RunnablePassthrough.assign(parsed=lambda _: None)
        return RunnableMap(raw=asked) | parsed.with_fallbacks([failed], exception_key="parsing_error")

    async def ainvoke(
        self, input: LanguageModelInput, config: RunnableConfig | None = None, **kwargs: Any
    ) -> AIMessage:
        """As the base's; hands the metadata on, which LangChain drops when somebody watches the tokens."""
        return await super().ainvoke(input, config, call_metadata=_metadata(config), **kwargs)

    async def astream(
        self,
        input: LanguageModelInput,
        config: RunnableConfig | None = None,
        *,
        stop: list[str] | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[AIMessageChunk]:
        """As the base's; hands the metadata on, which LangChain does not give to ``_astream``."""
        async for chunk in super().astream(input, config, stop=stop, call_metadata=_metadata(config), **kwargs):
            yield chunk

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        place, reply = self._next(messages, run_manager.metadata if run_manager else {})
        chunk = _closing(reply, place, messages)
        message = AIMessage(
            content=reply.content,
            tool_calls=chunk.tool_calls,
            usage_metadata=chunk.usage_metadata,
            response_metadata=chunk.response_metadata | {"model_name": self.model},
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await agenerate_from_stream(self._astream(messages, stop, run_manager, **kwargs))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        known = kwargs.get("call_metadata") or (run_manager.metadata if run_manager else {})
        place, reply = self._next(messages, known)
        words = re.findall(r"\s*\S+\s*$|\s*\S+", reply.content) or [reply.content]
        for word in words:
            await asyncio.sleep(self.pace * reply.seconds / len(words))
            chunk = ChatGenerationChunk(message=AIMessageChunk(content=word))
            if run_manager:
                await run_manager.on_llm_new_token(word, chunk=chunk)
            yield chunk
        closing = _closing(reply, place, messages)
        closing.response_metadata["model_name"] = self.model
        yield ChatGenerationChunk(message=closing)

    def _next(self, messages: list[BaseMessage], metadata: Mapping[str, Any]) -> tuple[int, ScriptedReply]:
        place, reply = self.player.next(_call(metadata, messages))
        if reply.error is not None and reply.error.unfit:
            raise AnswerError(reply.error.what, text=reply.content, mend=reply.error.mend)
        if reply.error is not None:
            raise NodeError(reply.error.what, mend=reply.error.mend, retryable=reply.error.retryable)
        return place, reply


def _metadata(config: RunnableConfig | None) -> dict[str, Any]:
    return dict(ensure_config(config).get("metadata", {}))


def _call(metadata: Mapping[str, Any], messages: Sequence[BaseMessage]) -> Call:
    return Call(
        run=str(metadata.get("nodeloom_run", "")),
        node=str(metadata.get("nodeloom_node", "")),
        visit=metadata.get("nodeloom_visit"),
        item=metadata.get("nodeloom_item"),
        question=messages[-1].text if messages else "",
        conversation=tuple(message.text for message in messages),
    )


def _closing(reply: ScriptedReply, place: int, messages: Sequence[BaseMessage]) -> AIMessageChunk:
    """The last chunk: tool calls, usage and finish reason."""
    sent = sum(len(message.text) for message in messages)
    read = reply.input_tokens if reply.input_tokens is not None else _estimate(sent)
    written = reply.output_tokens if reply.output_tokens is not None else _estimate(len(reply.content))
    calls = [
        tool_call_chunk(
            name=call.name, args=json.dumps(call.arguments), id=call.id or f"call_{place}_{index}", index=index
        )
        for index, call in enumerate(reply.tool_calls)
    ]
    return AIMessageChunk(
        content="",
        tool_call_chunks=calls,
        usage_metadata=UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written),
        response_metadata={"finish_reason": "tool_calls" if calls else reply.finish_reason},
        chunk_position="last",
    )


def _estimate(characters: int) -> int:
    return max(1, round(characters / 4))
