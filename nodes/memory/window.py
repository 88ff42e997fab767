"""Keep the last turns of a conversation, by number and by tokens.

Use it before a prompt or an agent that is given a growing conversation. System turns stay; of the others the
newest stay that fit, the very last one in any case. A tool's result is never kept without the call it
answers. What falls out goes to ``dropped``: wire it into "Running summary" so that it is not lost.
Calls no model.

Source: Nodeloom; the usual first-in-first-out window, as in the message queue of Packer et al. 2023, MemGPT
(https://arxiv.org/abs/2310.08560). Tokens are counted as 4 characters each, for models count differently.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import Field

from nodes.contract import Config, Context, Inputs, Outputs, Port, node
from nodes.templating import as_text

CHARACTERS: Final = 4  # of a token, on average for English


class WindowConfig(Config):
    """How much stays."""

    max_messages: int = Field(
        default=20, ge=1, le=1_000, title="Turns", description="The most turns that stay, system turns not counted.",
        json_schema_extra={"unit": "turns"},
    )  # fmt: skip
    max_tokens: int = Field(
        default=2_000, ge=16, le=1_000_000, title="Tokens", description="The most tokens that stay, about.",
        json_schema_extra={"unit": "tok"},
    )  # fmt: skip


@node(
    kind="memory.window", family="memory", title="Conversation window", summary="Keep the last turns of a conversation",
    config=WindowConfig,
    inputs=(Port("messages", "messages", "The conversation, oldest turn first."),),
    outputs=(
        Port("messages", "messages", "System turns, then the newest turns that fit."),
        Port("dropped", "messages", "The turns that fell out, oldest first."),
        Port("text", "text", "What stays, as text."),
    ),
    source="Packer et al. 2023, MemGPT, https://arxiv.org/abs/2310.08560", icon="panel-bottom",
)  # fmt: skip
async def window(inputs: Inputs, config: WindowConfig, ctx: Context) -> Outputs:
    """From the newest back, as long as both limits hold."""
    system = [turn for turn in inputs["messages"] if turn["role"] == "system"]
    turns = [turn for turn in inputs["messages"] if turn["role"] != "system"]
    budget = config.max_tokens - sum(tokens(turn) for turn in system)
    start = _whole(turns, _start(turns, config.max_messages, budget))
    kept = [*system, *turns[start:]]
    ctx.progress(f"{len(turns) - start} of {len(turns)} turns stay, about {sum(map(tokens, kept))} tokens")
    return {"messages": kept, "dropped": turns[:start], "text": as_text(kept)}


def tokens(turn: Mapping[str, Any]) -> int:
    """About how many tokens a turn has, its tool calls included; at least 1."""
    text = as_text(turn.get("content")) + (as_text(turn["tool_calls"]) if turn.get("tool_calls") else "")
    return 1 + len(text) // CHARACTERS


def _start(turns: Sequence[Mapping[str, Any]], most: int, budget: int) -> int:
    """Index of the oldest turn that stays; the last one always does."""
    start = len(turns)
    while start > 0 and len(turns) - start < most:
        budget -= tokens(turns[start - 1])
        if budget < 0 and start < len(turns):
            break
        start -= 1
    return start


def _whole(turns: Sequence[Mapping[str, Any]], start: int) -> int:
    """Past results whose call has fallen out; a conversation that ends so keeps its last call with them."""
    at = start
    while at < len(turns) and turns[at]["role"] == "tool":
        at += 1
    if at < len(turns):
        return at
    while start > 0 and start < len(turns) and turns[start]["role"] == "tool":
        start -= 1
    return start
