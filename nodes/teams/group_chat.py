"""A team talks about a task until somebody says it is done.

Use it where views should meet: a writer, a critic and an expert on one text. All see the whole conversation.
Who speaks next is decided by turns, by the model that reads the conversation and the skills of each member (its
persona where none are named), or by the speaker, who may hand over with a last line ``NEXT: name``. The chat ends
when a member writes the end word on a line of its own, or after ``max_turns``; then the model draws the answer
from what was said.

Source: Wu et al. 2023, AutoGen: Enabling Next-Gen LLM Applications via Multi-Agent Conversation
(https://arxiv.org/abs/2308.08155), group chat with a manager; the hand-over is that of OpenAI 2024, Swarm
(https://github.com/openai/swarm), written as a line instead of a tool call for small models.
"""

import re
from collections.abc import Sequence
from typing import Any, Final, Literal

from pydantic import Field

from nodes.answers import ask_for
from nodes.contract import Config, Context, Inputs, NodeError, Outputs, Port, Role, node
from nodes.teams.choices import member_schema
from nodes.teams.members import (
    MEMBERS,
    TEAM,
    WITH_TOOLS,
    MemberSpec,
    ask,
    members_of,
    profiles,
    roster,
    transcript,
    user,
)
from nodes.templating import as_text
from nodes.views import chat_view

TURN: Final = """You are {name}, one of these:
{roster}

Task:
{task}

Conversation so far:
{said}

Say your part as {name}, in a few sentences. Add something new, or correct what is wrong.{handover}
When the task is fully solved, give the solution and then the word {end} on a line of its own."""
HAND_OVER: Final = "\nEnd with a line NEXT: and the name of who should speak next."
CHOOSE: Final = """These people work on a task:
{roster}

Task:
{task}

Conversation so far:
{said}

Who should speak next?"""
CONCLUDE: Final = """Task:
{task}

Conversation:
{said}

Write the answer to the task from this conversation: the answer itself, nothing about the conversation."""
Said = dict[str, Any]
NEXT: Final = re.compile(r"^\W*NEXT\W*:\W*(.+?)\W*$", re.IGNORECASE | re.MULTILINE)


class GroupChatConfig(Config):
    """Who talks, in which order, for how long."""

    members: tuple[MemberSpec, ...] = Field(
        default=(
            MemberSpec(name="Maker", persona="You make concrete proposals and write them out.", skills="solutions"),
            MemberSpec(name="Critic", persona="You check what others say and name what is wrong.", skills="mistakes"),
        ),
        title="Members", description="The team where no role is attached.", max_length=12,
    )  # fmt: skip
    order: Literal["round_robin", "model", "handover"] = Field(
        default="round_robin", title="Who is next",
        description="round_robin: in turn; model: the node's model chooses; handover: the speaker names the next.",
    )  # fmt: skip
    max_turns: int = Field(
        default=6, ge=1, le=60, title="Turns", description="The most there are.", json_schema_extra={"unit": "turns"}
    )
    end_word: str = Field(
        default="DONE", title="End word", description="A line with it ends the chat.", pattern=r"^\S{2,40}$"
    )
    temperature: float | None = Field(
        default=None, ge=0, le=2, title="Temperature", description="0: the same each time; empty: the model's own.",
        json_schema_extra={"advanced": True},
    )  # fmt: skip


@node(
    kind="teams.group_chat", family="teams", title="Group chat", summary="A team talks until the task is done",
    config=GroupChatConfig,
    inputs=(Port("task", "any", "What the team talks about."), MEMBERS),
    outputs=(
        Port("answer", "text", "What came of it."),
        Port("conversation", "list[record]", "Each turn: speaker, text."),
        Port("ended", "boolean", "Whether a member ended it; else the turns were over."),
    ),
    attaches=TEAM, icon="messages-square", source="Wu et al. 2023, AutoGen, https://arxiv.org/abs/2308.08155",
    model_calls=f"1 for each turn + 1, up to max_turns + 1; 2 for each where the model chooses{WITH_TOOLS}",
)  # fmt: skip
async def group_chat(inputs: Inputs, config: GroupChatConfig, ctx: Context) -> Outputs:
    """Speaker after speaker until the end word or the last turn; then the answer."""
    task = as_text(inputs["task"])
    if not task.strip():
        raise NodeError("The task is empty", mend="Wire in what the team shall talk about.")
    members, said, ended = members_of(ctx, config.members, inputs.get("members")), list[Said](), False
    while len(said) < config.max_turns and not ended:
        speaker = await _next(members, task, said, config, ctx)
        ctx.progress(f"turn {len(said) + 1} of {config.max_turns}: {speaker.name}")
        text, ended = _without_end(await _speak(speaker, members, task, said, config, ctx), config.end_word)
        said.append({"speaker": speaker.name, "text": text})
        ctx.show(chat_view(said))
    prompt = CONCLUDE.format(task=task, said=transcript(said))
    answer = await ctx.model.chat([user(prompt)], temperature=config.temperature)
    return {"answer": answer.text.strip(), "conversation": said, "ended": ended}


async def _speak(
    speaker: Role,
    members: Sequence[Role],
    task: str,
    said: Sequence[Said],
    config: GroupChatConfig,
    ctx: Context,
) -> str:
    prompt = TURN.format(
        name=speaker.name, roster=roster(members), task=task, said=transcript(said), end=config.end_word,
        handover=HAND_OVER if config.order == "handover" else "",
    )  # fmt: skip
    return await ask(ctx, speaker, user(prompt), temperature=config.temperature)


async def _next(
    members: Sequence[Role], task: str, said: Sequence[Said], config: GroupChatConfig, ctx: Context
) -> Role:
    """The next speaker by the chosen order; where nobody valid is named, the next in turn."""
    by_name = {member.name: member for member in members}
    last = list(by_name).index(said[-1]["speaker"]) if said else -1
    in_turn = members[(last + 1) % len(members)]
    if config.order == "model" and len(members) > 1:
        asked = user(CHOOSE.format(roster=profiles(members), task=task, said=transcript(said)))
        schema = member_schema(tuple(by_name), "Name of who speaks next")
        chosen: Any = await ask_for(ctx.model, [asked], schema, temperature=0)
        return by_name[chosen.member]
    if config.order == "handover" and said:
        named = NEXT.findall(said[-1]["text"])
        lowered = {name.casefold(): member for name, member in by_name.items()}
        return lowered.get(named[-1].casefold(), in_turn) if named else in_turn
    return in_turn


def _without_end(text: str, word: str) -> tuple[str, bool]:
    """The text without the end word, and whether it stood on a line of its own (marks around it aside)."""
    lines = text.splitlines()
    kept = [line for line in lines if line.strip(" \t*_.!`#\"'") != word]
    return "\n".join(kept).strip(), len(kept) < len(lines)
