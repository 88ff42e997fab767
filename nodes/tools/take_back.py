"""Take back the last change of a kept tool, or the tool where it was new.

Use it behind "Score a workflow" in a loop that trains tools: where the score of the training tasks has fallen since
"Create a tool" changed one, the change is undone. A tool that replaced another becomes the other again; one that
was new is forgotten. Calls no model.

Source: Zhang et al. 2024, Training Language Model Agents without Modifying Language Models (AgentOptimizer,
https://arxiv.org/abs/2402.11359), its roll-back of updates that do harm.
"""

from nodes.contract import Attach, Config, Context, Inputs, NodeError, Port, Route, node
from nodes.tools.snippet_tool import EARLIER, kept_as


class TakeBackConfig(Config):
    """It has no settings."""


@node(
    kind="tools.take_back", family="tools", title="Take a tool back", summary="Undo the last change of a kept tool",
    config=TakeBackConfig,
    inputs=(Port("name", "text", "What the tool is called."),),
    outputs=(
        Port("code", "text", "Its function as it is now; empty where the tool is gone."),
        Port("left", "number", "How many earlier versions it still has."),
    ),
    outcomes=("restored", "removed", "unknown"), attaches=(Attach("memory", "memory", required=True),),
    side_effects=True, source="Zhang et al. 2024, AgentOptimizer, https://arxiv.org/abs/2402.11359", icon="undo-2",
)  # fmt: skip
async def take_back(inputs: Inputs, config: TakeBackConfig, ctx: Context) -> Route:
    """Find it; put the version before in its place, or forget it."""
    memory, name = ctx.memory, inputs["name"].strip()
    if memory is None:
        raise NodeError("There is no memory with tools", mend="Attach the space in which tools are kept.")
    now = await kept_as(name, memory)
    if now is None:
        ctx.progress(f"no tool {name!r} is kept in {memory.space!r}")
        return Route("unknown", {"code": "", "left": 0})
    earlier = list(now.data.get(EARLIER) or ())
    if not earlier:
        await memory.forget([now.id])
        ctx.progress(f"{name} is forgotten")
        return Route("removed", {"code": "", "left": 0})
    version = {**earlier.pop(), EARLIER: earlier}
    await memory.update(now.id, text=f"{name}: {version['description']}", data=version)
    ctx.progress(f"{name} is what it was before")
    return Route("restored", {"code": version["code"], "left": len(earlier)})
