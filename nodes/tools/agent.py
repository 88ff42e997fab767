"""An agent: a model that works on a task with tools until it has the answer.

Use it when it cannot be known beforehand which tools are needed, or how often. It calls the attached
tools in a loop until it answers, has made ``max_calls`` calls, or repeats itself. With a memory attached,
it is searched with the task first, and what was found stands before the task; what the agent learns is
only kept where a Remember node follows.

Source: Yao et al. 2023, ReAct (https://arxiv.org/abs/2210.03629). The loop is LangChain's; we end it
on a call repeated word for word, since small models otherwise repeat it for ever.
"""

from typing import Any, Final

from pydantic import Field, model_validator

from nodes.answers import AnswerField, AnswerType, answer_schema, ask_for, value_of
from nodes.contract import AgentTurn, Attach, Config, Context, Inputs, NodeError, Outputs, Port, Weights, node
from nodes.templating import Template, as_text, render
from nodes.tools.prompt import check_record, messages_of

SYSTEM: Final = "You solve tasks. Use a tool when it helps, and only then. When you have the answer, say it plainly."
REMEMBERED: Final = "What you remember from earlier:\n{hits}\n\n{task}"
EXTRACT: Final = "Task:\n{task}\n\nWhat was found out:\n{text}\n\nGive the answer in the form that is asked for."


class AgentConfig(Config):
    """The task, the limit on calls, and the shape of the answer."""

    prompt: Template = Field(
        default="{{task}}", title="Task", description="What the agent shall do; {{name}} makes an input.",
        max_length=100_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    system: Template = Field(
        default=SYSTEM, title="System", description="Who the agent is and how it works.",
        max_length=20_000, json_schema_extra={"widget": "prompt"},
    )  # fmt: skip
    max_calls: int = Field(
        default=8, ge=1, le=100, title="Tool calls", description="The most it may make in one visit.",
        json_schema_extra={"unit": "calls"},
    )  # fmt: skip
    answer_type: AnswerType = Field(
        default="text",
        title="Answer type",
        description="text: as it is; any other costs one more call that extracts it.",
    )
    answer_fields: tuple[AnswerField, ...] = Field(
        default=(), title="Answer entries", description="For an answer of type record: its entries.", max_length=20
    )
    recall: int = Field(
        default=4, ge=0, le=20, title="Memories",
        description="How many it is reminded of when a memory is attached; 0: none.",
        json_schema_extra={"unit": "records", "advanced": True},
    )  # fmt: skip
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip

    @model_validator(mode="after")
    def _record_has_entries(self) -> "AgentConfig":
        check_record(self.answer_type, self.answer_fields)
        return self


@node(
    kind="agent", family="tools", title="Agent", summary="A model works with tools until it has the answer",
    config=AgentConfig,
    outputs=(
        Port("answer", "any", "What the agent answered, in the chosen type."),
        Port("messages", "messages", "Everything that was said, tool calls included."),
    ),
    typed_by={"answer": "answer_type"},
    attaches=(
        Attach("model", "model"), Attach("tools", "tool", many=True), Attach("memory", "memory"),
        Attach("policies", "policy", many=True),
    ),
    template_fields=("prompt", "system"), model_calls="1 to max_calls + 2", icon="robot",
    source="Yao et al. 2023, ReAct, https://arxiv.org/abs/2210.03629",
)  # fmt: skip
async def agent(inputs: Inputs, config: AgentConfig, ctx: Context) -> Outputs:
    """Remind, work, extract."""
    task = render(config.prompt, inputs)
    if not task.strip():
        raise NodeError("The task is empty once its values are written in", mend="Write a task, or wire its inputs.")
    messages = messages_of(render(config.system, inputs), await _reminded(task, config, ctx))
    turn = await ctx.agent(messages, tools=ctx.tools, max_calls=config.max_calls, temperature=config.temperature)
    _check(turn, config, ctx)
    return {"answer": await _typed(task, turn.text, config, ctx), "messages": turn.messages}


async def _reminded(task: str, config: AgentConfig, ctx: Context) -> str:
    if ctx.memory is None or config.recall == 0:
        return task
    hits = await ctx.memory.search(task, top_k=config.recall, weights=Weights(), half_life_days=30)
    if not hits:
        return task
    return REMEMBERED.format(hits=as_text([{"text": hit.text} for hit in hits]), task=task)


def _check(turn: AgentTurn, config: AgentConfig, ctx: Context) -> None:
    """An agent that stopped early is told of; one that has nothing to say has failed."""
    why = {
        "calls": f"after {config.max_calls} tool calls",
        "repeat": "repeating the same call",
        "answer": "without a word",
    }
    if not turn.text.strip():
        raise NodeError(
            f"The agent stopped {why[turn.stopped]} and gave no answer",
            mend="Raise 'Tool calls', make the task smaller, or use a stronger model.",
        )
    if turn.stopped != "answer":
        ctx.progress(f"stopped {why[turn.stopped]}; the answer is what it had by then")


async def _typed(task: str, text: str, config: AgentConfig, ctx: Context) -> Any:
    schema = answer_schema(config.answer_type, config.answer_fields)
    if schema is None:
        return text
    messages = [{"role": "user", "content": EXTRACT.format(task=task, text=text)}]
    return value_of(await ask_for(ctx.model, messages, schema, temperature=0))
