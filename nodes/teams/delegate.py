"""An agent splits a task among agents of its own, which may do the same: a tree that grows as it is needed.

Use it for tasks made of independent parts whose number is not known beforehand. Each agent decides whether to
do its task or to hand parts of it to children; children work at the same time and know nothing of each
other. The tree has at most ``max_depth`` levels below the root and ``max_agents`` agents in all. Results go
up: each parent writes its result from its children's. Attached tools are used by the agents without children.

Source: Zhu et al. 2024, ReDel: A Toolkit for LLM-Powered Recursive Multi-Agent Systems
(https://arxiv.org/abs/2408.02248). We deviate: an agent delegates by a form before it works, not by a tool
while it works, and the tree grows level by level so that the budget is spent in the same order each time.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pydantic import BaseModel, Field

from nodes.answers import ask_for
from nodes.bounded import together
from nodes.contract import Attach, Config, Context, Inputs, NodeError, Outputs, Port, node
from nodes.teams.members import user
from nodes.templating import as_text
from nodes.views import search_view

SPLIT: Final = """Task:
{task}

Can you do this at once, or has it parts that do not depend on each other? List the parts, at most {most},
each as a full instruction that can be understood alone. An empty list means that you do it yourself."""
DO: Final = "{task}\n\nDo it now. Say the result only."
COMBINE: Final = """Task:
{task}

Results of its parts:
{results}

Write the result of the task from these."""


class DelegateConfig(Config):
    """How far the tree may grow."""

    max_depth: int = Field(
        default=2, ge=1, le=6, title="Depth", description="Levels below the first agent.",
        json_schema_extra={"unit": "levels"},
    )  # fmt: skip
    max_children: int = Field(
        default=3, ge=2, le=10, title="Parts", description="The most parts one agent may hand out.",
        json_schema_extra={"unit": "parts"},
    )  # fmt: skip
    max_agents: int = Field(
        default=10, ge=2, le=200, title="Agents", description="The most in the whole tree, the first included.",
        json_schema_extra={"unit": "agents"},
    )  # fmt: skip
    max_calls: int = Field(
        default=4, ge=1, le=50, title="Tool calls an agent", description="The most one agent may make.",
        json_schema_extra={"unit": "calls", "advanced": True},
    )  # fmt: skip


class Parts(BaseModel):
    """What an agent hands out."""

    parts: list[str] = Field(description="Independent parts as full instructions; empty: none")


@dataclass
class _Agent:
    id: str
    task: str
    parent: str | None = None
    children: list["_Agent"] = field(default_factory=list["_Agent"])
    result: str = ""


@node(
    kind="teams.delegate", family="teams", title="Delegate", summary="Split a task among agents, again and again",
    config=DelegateConfig,
    inputs=(Port("task", "any", "What is to be done."),),
    outputs=(
        Port("answer", "text", "The result of the whole task."),
        Port("agents", "list[record]", "The tree: id, parent, task, result, from the root on."),
    ),
    attaches=(Attach("model", "model"), Attach("tools", "tool", many=True), Attach("policies", "policy", many=True)),
    model_calls="1 to 2 x max_agents; with tools up to max_calls more for each agent", icon="git-fork",
    source="Zhu et al. 2024, ReDel, https://arxiv.org/abs/2408.02248",
)  # fmt: skip
async def delegate(inputs: Inputs, config: DelegateConfig, ctx: Context) -> Outputs:
    """Grow the tree level by level; do the leaves; combine upwards."""
    task = as_text(inputs["task"])
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in what is to be done.")
    tree = [[_Agent("1", task)]]
    while tree[-1] and len(tree) <= config.max_depth and _size(tree) < config.max_agents:
        tree.append(await _grown(tree, config, ctx))
        _show(tree, ctx)
    for level in reversed(tree):
        await together(lambda agent: _work(agent, tree, config, ctx), level)
    listed = [
        {"id": each.id, "parent": each.parent or "", "task": each.task, "result": each.result}
        for level in tree
        for each in level
    ]
    return {"answer": tree[0][0].result, "agents": listed}


async def _grown(tree: Sequence[list[_Agent]], config: DelegateConfig, ctx: Context) -> list[_Agent]:
    """The next level: what the agents of the last one hand out, in their order, as far as the budget goes."""
    level, left = tree[-1], config.max_agents - _size(tree)

    async def parts(agent: _Agent) -> list[str]:
        asked = user(SPLIT.format(task=agent.task, most=config.max_children))
        found = (await ask_for(ctx.model, [asked], Parts, temperature=0)).parts
        return [part.strip() for part in found if part.strip() and part.strip() != agent.task][: config.max_children]

    grown: list[_Agent] = []
    for agent, handed in zip(level, await together(parts, level), strict=True):
        if len(handed) < 2 or len(grown) + len(handed) > left:  # one part is the task itself in other words
            continue
        agent.children = [_Agent(f"{agent.id}.{n}", part, agent.id) for n, part in enumerate(handed, start=1)]
        grown += agent.children
    return grown


async def _work(agent: _Agent, tree: Sequence[list[_Agent]], config: DelegateConfig, ctx: Context) -> None:
    """Do the task, or put the children's results together."""
    if agent.children:
        results = "\n\n".join(f"{child.task}\n-> {child.result}" for child in agent.children)
        asked = [user(COMBINE.format(task=agent.task, results=results))]
        agent.result = (await ctx.model.chat(asked, stream=False)).text
    elif ctx.tools:
        asked = [user(DO.format(task=agent.task))]
        turn = await ctx.agent(asked, tools=ctx.tools, max_calls=config.max_calls, temperature=None)
        agent.result = turn.text or f"(no result after {turn.tool_calls} tool calls)"
    else:
        agent.result = (await ctx.model.chat([user(DO.format(task=agent.task))], stream=False)).text
    agent.result = agent.result.strip()
    ctx.progress(f"agent {agent.id} is done")
    _show(tree, ctx)


def _size(tree: Sequence[list[_Agent]]) -> int:
    return sum(len(level) for level in tree)


def _show(tree: Sequence[list[_Agent]], ctx: Context) -> None:
    nodes = [
        {
            "id": each.id, "parent": each.parent, "label": each.task[:120], "value": None,
            "status": "solution" if each.result else "expanded" if each.children else "open",
        }
        for level in tree
        for each in level
    ]  # fmt: skip
    ctx.show(search_view(nodes, summary=f"{len(nodes)} agents"))
