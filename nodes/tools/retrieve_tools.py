"""An agent that is handed only the tools that fit its task.

Use it in place of "Agent" when many tools are attached: small models choose badly among many, and every tool
costs tokens in every call. The tools are ranked by the words they share with the task, rare words counting
more; then, where more than one is left, the model names those it needs. Tools kept in an attached memory space
are candidates too, found by meaning.

Source: Erdogan et al. 2024, TinyAgent: Function Calling at the Edge (https://arxiv.org/abs/2409.00608), its
Tool RAG. We deviate: the paper trains a classifier for its 16 tools; here word overlap (weighted as in Sparck
Jones 1972, inverse document frequency) and the model's own choice do it for any tools.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from types import GenericAlias
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, create_model

from nodes.answers import ask_for
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, Tool, Weights, node
from nodes.templating import Template, render
from nodes.tools.agent import SYSTEM
from nodes.tools.prompt import messages_of
from nodes.tools.snippet_tool import TOOL, tool_of
from nodes.views import table_view

CHOOSE: Final = """Task:
{task}

Tools:
{tools}

Which of these tools are needed for the task? Name as few as possible, or none where it needs no tool."""
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_ENDINGS: Final = re.compile(r"(?:ations?|ators?|ates?|ings?|ies|es|ed|s|y|e)$")


class RetrieveToolsConfig(Config):
    """The task, and how tools are chosen."""

    prompt: Template = Field(
        default="{{task}}", title="Task", description="What the agent shall do; {{name}} makes an input.",
        max_length=100_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    top_k: int = Field(
        default=4, ge=1, le=30, title="Tools", description="The most the agent is handed.",
        json_schema_extra={"unit": "tools"},
    )  # fmt: skip
    choose: Literal["words", "words_then_model"] = Field(
        default="words_then_model", title="Choice",
        description="words: the best by shared words; words_then_model: of those, the ones the model names.",
    )  # fmt: skip
    max_calls: int = Field(
        default=8, ge=1, le=100, title="Tool calls", description="The most it may make in one visit.",
        json_schema_extra={"unit": "calls"},
    )  # fmt: skip
    system: Template = Field(
        default=SYSTEM, title="System", description="Who the agent is and how it works.",
        max_length=20_000, json_schema_extra={"widget": "prompt", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="tools.retrieve_tools", family="tools", title="Agent with fitting tools",
    summary="Hand an agent only the tools its task needs", config=RetrieveToolsConfig,
    outputs=(
        Port("answer", "text", "What the agent answered."),
        Port("tools", "list[text]", "The tools it was handed."),
        Port("messages", "messages", "Everything that was said, tool calls included."),
    ),
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("memory", "memory"),
        Attach("policies", "policy", many=True),
    ),
    template_fields=("prompt", "system"), model_calls="2 to max_calls + 2", icon="list-filter",
    source="Erdogan et al. 2024, TinyAgent, https://arxiv.org/abs/2409.00608",
)  # fmt: skip
async def retrieve_tools(inputs: Inputs, config: RetrieveToolsConfig, ctx: Context) -> Outputs:
    """Rank by words, let the model name those it needs, let the agent work with them."""
    task = render(config.prompt, inputs)
    if not task.strip():
        raise NodeError("The task is empty once its values are written in", mend="Write a task, or wire its inputs.")
    known = [*ctx.tools, *await _kept(task, config.top_k, ctx)]
    ranked = rank(task, known)
    chosen = [tool for _, tool in ranked[: config.top_k]]
    if config.choose == "words_then_model" and len(chosen) > 1:
        chosen = await _named(task, chosen, ctx)
    names = {tool.name for tool in chosen}
    ctx.progress(f"{len(chosen)} of {len(known)} tools: {', '.join(sorted(names)) or 'none'}")
    rows = [[tool.name, round(score, 2), tool.name in names] for score, tool in ranked]
    ctx.show(table_view(("tool", "shared words", "handed on"), rows, title="Tools for the task"))
    messages = messages_of(render(config.system, inputs), task)
    turn = await ctx.agent(messages, tools=chosen, max_calls=config.max_calls, temperature=config.temperature)
    if not turn.text.strip():
        raise NodeError(
            f"The agent gave no answer after {turn.tool_calls} tool calls with {', '.join(sorted(names)) or 'no tool'}",
            mend="Raise 'Tools' or 'Tool calls', or use a stronger model.",
        )
    return {"answer": turn.text, "tools": [tool.name for tool in chosen], "messages": turn.messages}


async def _kept(task: str, top_k: int, ctx: Context) -> list[Tool]:
    """Approved tools of the attached memory that fit the task, but none of a name that is attached."""
    if ctx.memory is None:
        return []
    hits = await ctx.memory.search(
        task, top_k=top_k, weights=Weights(0.8, 0.0, 0.0, 0.2), half_life_days=365, kinds=(TOOL,), only_trusted=True
    )
    names = {tool.name for tool in ctx.tools}
    return [tool for hit in hits if (tool := tool_of(hit)) is not None and tool.name not in names]


def rank(task: str, tools: Sequence[Tool]) -> list[tuple[float, Tool]]:
    """``(score, tool)``, the best first: the weights of the words a tool shares with the task.

    A word that few tools have weighs more (log of tools / tools with it, plus 1); one in the name counts double.
    Ties keep the order in which the tools were attached.
    """
    asked = set(_words(task))
    texts = [(set(_words(tool.name)), set(_words(f"{tool.name} {tool.description}"))) for tool in tools]
    spread = Counter(word for _, words in texts for word in words)
    weight = {word: 1 + math.log(len(tools) / count) for word, count in spread.items()}
    scores = [
        sum(weight[word] * (2 if word in name else 1) for word in sorted(asked & words)) for name, words in texts
    ]  # fmt: skip
    return sorted(zip(scores, tools, strict=True), key=lambda pair: -pair[0])


def _words(text: str) -> list[str]:
    """Words without their endings, so that "calculator" and "calculate" are one."""
    return [_ENDINGS.sub("", word) or word for word in _WORD.findall(text.lower().replace("_", " "))]


async def _named(task: str, tools: Sequence[Tool], ctx: Context) -> list[Tool]:
    lines = "\n".join(f"- {tool.name}: {' '.join(tool.description.split())[:200]}" for tool in tools)
    prompt = CHOOSE.format(task=task, tools=lines)
    answer: Any = await ask_for(ctx.model, [{"role": "user", "content": prompt}], _schema(tools), temperature=0)
    return [tool for tool in tools if tool.name in answer.tools]


def _schema(tools: Sequence[Tool]) -> type[BaseModel]:
    names: Any = Literal[tuple(tool.name for tool in tools)]  # type: ignore[valid-type]
    entry: Any = (GenericAlias(list, (names,)), Field(description="names of the tools that are needed"))
    return create_model("Choice", tools=entry)
